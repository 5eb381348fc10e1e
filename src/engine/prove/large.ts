import { type GoalForm, type Instance, isTimed } from "../../../models/index.js";
import { LARGE_PAIRS } from "../assignment/large-assignment.js";

/** Whether what looks at every pair many times costs too much: the engine then has ways of its own. */
export function isLarge({ numPairs }: Pick<Instance, "numPairs">): boolean {
  return numPairs >= LARGE_PAIRS;
}

/** Whether load limits are the only rows, for goals of times none at all, so that the engine finds plans by itself. O(tasks + agents). */
export function hasLoadRowsOnly(instance: Instance, goal: GoalForm): boolean {
  if (!limitsLoadsAlone(instance)) return false;
  return !isTimed(goal) || (isFree(instance.loadLimitMs) && instance.deferral.kind !== "priced");
}

/** Whether nothing but load limits restrains assignments. O(tasks + agents). */
export function limitsLoadsAlone({ maxTasks, deadlineMs, budget, dependsOn }: Instance): boolean {
  return budget === Infinity && dependsOn.length === 0 && isFree(maxTasks) && isFree(deadlineMs);
}

function isFree(limits: Float64Array): boolean {
  return limits.every((limit) => limit === Infinity);
}

/** Kinds of tasks times slots up to which HiGHS is asked for their numbers: the variables of its program. */
export const MAX_COUNTED_VARIABLES = 1000;
