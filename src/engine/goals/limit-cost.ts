import { type Goal, type Instance, isLinear, isTimed } from "../../../models/index.js";
import { relativeGap } from "../bounds/gap.js";
import { aloneBound } from "../bounds/goal-bound.js";
import { isLarge } from "../prove/large.js";
import type { ChainOutcome } from "./chain-outcome.js";
import { relaxationBound } from "./relaxation-stage.js";
import type { Session } from "./session.js";

/** Share of the first goal from which the cost of the load limit is told. */
export const LEAST_LIMIT_COST = 0.01;

export interface LimitCost {
  /** Bound on the first goal over all plans without the load limit that defer no more: its best value, or better. */
  readonly without: number;
  /** How far the plan's value is from it, a fraction. */
  readonly by: number;
}

/**
 * What the load limit costs the first goal at most: its value beside a bound on the same goal without the limit, agents' own capacities kept.
 * null where that is at most 1 %, where what is left to prove explains it, or where the instance is too large to look. One linear
 * relaxation at most; counts no moves.
 *
 * @param unlimited the instance without the load limit
 */
export async function costOfLoadLimit(
  session: Session,
  unlimited: Instance,
  { instance, plan, goals, firstIndex, steps, bound }: ChainOutcome,
): Promise<LimitCost | null> {
  const goal = goals[firstIndex]!;
  const isLimited = instance.loadLimitMs.some((limit, agent) => limit !== unlimited.loadLimitMs[agent]);
  if (plan === null || !isLimited || isLarge(instance) || !hasTellingBound(goal)) return null;
  const value = goal.evaluate(plan);
  const deferred = steps.find((step) => step.goal.name === "deferral")?.value ?? 0;
  if (allowsAllBetter(instance, goal, deferred, value)) return null;
  const settled = steps.slice(0, firstIndex);
  const tell = (without: number): LimitCost | null => {
    const by = relativeGap(goal, value, without);
    const isBetter = goal.sense === "min" ? without < value : without > value;
    const explained = bound === null ? 0 : relativeGap(goal, bound, without);
    return Number.isFinite(without) && isBetter && Math.min(by, explained) > LEAST_LIMIT_COST ? { without, by } : null;
  };
  const alone = tell(aloneBound(unlimited, goal, settled).bound);
  if (alone === null || session.budget.struckLimit() !== null) return null;
  session.prefix = "without the load limit: ";
  const relaxed = await relaxationBound(session, unlimited, goal, settled);
  session.prefix = "";
  return tell(relaxed.bound);
}

/** A bound on a form that only bounds the goal says more of the form than of the limit, and a share of a mix, often 0, says nothing. */
function hasTellingBound(goal: Goal): boolean {
  return isLinear(goal) && goal.name !== "mix";
}

/** Whether no plan that the limit forbids can be better: it would have a slot busier than the latest end, or the fullest slot. */
function allowsAllBetter(instance: Instance, goal: Goal, deferred: number, value: number): boolean {
  const isTime = isTimed(goal) && goal.perPair === null && goal.minLoad === 0 && goal.makespan + goal.maxLoad === 1;
  return isTime && deferred === 0 && instance.loadLimitMs.every((limit) => value <= limit);
}
