/**
 * The problem class every linear goal comes down to, and a makespan goal at a fixed makespan (Ross, Soland, Math.
 * Programming 8, 1975):
 *
 *   min Σ_{i,j} cost[i,j] x[i,j]   where   Σ_j x[i,j] = 1 for each task i,   Σ_i use[i,j] x[i,j] ≤ capacity[j],   x ∈ {0, 1}.
 *
 * Pairs are sparse and task-major, as in an `Instance`: those of task i are pairStart[i] … pairStart[i+1] − 1, in ascending
 * order of agents. What has no pair cannot be. All costs are finite, of either sign; use ≥ 0; capacity ≥ 0 or Infinity.
 */
export interface GeneralizedAssignment {
  /** Number of tasks. */
  readonly numTasks: number;
  /** Number of agents. */
  readonly numAgents: number;
  /** numTasks + 1 entries. */
  readonly pairStart: Int32Array;
  /** Agent of each pair. */
  readonly pairAgent: Int32Array;
  /** Cost of each pair, finite, of either sign. */
  readonly cost: Float64Array;
  /** What each pair takes of its agent's capacity, ≥ 0. */
  readonly use: Float64Array;
  /** Capacity of each agent, ≥ 0; Infinity where unlimited. */
  readonly capacity: Float64Array;
}

/** Pair index of (task, agent), −1 where there is none. O(log pairs of the task). */
export function pairOf(
  problem: Pick<GeneralizedAssignment, "pairStart" | "pairAgent">,
  task: number,
  agent: number,
): number {
  let [low, high] = [problem.pairStart[task]!, problem.pairStart[task + 1]! - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = problem.pairAgent[middle]!;
    if (found === agent) return middle;
    if (found < agent) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
