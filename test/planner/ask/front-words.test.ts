import { expect, it } from "vitest";
import { frontWords } from "../../../src/planner/ask/front-words.js";

const ask = { points: 9, timeLimitMs: 1500 };

it("says how many points there are of how many that were asked for, and what is known of others", () => {
  expect(frontWords(4, true, ask)).toBe("4 points; proven that there are no others.");
  expect(frontWords(9, false, ask)).toBe("9 points; there may be others between them.");
  expect(frontWords(1, true, ask)).toMatch(/^1 point; proven that this plan is best/);
  expect(frontWords(5, false, ask)).toMatch(/^5 points, where up to 9 were looked for: in 1\.5 s for each solve/);
  expect(frontWords(0, false, ask)).toMatch(/^No points: /);
});
