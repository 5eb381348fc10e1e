import type { Goal, Instance } from "../../../models/index.js";
import type { GoalKey } from "../../domain/index.js";

/** Goals that count the busiest slot: without an order of tasks a limit on them is a limit on loads. */
const BOTTLENECKS: ReadonlySet<GoalKey> = new Set(["throughput", "balance"]);

/** Of two goals the one that a limit holds best comes first: plans are proven best on sums under limits on loads, and seldom the other way round. */
export function inOrderOfSolving(keys: readonly GoalKey[], { timing }: Instance): readonly GoalKey[] {
  const [first, second] = keys;
  const isTurned = keys.length === 2 && timing === null && BOTTLENECKS.has(second!) && !BOTTLENECKS.has(first!);
  return isTurned ? [second!, first!] : keys;
}

/** What a plan must be better by to be between two others, relative: more than the tolerance of a row that holds a goal. */
export const STEP = 1e-5;

/** Turns a value so that less is better, and back. */
export function sign({ sense }: Goal): 1 | -1 {
  return sense === "max" ? -1 : 1;
}

export function stepOf(low: number, high: number): number {
  return STEP * Math.max(high - low, Math.abs(low), Math.abs(high));
}
