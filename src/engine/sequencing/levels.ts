import type { SequencingProblem } from "./sequencing-problem.js";
import type { Segment } from "./segments.js";

/** Slots that a level's tasks can fill, at least: narrower levels go together with the next. */
const LEAST_TASKS_PER_SLOT = 1;

/**
 * Tasks by the number of tasks on the longest chain ahead of them, levels with fewer tasks than slots together with those behind them: every task is
 * behind the levels of those that it waits for. O(tasks + dependencies).
 */
export function findLevels(problem: SequencingProblem): readonly Segment[] {
  const { numTasks, numSlots, topologicalOrder, predecessorStart, predecessors } = problem;
  const depth = new Int32Array(numTasks);
  const ofDepth: number[][] = [];
  for (const task of topologicalOrder) {
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++)
      depth[task] = Math.max(depth[task]!, depth[predecessors[k]!]! + 1);
    (ofDepth[depth[task]!] ??= []).push(task);
  }
  const levels: Segment[] = [];
  let wide: number[] = [];
  for (const [k, tasks] of ofDepth.entries()) {
    wide.push(...tasks);
    if (wide.length < LEAST_TASKS_PER_SLOT * numSlots && k + 1 < ofDepth.length) continue;
    levels.push(Int32Array.from(wide));
    wide = [];
  }
  return levels;
}
