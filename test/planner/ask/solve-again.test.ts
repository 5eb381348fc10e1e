import { expect, it } from "vitest";
import { sharesOf } from "../../../src/planner/ask/solve-again.js";

it("gives each question an even share of the time that those before it left", () => {
  let nowMs = 1_000;
  const next = sharesOf({ now: () => 0, clock: () => nowMs, fixedNow: true, timeLimitMs: 90 }, 3);
  expect(next().timeLimitMs).toBe(30);
  nowMs += 10;
  expect(next().timeLimitMs).toBe(40);
  nowMs += 200;
  expect(next().timeLimitMs).toBe(1);
});
