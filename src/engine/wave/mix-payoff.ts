import {
  type Assignment,
  defineModel,
  type GoalKind,
  type Instance,
  mixGoal,
  type MixPart,
  type Sense,
  withDeferralPrice,
} from "../../../models/index.js";
import { GOAL_KEYS, type GoalKey, type GoalWeights } from "../../domain/index.js";
import { runChain } from "./run-chain.js";
import type { Session } from "../goals/session.js";

/** Relative difference of ideal and nadir below which the optima agree on a goal: exact solvers differ by as much. */
const FLAT_TOLERANCE = 1e-6;

/** Of the work, what the single goals take together. */
const PAYOFF_SHARE = 0.5;

/** The optimum of one goal, all others decided after it. */
interface SingleOptimum {
  readonly plan: Assignment;
  /** Value of its own goal when that was settled; the goals after it may use up the tolerance of a settled goal. */
  readonly own: number;
}

/**
 * The payoff table of a mix: each goal solved on its own, then the other goals one after another in the order of the table, so that it
 * does not matter which of several optima a solver returns; every goal evaluated at each of these plans. Ideal is the best entry of a
 * goal's column, nadir the worst. Where all optima agree on a goal it has no range, and a term without one would drop out and let the
 * plan be as bad on that goal as it likes: it is scaled by its own size instead, 0 at the value they agree on. null where a goal has no
 * plan. One chain for each goal with a weight above 0; a chain ends where a goal stays open, since no tie is known beyond it.
 */
export async function buildPayoff(
  session: Session,
  instance: Instance,
  weights: GoalWeights,
): Promise<MixPart[] | null> {
  const keys = GOAL_KEYS.filter((key) => (weights[key] ?? 0) > 0);
  const optima: SingleOptimum[] = [];
  session.budget.effort = PAYOFF_SHARE / keys.length;
  for (const [k, key] of keys.entries()) {
    session.prefix = `payoff ${key}: `;
    const others = keys.filter((other) => other !== key).map((other) => pricedAlike(mixGoal(other)));
    const extent = { after: others, endsWhereOpen: true };
    // Schedules are not searched for by shares of effort alone: the mix itself keeps its moves and its time.
    const share = instance.timing === null ? 0 : 1 - PAYOFF_SHARE / (keys.length - PAYOFF_SHARE * k);
    const giveFree = session.budget.holdBack({ moves: share, time: share });
    const { plan, goals, firstIndex, steps } = await runChain(session, instance, singleGoal(key), extent);
    giveFree();
    session.prefix = "";
    if (plan === null) return null;
    optima.push({ plan, own: steps[firstIndex]?.value ?? goals[firstIndex]!.evaluate(plan) });
  }
  session.budget.effort = 1;
  return keys.map((key, k) => {
    const goal = mixGoal(key).on(instance);
    const values = optima.map(({ plan }) => goal.evaluate(plan));
    return payoffOf(
      goal.sense,
      { key, weight: weights[key]! },
      isPriced(instance) ? values : [...values, optima[k]!.own],
    );
  });
}

function singleGoal(key: GoalKey) {
  const goal = mixGoal(key);
  return defineModel({
    name: key,
    problemClass: "one goal of a mix",
    first: goal,
    second: goal,
    evaluate: (instance, assignment) => goal.on(instance).evaluate(assignment),
  });
}

function isPriced({ deferral }: Instance): boolean {
  return deferral.kind === "priced";
}

/** A goal after the first, with the same price on a deferral: without it, leaving out more tasks would look better. */
function pricedAlike(kind: GoalKind): GoalKind {
  return {
    ...kind,
    on: (instance) => {
      const goal = kind.on(instance);
      return instance.deferral.kind === "priced" ? withDeferralPrice(instance, goal, instance.deferral.penalty) : goal;
    },
  };
}

function payoffOf(sense: Sense, part: Pick<MixPart, "key" | "weight">, values: readonly number[]): MixPart {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size = Math.max(1, Math.abs(low), Math.abs(high));
  const isFlat = high - low <= FLAT_TOLERANCE * size;
  const range = isFlat ? size : high - low;
  return sense === "min" ? { ...part, ideal: low, nadir: low + range } : { ...part, ideal: high, nadir: high - range };
}
