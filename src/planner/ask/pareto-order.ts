import type { Goal, Instance } from "../../../models/index.js";
import { meets } from "../../engine/index.js";
import type { GoalKey } from "../../domain/index.js";

/** Goals that count the busiest slot: without an order of tasks a limit on them is a limit on loads. */
const BOTTLENECKS: ReadonlySet<GoalKey> = new Set(["throughput", "balance"]);

/** Of two goals the one that a limit holds best comes first: plans are proven best on sums under limits on loads, and seldom the other way round. */
export function inOrderOfSolving(keys: readonly GoalKey[], { timing }: Instance): readonly GoalKey[] {
  const [first, second] = keys;
  const isTurned = keys.length === 2 && timing === null && BOTTLENECKS.has(second!) && !BOTTLENECKS.has(first!);
  return isTurned ? [second!, first!] : keys;
}

interface Measured {
  /** One of each goal. */
  readonly values: readonly number[];
}

/** Whether two plans are as good on every goal. */
export function isSame(a: Measured, b: Measured): boolean {
  return a.values.every((value, k) => meets(value, b.values[k]!));
}

/** Whether a plan is as good as another on every goal and better on one, by its values. */
export function dominates(goals: readonly Goal[], values: readonly number[], others: readonly number[]): boolean {
  const better = goals.map((goal, k) => {
    if (meets(values[k]!, others[k]!)) return 0;
    return sign(goal) * (others[k]! - values[k]!) > 0 ? 1 : -1;
  });
  return better.every((one) => one >= 0) && better.some((one) => one > 0);
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
