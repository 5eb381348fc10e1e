import { type Assignment, compareGoals, type Goal, mixFactor, type MixPart } from "../../../models/index.js";
import type { ChainOutcome, SettledStep } from "../goals/chain-outcome.js";
import { meets } from "../bounds/gap.js";

/** What solving a goal of a mix on its own proves: no plan that is as good on the goals before it is better than `bound`. */
export interface SingleBound {
  readonly before: readonly Goal[];
  /** Values of the goals before it. */
  readonly settled: readonly number[];
  readonly bound: number;
}

/** Null where nothing is known of the goal but its value. */
export function singleBound({ goals, firstIndex, plan, steps, bound }: ChainOutcome): SingleBound | null {
  const first = steps[firstIndex];
  const proven = first?.proof === "search" ? first.value : bound;
  if (plan === null || proven === null) return null;
  const before = goals.slice(0, firstIndex);
  return { before, settled: before.map((goal) => goal.evaluate(plan)), bound: proven };
}

/**
 * A plan is no better on the mix than the bounds of its goals together: each term is at least what it is at the bound of its goal.
 *
 * @param singles of each part; null where nothing is known
 * @returns null where the plan is worse on a goal before the mix than a single optimum was, whose bound then says nothing here
 */
export function boundOfParts(
  parts: readonly MixPart[],
  singles: readonly (SingleBound | null)[],
  plan: Assignment,
): number | null {
  let sum = 0;
  for (const [k, part] of parts.entries()) {
    const single = singles[k];
    if (single === null || single === undefined) return null;
    const values = single.before.map((goal) => goal.evaluate(plan));
    if (compareGoals(single.before, values, single.settled) > 0) return null;
    sum += mixFactor(part) * (single.bound - part.ideal);
  }
  return sum;
}

/** The outcome with a bound from elsewhere, where that is better or proves the plan; else the outcome as it is. */
export function withMixBound(outcome: ChainOutcome, bound: number): ChainOutcome {
  const { steps, firstIndex, goals, plan } = outcome;
  const first = steps[firstIndex];
  if (plan === null || first === undefined) return outcome;
  const value = goals[firstIndex]!.evaluate(plan);
  const isMet = meets(value, bound);
  const isBetter = outcome.bound === null || bound > outcome.bound;
  if (!isBetter && !(isMet && first.proof === null)) return outcome;
  const judged = steps.map((step, k): SettledStep =>
    k === firstIndex && isMet ? { ...step, proof: step.proof ?? "bound" } : step,
  );
  const isProven = judged.slice(0, firstIndex + 1).every(({ proof }) => proof !== null);
  return {
    ...outcome,
    // The sum of the terms may be above the value by its rounding.
    ...(isBetter && { bound: isMet ? Math.min(bound, value) : bound, boundBy: "relaxation" }),
    steps: judged,
    limit: isProven ? null : outcome.limit,
  };
}
