import {
  type Assignment,
  defineModel,
  type Goal,
  type Instance,
  mixGoal,
  type MixPart,
} from "../../../models/index.js";
import { GOAL_KEYS, type GoalKey, type GoalWeights } from "../../domain/index.js";
import { runChain } from "./run-chain.js";
import type { Session } from "../goals/session.js";

/** Relative difference of ideal and nadir below which the optima agree on a goal: exact solvers differ by as much. */
const FLAT_TOLERANCE = 1e-6;

/**
 * The payoff table of a mix: each goal solved on its own, every other goal evaluated at its plan. Ideal is the best entry
 * of a goal's column, nadir the worst. Where all optima agree on a goal it has no range, and a term without one would drop
 * out and let the plan be as bad on that goal as it likes: it is scaled by its own size instead, 0 at the value they agree on.
 * null where a goal has no plan. One chain a goal with a weight above 0.
 */
export async function buildPayoff(
  session: Session,
  instance: Instance,
  weights: GoalWeights,
): Promise<MixPart[] | null> {
  const keys = GOAL_KEYS.filter((key) => (weights[key] ?? 0) > 0);
  const plans: Assignment[] = [];
  session.budget.effort = 0.5 / keys.length;
  for (const key of keys) {
    session.prefix = `payoff ${key}: `;
    const { plan } = await runChain(session, instance, singleGoal(key), { withSecond: false });
    session.prefix = "";
    if (plan === null) return null;
    plans.push(plan);
  }
  session.budget.effort = 1;
  return keys.map((key) => payoffOf(mixGoal(key).on(instance), key, weights[key]!, plans));
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

function payoffOf(goal: Goal, key: GoalKey, weight: number, plans: readonly Assignment[]): MixPart {
  const values = plans.map((plan) => goal.evaluate(plan));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const size = Math.max(1, Math.abs(low), Math.abs(high));
  const isFlat = high - low <= FLAT_TOLERANCE * size;
  const range = isFlat ? size : high - low;
  return goal.sense === "min"
    ? { key, weight, ideal: low, nadir: low + range }
    : { key, weight, ideal: high, nadir: high - range };
}
