import type { Assignment } from "../../../models/index.js";
import { meets } from "../bounds/gap.js";
import type { ChainOutcome } from "./chain-outcome.js";

/**
 * What the chain proved, about another plan: a proof stays where the value does, and the bound is that of the base problem. A plan that is
 * worse on a goal before the first may pass that bound, so nothing is known of it then.
 */
export function withPlan(base: ChainOutcome, plan: Assignment): ChainOutcome {
  const { steps, firstIndex } = base;
  const isWorseBefore = steps.slice(0, firstIndex).some(({ goal, value }) => {
    const own = goal.evaluate(plan);
    return !meets(own, value) && (goal.sense === "min" ? own > value : own < value);
  });
  let isKept = true;
  const kept = steps.map(({ goal, value, proof }) => {
    const own = goal.evaluate(plan);
    isKept &&= meets(own, value);
    return { goal, value: own, proof: isKept ? proof : null };
  });
  const first = steps[firstIndex];
  if (isWorseBefore) return { ...base, plan, steps: kept, certificate: null, bound: null, boundBy: null };
  // An exhausted search bounds the first goal by its own value, if the goals before it are settled for good.
  const isExhausted = steps.slice(0, firstIndex + 1).every(({ proof }) => proof !== null) && first?.proof === "search";
  return { ...base, plan, steps: kept, bound: isExhausted ? first.value : base.bound };
}
