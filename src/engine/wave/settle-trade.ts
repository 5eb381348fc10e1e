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
 * Where no order of tasks binds, a held makespan or largest load is a limit on loads. Where it binds, a held goal counts no further than its value, and no bound comes of it.
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
  if (instance.timing !== null) {
    const chain = { goals: [...zero, ...held.map(upTo), goal], firstIndex: zero.length + held.length };
    return settleOrdered(session, instance, model, { chain, candidates: [start] });
  }
  const { limited, rest } = asLoadLimits(instance, held);
  const steps = [...zero.map((one) => ({ goal: one, value: one.evaluate(start) })), ...rest];
  const chain = { goals: [...zero, ...rest.map((one) => one.goal), goal], firstIndex: zero.length + rest.length };
  return settleLinear(session, limited, model, chain, {
    start: {
      plan: start,
      steps: steps.map((step) => ({ ...step, proof: "search" as const })),
      isKept: rest.length > 0,
    },
  });
}

/**
 * Held makespans and largest loads as limits on the load of each slot, which say the same where tasks have no order: the engine for sums
 * over pairs knows these, and no row of a bottleneck goal.
 */
function asLoadLimits(
  instance: Instance,
  held: readonly HeldGoal[],
): { readonly limited: Instance; readonly rest: readonly HeldGoal[] } {
  const rest = held.filter(({ goal }) => !isMakespan(goal) && !isLargestLoad(goal));
  if (rest.length === held.length) return { limited: instance, rest };
  const loadLimitMs = instance.loadLimitMs.map((limit, agent) =>
    held.reduce((least, { goal, value }) => {
      if (isLargestLoad(goal)) return Math.min(least, value);
      return isMakespan(goal) ? Math.min(least, Math.max(0, value - instance.availableFromMs[agent]!)) : least;
    }, limit),
  );
  return { limited: { ...instance, loadLimitMs }, rest };
}

function isMakespan({ perPair, makespan, maxLoad, minLoad }: Goal): boolean {
  return perPair === null && makespan === 1 && maxLoad === 0 && minLoad === 0;
}

function isLargestLoad({ perPair, makespan, maxLoad, minLoad }: Goal): boolean {
  return perPair === null && makespan === 0 && maxLoad === 1 && minLoad === 0;
}

/** The goal, with plans alike that are at least as good as the value. */
function upTo({ goal, value }: HeldGoal): Goal {
  const evaluate = (plan: Assignment): number => {
    const own = goal.evaluate(plan);
    return goal.sense === "max" ? Math.min(own, value) : Math.max(own, value);
  };
  return { ...goal, linearity: "bounds", evaluate };
}
