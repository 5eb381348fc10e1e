import type { SequencingProblem } from "./sequencing-problem.js";

/** Earliest start and least time after the end of each task, whatever agents are chosen. */
export interface PathTimes {
  readonly head: Float64Array;
  readonly tail: Float64Array;
}

interface PathOptions {
  /** Default: least busy times. */
  readonly busy?: Float64Array;
  /** Time after each task's end; default: none. */
  readonly delivery?: Float64Array;
  /** 1 for the tasks that make tails; default: all. */
  readonly isInTails?: Uint8Array;
}

/** Heads from releases, availabilities and dependencies; tails from deliveries and dependencies. O(pairs + dependencies). */
export function pathTimes(
  problem: SequencingProblem,
  { busy = problem.leastBusyMs, delivery, isInTails }: PathOptions = {},
): PathTimes {
  const { numTasks, topologicalOrder, releaseMs, pairStart, pairAgent, availableFromMs } = problem;
  const { predecessorStart, predecessors, successorStart, successors } = problem;
  const head = new Float64Array(numTasks);
  const tail = delivery?.slice() ?? new Float64Array(numTasks);
  for (const task of topologicalOrder) {
    let available = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      available = Math.min(available, availableFromMs[pairAgent[pair]!]!);
    }
    let earliest = Math.max(releaseMs[task]!, available);
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      const before = predecessors[k]!;
      earliest = Math.max(earliest, head[before]! + busy[before]!);
    }
    head[task] = earliest;
  }
  for (let k = numTasks - 1; k >= 0; k--) {
    const task = topologicalOrder[k]!;
    for (let s = successorStart[task]!; s < successorStart[task + 1]!; s++) {
      const after = successors[s]!;
      if (isInTails?.[after] !== 0) tail[task] = Math.max(tail[task]!, busy[after]! + tail[after]!);
    }
  }
  return { head, tail };
}
