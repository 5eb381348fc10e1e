import type { Random } from "../../domain/index.js";
import { drawReal } from "./draw.js";
import type { DrawnDag } from "./generate-dag.js";

/** Share of the tasks that get a deadline, and by how much it exceeds their end in the planted schedule. */
const DEADLINE_SHARE = 0.6;
const MOST_SLACK = 0.02;
/** Share of the agents, the quickest for the task, that the planted schedule chooses from. */
const QUICK_SHARE = 0.4;

/**
 * Deadlines that a hidden schedule meets with at most 2 % to spare: tasks in a random order that keeps dependencies, each at its earliest
 * time on one of its quicker agents. O(tasks · (agents + slots)).
 */
export function plantDeadlines(dag: DrawnDag, random: Random): Float64Array {
  const ends = plantedEnds(dag, random);
  return ends.map((end) => (random.unit() < DEADLINE_SHARE ? end * (1 + MOST_SLACK * random.unit()) : Infinity));
}

function plantedEnds({ numTasks, numAgents, slots, busyMs, dependsOn }: DrawnDag, random: Random): Float64Array {
  const ends = new Float64Array(numTasks);
  const freeAt = Array.from(slots, (count) => new Float64Array(count));
  const key = Float64Array.from({ length: numTasks }, () => random.unit());
  // A key above those of all tasks it waits for: such an order keeps dependencies.
  for (let task = 0; task < numTasks; task++) {
    for (const other of dependsOn[task]!) key[task] = Math.max(key[task]!, key[other]! + 1e-3);
  }
  const order = Array.from(key.keys()).sort((a, b) => key[a]! - key[b]! || a - b);
  for (const task of order) {
    const busyOf = (agent: number): number => busyMs[task * numAgents + agent]!;
    const byTime = Array.from(slots.keys()).sort((a, b) => busyOf(a) - busyOf(b) || a - b);
    const quick = byTime.slice(0, Math.max(1, Math.ceil(QUICK_SHARE * numAgents)));
    const ready = dependsOn[task]!.reduce((latest, other) => Math.max(latest, ends[other]!), 0);
    let [chosen, chosenSlot, end] = [-1, -1, Infinity];
    for (const agent of quick) {
      const slot = freeAt[agent]!.indexOf(freeAt[agent]!.reduce((least, at) => Math.min(least, at), Infinity));
      const own = Math.max(ready, freeAt[agent]![slot]!) + busyOf(agent);
      if (own < end) [chosen, chosenSlot, end] = [agent, slot, own];
    }
    ends[task] = freeAt[chosen]![chosenSlot] = end;
  }
  return ends;
}

/**
 * Deadlines that no schedule meets: one for all tasks, a little less than all slots together need for all tasks at their quickest, or than
 * the longest path of quickest times takes, whichever is more. O(pairs + dependencies).
 */
export function overtightDeadlines(dag: DrawnDag, random: Random): Float64Array {
  const { numTasks, numAgents, slots, busyMs, dependsOn } = dag;
  const path = new Float64Array(numTasks);
  let work = 0;
  for (let task = 0; task < numTasks; task++) {
    const own = busyMs.subarray(task * numAgents, (task + 1) * numAgents);
    const least = own.reduce((quickest, busy) => Math.min(quickest, busy), Infinity);
    work += least;
    path[task] = least + dependsOn[task]!.reduce((latest, other) => Math.max(latest, path[other]!), 0);
  }
  const needed = Math.max(work / slots.reduce((sum, count) => sum + count, 0), ...path);
  return new Float64Array(numTasks).fill(needed * drawReal(random, 0.9, 0.999));
}
