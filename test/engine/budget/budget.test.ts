import { expect, it } from "vitest";
import { Budget } from "../../../src/engine/budget/budget.js";

const clock = { clock: (): number => 0, startMs: 0 };

it.each([
  // Ordinary machines make 750 moves in a millisecond: 2,000,000 are 2.7 s.
  ["of no limit of work", null, 10_000, 2_500],
  ["of a limit of work that takes most of it", 6_000_000, 10_000, 2_500],
  ["of a limit of work that ends long before", 1_500_000, 10_000, 10_000],
  ["of a limit of work that ends long before, of a long time", 2_000_000, 600_000, 600_000],
])("keeps time for later %s", (_, workLimit, timeLimitMs, leftMs) => {
  const budget = new Budget({ workLimit, timeLimitMs }, clock);
  const moves = budget.movesLeft();
  const giveFree = budget.holdBack({ moves: 0.5, time: 0.75 });
  expect([budget.movesLeft(), budget.remainingMs()]).toEqual([moves / 2, leftMs]);
  giveFree();
  expect([budget.movesLeft(), budget.remainingMs()]).toEqual([moves, timeLimitMs]);
});
