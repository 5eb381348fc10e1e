import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/exact/registry.js";
import { checkAgainstBruteForce } from "../../support/check-against-brute-force.js";

afterAll(closeSolvers);

it(
  "gives the best second goal among the plans that keep the others, where it says so",
  { timeout: 120_000 },
  async () => {
    const mistakes: string[] = [];
    let numSecond = 0;
    for (let seed = 1001; seed <= 1060; seed++) {
      const check = await checkAgainstBruteForce(seed, ["glpk"], { withSecond: true });
      numSecond += check.numSecond;
      mistakes.push(...check.mistakes);
    }
    expect(mistakes).toEqual([]);
    expect(numSecond).toBeGreaterThan(200);
  },
);
