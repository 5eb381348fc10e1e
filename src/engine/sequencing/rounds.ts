import { completeCuts } from "./complete-cuts.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Tasks that all come after the round before. */
export interface Round {
  readonly tasks: Int32Array;
  /** Whether none of them waits for another of them. */
  readonly isFree: boolean;
}

/**
 * Tasks in rounds: each waits for all of the round before, so that the rounds of every schedule follow each other, and the least ends of the
 * rounds, each on its own, add up to that of the whole. Null where there are none worth it, or where something beside them binds: releases, arrivals,
 * deadlines, absences or pools. O(tasks + dependencies).
 */
export function findRounds(problem: SequencingProblem): readonly Round[] | null {
  const { numTasks, topologicalOrder, releaseMs, availableFromMs, hasDeadlines, absences, pools } = problem;
  if (hasDeadlines || absences !== null || pools !== null) return null;
  if (releaseMs.some((time) => time > 0) || availableFromMs.some((time) => time > 0)) return null;
  const isCut = completeCuts(problem);
  const rounds: Round[] = [];
  let first = 0;
  for (let place = 1; place <= numTasks; place++) {
    if (place < numTasks && isCut[place] === 0) continue;
    const tasks = topologicalOrder.slice(first, place);
    rounds.push({ tasks, isFree: isFree(problem, tasks) });
    first = place;
  }
  // A chain needs none, since its path says all; nor does one round with order between single tasks: it is nearly the whole.
  const wide = rounds.filter(({ tasks }) => tasks.length > 1);
  return rounds.length > 1 && (wide.length > 1 || wide[0]?.isFree === true) ? rounds : null;
}

function isFree({ predecessorStart, predecessors }: SequencingProblem, tasks: Int32Array): boolean {
  const members = new Set(tasks);
  return tasks.every((task) => {
    const before = predecessors.subarray(predecessorStart[task]!, predecessorStart[task + 1]!);
    return !before.some((one) => members.has(one));
  });
}
