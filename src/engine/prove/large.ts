import { type GoalForm, type Instance, isTimed } from "../../../models/index.js";
import { LARGE_PAIRS } from "../assignment/large-assignment.js";

/** Whether what looks at every pair many times costs too much: the engine then has ways of its own. */
export function isLarge({ numPairs }: Pick<Instance, "numPairs">): boolean {
  return numPairs >= LARGE_PAIRS;
}

/** Whether load limits are the only rows, for goals of times none at all, so that the engine finds plans by itself. O(tasks + agents). */
export function hasLoadRowsOnly(instance: Instance, goal: GoalForm): boolean {
  const { maxTasks, deadlineMs, loadLimitMs, budget, dependsOn, deferral } = instance;
  const isFree = (limits: Float64Array): boolean => limits.every((limit) => limit === Infinity);
  if (budget < Infinity || dependsOn.length > 0 || !isFree(maxTasks) || !isFree(deadlineMs)) return false;
  return !isTimed(goal) || (isFree(loadLimitMs) && deferral.kind !== "priced");
}
