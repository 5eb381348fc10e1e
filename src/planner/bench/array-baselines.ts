import type { ArrayProblem } from "./bench-instance.js";

/** A heuristic on arrays; null where it finds no agent with room for some task. */
export interface ArrayBaseline {
  readonly name: string;
  /** The rule in one sentence. */
  readonly rule: string;
  plan(problem: ArrayProblem): Int32Array | null;
}

/** A pair's rank among those of its task, the least first; sees the loads and the agent that took the task before. */
type Preference = (pair: number, agent: number, load: Float64Array, last: number) => number;

/** The heuristics that make sense on arrays, under the same limits as ours. */
export const ARRAY_BASELINES: readonly ArrayBaseline[] = [
  {
    name: "round robin",
    rule: "tasks by index, each to the next eligible agent after the last one used",
    plan: (problem) => {
      const { numAgents } = problem.assignment;
      return placeAll(problem, asGiven, (_pair, agent, _load, last) => (agent - last - 1 + numAgents) % numAgents);
    },
  },
  {
    name: "least loaded",
    rule: "tasks by index, each to the agent with the least load",
    plan: (problem) => placeAll(problem, asGiven, (_pair, agent, load) => load[agent]!),
  },
  {
    name: "earliest end",
    rule: "the longest first, each to the agent that would end it first (Ibarra & Kim, J. ACM 24, 1977)",
    plan: (problem) => {
      const { use } = problem.assignment;
      return placeAll(problem, longestFirst, (pair, agent, load) => load[agent]! + use[pair]!);
    },
  },
  {
    name: "cheapest agents",
    rule: "the longest first, each to its cheapest agent with room",
    plan: (problem) => {
      const { cost } = problem.assignment;
      return placeAll(problem, longestFirst, (pair) => cost[pair]!);
    },
  },
];

/** Each task to the agent with room that it prefers; the first of equals. O(pairs). */
function placeAll(
  problem: ArrayProblem,
  orderTasks: (problem: ArrayProblem) => Int32Array,
  preference: Preference,
): Int32Array | null {
  const { numTasks, numAgents, pairStart, pairAgent, use, capacity } = problem.assignment;
  const load = new Float64Array(numAgents);
  const agentOf = new Int32Array(numTasks);
  let last = -1;
  for (const task of orderTasks(problem)) {
    let [chosen, least] = [-1, Infinity];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      if (load[agent]! + use[pair]! > capacity[agent]!) continue;
      const rank = preference(pair, agent, load, last);
      if (rank < least) [chosen, least] = [pair, rank];
    }
    if (chosen < 0) return null;
    last = pairAgent[chosen]!;
    agentOf[task] = last;
    load[last]! += use[chosen]!;
  }
  return agentOf;
}

function asGiven({ assignment: { numTasks } }: ArrayProblem): Int32Array {
  return Int32Array.from({ length: numTasks }, (_, task) => task);
}

/** By mean use, descending; ties by index. */
function longestFirst(problem: ArrayProblem): Int32Array {
  const { numTasks, pairStart, use } = problem.assignment;
  const mean = Float64Array.from({ length: numTasks }, (_, task) => {
    const own = use.subarray(pairStart[task]!, pairStart[task + 1]!);
    return own.reduce((sum, one) => sum + one, 0) / Math.max(1, own.length);
  });
  return asGiven(problem).sort((a, b) => mean[b]! - mean[a]! || a - b);
}
