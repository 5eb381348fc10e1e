import type { MakespanProblem } from "./makespan-prices.js";

/** Use of each task where all agents are alike (P || Cmax: one slot, free from 0, the same use everywhere); else null. O(pairs). */
export function identicalUses(problem: MakespanProblem): Float64Array | null {
  const { numTasks, numAgents, pairStart, use, slots, availableFrom } = problem;
  for (let agent = 0; agent < numAgents; agent++) if (slots[agent] !== 1 || availableFrom[agent] !== 0) return null;
  const uses = new Float64Array(numTasks);
  for (let task = 0; task < numTasks; task++) {
    const first = pairStart[task]!;
    if (pairStart[task + 1]! - first !== numAgents || numAgents === 0) return null;
    uses[task] = use[first]!;
    for (let pair = first; pair < pairStart[task + 1]!; pair++) if (use[pair] !== use[first]) return null;
  }
  return uses;
}

/**
 * Bound on the makespan of m identical agents: of the k·m + 1 longest tasks some agent has k + 1, at least the shortest of
 * them (Coffman, Garey, Johnson, SIAM J. Computing 7, 1978; k = 0: the longest task). O(tasks · log tasks).
 */
export function pigeonholeBound(uses: Float64Array, numAgents: number): number {
  const longestFirst = uses.slice().sort().reverse();
  const sums = new Float64Array(longestFirst.length + 1);
  for (let k = 0; k < longestFirst.length; k++) sums[k + 1] = sums[k]! + longestFirst[k]!;
  let bound = 0;
  for (let k = 0; k * numAgents < longestFirst.length; k++) {
    const end = k * numAgents + 1;
    bound = Math.max(bound, sums[end]! - sums[end - k - 1]!);
  }
  return longestFirst.every(Number.isInteger) ? bound : bound * (1 - (longestFirst.length + 2) * Number.EPSILON);
}
