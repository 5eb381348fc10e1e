import { DEFERRED, type GoalForm, type Instance } from "../../../models/index.js";
import { pairOf } from "../bounds/generalized-assignment.js";

/** Value of a goal without times. O(tasks · log pairs of a task). */
export function linearValue(instance: Instance, goal: GoalForm, agentOf: Int32Array): number {
  const { numTasks } = instance;
  let value = goal.constant;
  for (let task = 0; task < numTasks; task++) {
    const agent = agentOf[task]!;
    if (agent === DEFERRED) {
      value += goal.perDeferral?.[task] ?? 0;
      continue;
    }
    value += goal.perPair?.[pairOf(instance, task, agent)] ?? 0;
  }
  return value;
}
