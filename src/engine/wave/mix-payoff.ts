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
import type { Share } from "../budget/budget.js";
import { singleBound, type SingleBound } from "./mix-bound.js";
import { runChain } from "./run-chain.js";
import type { Session } from "../goals/session.js";

/** Relative difference of ideal and nadir below which the optima agree on a goal: exact solvers differ by as much. */
const FLAT_TOLERANCE = 1e-6;

/** Of the work, what the single goals take together. */
const PAYOFF_SHARE = 0.3;

/** Of the time that is left, what one goal may take where the order of tasks does not bind: its shares of effort end before. */
const TIME_SHARE = 0.5;

/** The optimum of one goal, all others decided after it. */
interface SingleOptimum {
  readonly plan: Assignment;
  /** Value of its own goal when that was settled; the goals after it may use up the tolerance of a settled goal. */
  readonly own: number;
  readonly bound: SingleBound | null;
}

/** What is known of a mix before its own search. */
export interface Payoff {
  /** null where a goal has no plan. */
  readonly parts: readonly MixPart[] | null;
  /** The plans of the single goals: each is a plan of the mix too. */
  readonly plans: readonly Assignment[];
  /** What is proven of each goal, in the order of the parts; empty where deferral has a price, which is in the mix once. */
  readonly bounds: readonly (SingleBound | null)[];
}

/**
 * The payoff table of a mix: each goal solved on its own, then the other goals one after another in the order of the table, so that it
 * does not matter which of several optima a solver returns; every goal evaluated at each of these plans. Ideal is the best entry of a
 * goal's column, nadir the worst. Where all optima agree on a goal it has no range, and a term without one would drop out and let the
 * plan be as bad on that goal as it likes: it is scaled by its own size instead, 0 at the value they agree on. One chain for each goal
 * with a weight above 0; a chain begins at the given plans and those before it, and ends where a goal stays open, since no tie is known beyond it.
 */
export async function buildPayoff(
  session: Session,
  instance: Instance,
  weights: GoalWeights,
  given: readonly Assignment[] = [],
): Promise<Payoff> {
  const keys = weighedKeys(weights);
  const optima: SingleOptimum[] = [];
  session.budget.effort = PAYOFF_SHARE / keys.length;
  for (const [k, key] of keys.entries()) {
    session.prefix = `payoff ${key}: `;
    const others = keys.filter((other) => other !== key).map((other) => pricedAlike(mixGoal(other)));
    const extent = { after: others, endsWhereOpen: true, candidates: [...given, ...optima.map(({ plan }) => plan)] };
    const giveFree = session.budget.holdBack(keptForRest(instance, k, keys.length));
    const found = await runChain(session, instance, singleGoal(key), extent);
    const { plan, goals, firstIndex, steps } = found;
    giveFree();
    session.prefix = "";
    if (plan === null) break;
    const own = steps[firstIndex]?.value ?? goals[firstIndex]!.evaluate(plan);
    optima.push({ plan, own, bound: singleBound(found) });
  }
  session.budget.effort = 1;
  const plans = optima.map(({ plan }) => plan);
  if (plans.length < keys.length) return { parts: null, plans, bounds: [] };
  if (isPriced(instance)) return { parts: tabulate(instance, weights, plans), plans, bounds: [] };
  const own = optima.map((optimum) => optimum.own);
  return { parts: tabulate(instance, weights, plans, own), plans, bounds: optima.map(({ bound }) => bound) };
}

/**
 * The payoff table of some plans.
 *
 * @param own a value of each goal in the order of the table that its column has besides; none where empty
 */
export function tabulate(
  instance: Instance,
  weights: GoalWeights,
  plans: readonly Assignment[],
  own: readonly number[] = [],
): MixPart[] {
  return weighedKeys(weights).map((key, k) => {
    const goal = mixGoal(key).on(instance);
    const values = plans.map((plan) => goal.evaluate(plan));
    return payoffOf(goal.sense, { key, weight: weights[key]! }, [...values, ...own.slice(k, k + 1)]);
  });
}

function weighedKeys(weights: GoalWeights): GoalKey[] {
  return GOAL_KEYS.filter((key) => (weights[key] ?? 0) > 0);
}

/**
 * Of the moves and the time that are left, what goal k of the table leaves the goals after it and the mix. Schedules are not searched for
 * by shares of effort alone; elsewhere time is kept so that one goal that is hard to prove does not leave the others no plan of their own.
 */
function keptForRest({ timing }: Instance, k: number, numKeys: number): Share {
  if (timing === null) return { moves: 0, time: 1 - TIME_SHARE };
  const share = 1 - PAYOFF_SHARE / (numKeys - PAYOFF_SHARE * k);
  return { moves: share, time: share };
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
