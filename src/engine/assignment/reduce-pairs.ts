import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";

/** Rounding forgiven when a pair is dropped, relative to the cost. */
const SLACK = 1e-9;

/**
 * The problem without the pairs that no assignment of cost `highest` or less has: those whose reduced cost at the prices
 * exceeds what the bound leaves (Savelsbergh, ORSA J. Computing 6, 1994, section 1). Null where more than `mostPairs` stay or a task loses all
 * of its pairs. O(pairs).
 */
export function dropDearPairs(
  problem: GeneralizedAssignment,
  prices: Float64Array,
  highest: number,
  mostPairs: number,
): GeneralizedAssignment | null {
  const { numTasks, numAgents, pairStart, pairAgent, cost, use, capacity } = problem;
  if (!Number.isFinite(highest)) return null;
  const least = new Float64Array(numTasks).fill(Infinity);
  let bound = 0;
  for (let agent = 0; agent < numAgents; agent++) if (prices[agent]! > 0) bound -= prices[agent]! * capacity[agent]!;
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (use[pair]! <= capacity[pairAgent[pair]!]!) least[task] = Math.min(least[task]!, priceOf(pair));
    }
    bound += least[task]!;
  }
  const room = highest - bound + SLACK * Math.max(1, Math.abs(highest), Math.abs(bound));
  const kept: number[] = [];
  const start = new Int32Array(numTasks + 1);
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (use[pair]! <= capacity[pairAgent[pair]!]! && priceOf(pair) - least[task]! <= room) kept.push(pair);
    }
    if (kept.length > mostPairs || kept.length === start[task]) return null;
    start[task + 1] = kept.length;
  }
  return {
    numTasks,
    numAgents,
    pairStart: start,
    pairAgent: Int32Array.from(kept, (pair) => pairAgent[pair]!),
    cost: Float64Array.from(kept, (pair) => cost[pair]!),
    use: Float64Array.from(kept, (pair) => use[pair]!),
    capacity,
  };

  function priceOf(pair: number): number {
    return cost[pair]! + prices[pairAgent[pair]!]! * use[pair]!;
  }
}
