import { pairOf } from "../bounds/generalized-assignment.js";
import type { MakespanProblem } from "../bounds/makespan-prices.js";

/**
 * End of the last task, where each agent starts its tasks longest first on whichever slot is free first (Graham, SIAM J.
 * Appl. Math. 17, 1969); with one slot an agent this is release + load. Infinity where a task is on no agent or on one that
 * cannot take it. O(tasks · (log tasks + slots)).
 */
export function makespanOf(problem: MakespanProblem, agentOf: Int32Array): number {
  const { numAgents, slots, availableFrom, use } = problem;
  const load = new Float64Array(numAgents);
  const usesOf = new Map<number, number[]>();
  const isUsed = new Uint8Array(numAgents);
  for (let task = 0; task < agentOf.length; task++) {
    const agent = agentOf[task]!;
    const pair = agent < 0 ? -1 : pairOf(problem, task, agent);
    if (pair < 0) return Infinity;
    isUsed[agent] = 1;
    load[agent]! += use[pair]!;
    if (slots[agent]! > 1) {
      const uses = usesOf.get(agent);
      if (uses === undefined) usesOf.set(agent, [use[pair]!]);
      else uses.push(use[pair]!);
    }
  }
  for (const [agent, uses] of usesOf) load[agent] = longestFirst(uses, slots[agent]!);
  let makespan = 0;
  for (let agent = 0; agent < numAgents; agent++) {
    if (isUsed[agent] === 1) makespan = Math.max(makespan, availableFrom[agent]! + load[agent]!);
  }
  return makespan;
}

function longestFirst(uses: number[], slots: number): number {
  const loads = new Float64Array(Math.min(slots, uses.length));
  uses.sort((a, b) => b - a);
  for (const use of uses) {
    let first = 0;
    for (let slot = 1; slot < loads.length; slot++) if (loads[slot]! < loads[first]!) first = slot;
    loads[first]! += use;
  }
  return loads.reduce((most, load) => Math.max(most, load), 0);
}
