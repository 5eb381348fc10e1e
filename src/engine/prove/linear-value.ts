import { DEFERRED, type GoalForm, type Instance } from "../../../models/index.js";

/** Value of a goal without times. O(pairs of the placed tasks). */
export function linearValue(instance: Instance, goal: GoalForm, agentOf: Int32Array): number {
  const { pairStart, pairAgent, numTasks } = instance;
  let value = goal.constant;
  for (let task = 0; task < numTasks; task++) {
    const agent = agentOf[task]!;
    if (agent === DEFERRED) {
      value += goal.perDeferral?.[task] ?? 0;
      continue;
    }
    let pair = pairStart[task]!;
    while (pairAgent[pair] !== agent) pair += 1;
    value += goal.perPair?.[pair] ?? 0;
  }
  return value;
}
