import { type Assignment, findViolations, goalChain, isTimed, type StrategyModel } from "../../../models/index.js";
import type { Session } from "../goals/session.js";
import type { AppliedLimits } from "./load-limit.js";

/**
 * Plans that a chain may begin with, each of them feasible: the reference plan of the load limits, where a limit strikes before the search for a goal
 * of times has begun. It is a good plan for such goals, and a first one of the chain's own would take about as long to find again.
 */
export function plansInHand(
  session: Session,
  { instance, referencePlan }: AppliedLimits,
  model: StrategyModel,
): readonly Assignment[] {
  if (referencePlan === null || session.budget.struckLimit() === null) return [];
  const { goals, firstIndex } = goalChain(instance, model, { withSecond: true });
  if (!isTimed(goals[firstIndex]!)) return [];
  return findViolations(instance, referencePlan).length === 0 ? [referencePlan] : [];
}
