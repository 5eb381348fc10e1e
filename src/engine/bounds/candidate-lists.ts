import type { GeneralizedAssignment } from "./generalized-assignment.js";
import type { WorkMeter } from "./work-meter.js";

/**
 * A few promising pairs of each task, cheapest first: those of task i are start[i] … start[i+1] − 1. All a search or a long
 * run of multiplier steps has to look at, packed so that a task's pairs lie side by side.
 */
export interface CandidateLists {
  /** numTasks + 1 entries. */
  readonly start: Int32Array;
  readonly agent: Int32Array;
  readonly cost: Float64Array;
  readonly use: Float64Array;
  /** Index of the pair in the problem. */
  readonly pair: Int32Array;
}

/** What a pair is ranked by: a price of its own where `pairPrices` is given, else cost + prices[agent] · use. */
export interface Ranking {
  readonly prices: Float64Array;
  readonly pairPrices?: Float64Array | undefined;
}

/**
 * The `perTask` cheapest pairs of each task by the ranking, in ascending order; ties go to the lower agent. Pairs that need
 * more than the agent's whole capacity are left out, so a list may be empty.
 * O(pairs · log perTask) in practice: most pairs fall at the first comparison.
 */
export function selectCandidates(
  problem: GeneralizedAssignment,
  ranking: Ranking,
  perTask: number,
  meter: WorkMeter,
): CandidateLists {
  const { numTasks, pairStart, pairAgent, cost, use, capacity } = problem;
  const start = new Int32Array(numTasks + 1);
  for (let task = 0; task < numTasks; task++) {
    start[task + 1] = start[task]! + Math.min(perTask, pairStart[task + 1]! - pairStart[task]!);
  }
  const chosen = new Int32Array(start[numTasks]!);
  const rank = new Float64Array(perTask);
  let end = 0;
  for (let task = 0; task < numTasks; task++) {
    const first = end;
    start[task] = first;
    const last = pairStart[task + 1]!;
    for (let pair = pairStart[task]!; pair < last; pair++) {
      const agent = pairAgent[pair]!;
      if (use[pair]! > capacity[agent]!) continue;
      const price = ranking.pairPrices?.[pair] ?? cost[pair]! + ranking.prices[agent]! * use[pair]!;
      let place = end - first;
      if (place === perTask) {
        if (price >= rank[place - 1]!) continue;
        place -= 1;
      } else end += 1;
      for (; place > 0 && rank[place - 1]! > price; place--) {
        rank[place] = rank[place - 1]!;
        chosen[first + place] = chosen[first + place - 1]!;
      }
      rank[place] = price;
      chosen[first + place] = pair;
    }
    meter.spend(last - pairStart[task]!);
  }
  start[numTasks] = end;
  return pack(problem, start, chosen.slice(0, end));
}

function pack(problem: GeneralizedAssignment, start: Int32Array, pair: Int32Array): CandidateLists {
  const agent = new Int32Array(pair.length);
  const cost = new Float64Array(pair.length);
  const use = new Float64Array(pair.length);
  for (let k = 0; k < pair.length; k++) {
    agent[k] = problem.pairAgent[pair[k]!]!;
    cost[k] = problem.cost[pair[k]!]!;
    use[k] = problem.use[pair[k]!]!;
  }
  return { start, agent, cost, use, pair };
}
