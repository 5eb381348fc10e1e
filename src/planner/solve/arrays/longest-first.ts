import type { InstanceArrays } from "../../../../models/index.js";
import { slotsOf } from "../../../engine/index.js";

/**
 * Slot of each task: each agent's tasks longest first, on whichever slot is emptiest (Graham, SIAM J. Appl. Math. 17, 1969);
 * −1 where deferred. O(tasks · (log tasks + slots)).
 */
export function packLongestFirst(arrays: InstanceArrays, agentOf: Int32Array): Int32Array {
  const { pairStart, pairAgent, busyMs, numAgents } = arrays;
  const slotOf = agentOf.map((agent) => (agent < 0 ? -1 : 0));
  const tasksOf = new Map<number, { readonly task: number; readonly busy: number }[]>();
  for (let agent = 0; agent < numAgents; agent++) if (slotsOf(arrays, agent) > 1) tasksOf.set(agent, []);
  if (tasksOf.size === 0) return slotOf;
  agentOf.forEach((agent, task) => {
    const tasks = tasksOf.get(agent);
    if (tasks === undefined) return;
    let pair = pairStart[task]!;
    while (pairAgent[pair] !== agent) pair += 1;
    tasks.push({ task, busy: busyMs[pair]! });
  });
  for (const [agent, tasks] of tasksOf) {
    const loads = new Float64Array(Math.max(1, Math.min(slotsOf(arrays, agent), tasks.length)));
    tasks.sort((a, b) => b.busy - a.busy || a.task - b.task);
    for (const { task, busy } of tasks) {
      let first = 0;
      for (let slot = 1; slot < loads.length; slot++) if (loads[slot]! < loads[first]!) first = slot;
      slotOf[task] = first;
      loads[first]! += busy;
    }
  }
  return slotOf;
}
