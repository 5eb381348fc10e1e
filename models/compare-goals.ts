import type { Sense } from "./program.js";

/** Difference of two values below which a comparison of plans calls them equal, relative to max(1, |a|, |b|). */
const COMPARISON_TOLERANCE = 1e-9;

/** What a comparison needs to know of a goal. */
export interface ComparedGoal {
  /** Name of the goal, as in a result. */
  readonly name: string;
  /** Whether less or more is better. */
  readonly sense: Sense;
}

/** Negative where plan a is better than plan b on the first goal that tells them apart, positive where worse, 0 where none does. */
export function compareGoals(goals: readonly ComparedGoal[], a: readonly number[], b: readonly number[]): number {
  const k = firstDifference(goals, a, b);
  if (k === null) return 0;
  return goals[k]!.sense === "min" ? a[k]! - b[k]! : b[k]! - a[k]!;
}

/** Index of the first goal on which two plans differ beyond the tolerance, null where none does. */
export function firstDifference(
  goals: readonly ComparedGoal[],
  a: readonly number[],
  b: readonly number[],
): number | null {
  const k = goals.findIndex((_, at) => {
    const [one, other] = [a[at]!, b[at]!];
    // A bound that says nothing is infinite: as a scale it would swallow every difference.
    if (!Number.isFinite(one - other)) return one !== other;
    const scale = Math.max(1, Math.abs(one), Math.abs(other));
    return Math.abs(one - other) > COMPARISON_TOLERANCE * scale;
  });
  return k === -1 ? null : k;
}
