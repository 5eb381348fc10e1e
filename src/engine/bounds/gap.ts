import { type GoalForm, largestCoefficient } from "../../../models/index.js";

/** |value − bound| below which both count as equal, relative to max(1, |value|). */
export const OPTIMALITY_TOLERANCE = 1e-9;

/** |v − b| / max(|v|, |b|, 1e-3 × the largest |objective coefficient|): a fraction; 0 where the bound meets the value. */
export function relativeGap(goal: GoalForm, value: number, bound: number): number {
  if (meets(value, bound)) return 0;
  return Math.abs(value - bound) / Math.max(Math.abs(value), Math.abs(bound), leastScale(goal));
}

/** The size below which a value of the goal is no measure of a difference: 1e-3 × its largest |coefficient|. */
export function leastScale(goal: GoalForm): number {
  return 1e-3 * largestCoefficient(goal);
}

/** The bound of a goal of which nothing is proven: no value lies beyond it. */
export function noBound({ sense }: Pick<GoalForm, "sense">): number {
  return sense === "min" ? -Infinity : Infinity;
}

/** Whether the bound meets the value: then the value is optimal. */
export function meets(value: number, bound: number): boolean {
  return Math.abs(value - bound) <= OPTIMALITY_TOLERANCE * Math.max(1, Math.abs(value));
}
