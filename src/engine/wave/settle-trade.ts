import { type Assignment, buildStage, deferralGoal, type Goal, type Instance } from "../../../models/index.js";
import type { ChainOutcome } from "../goals/chain-outcome.js";
import { settleLinear } from "../goals/chain.js";
import type { Session } from "../goals/session.js";
import { settleOrdered } from "../ordered/settle-ordered.js";

/** A goal that must be at least as good as a value. */
export interface HeldGoal {
  /** The goal. */
  readonly goal: Goal;
  /** Value that no plan may be worse than on it. */
  readonly value: number;
}

/**
 * The best plan on one goal among those that defer no more than a plan at hand and keep other goals at given values (the ε-constraint
 * method; Haimes, Lasdon & Wismer, IEEE Trans. SMC 1, 1971).
 *
 * Where the order of tasks binds, a held goal counts no further than its value, and no bound comes of it.
 *
 * @param start a plan that keeps the held goals
 */
export function settleTrade(
  session: Session,
  instance: Instance,
  { held, goal }: { readonly held: readonly HeldGoal[]; readonly goal: Goal },
  start: Assignment,
): Promise<ChainOutcome> {
  const zero = instance.deferral.kind === "first" ? [deferralGoal(instance)] : [];
  const model = { build: buildStage };
  const firstIndex = zero.length + held.length;
  if (instance.timing !== null) {
    const chain = { goals: [...zero, ...held.map(upTo), goal], firstIndex };
    return settleOrdered(session, instance, model, { chain, candidates: [start] });
  }
  const steps = [...zero.map((one) => ({ goal: one, value: one.evaluate(start) })), ...held];
  const chain = { goals: [...zero, ...held.map((one) => one.goal), goal], firstIndex };
  return settleLinear(session, instance, model, chain, {
    start: { plan: start, steps: steps.map((step) => ({ ...step, proof: "search" as const })), isKept: true },
  });
}

/** The goal, with plans alike that are at least as good as the value. */
function upTo({ goal, value }: HeldGoal): Goal {
  const evaluate = (plan: Assignment): number => {
    const own = goal.evaluate(plan);
    return goal.sense === "max" ? Math.min(own, value) : Math.max(own, value);
  };
  return { ...goal, linearity: "bounds", evaluate };
}
