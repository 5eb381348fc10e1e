import { cutPlaces } from "./segments.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/**
 * Tasks in rounds: none waits for another of its round, and each waits for all of the round before. The rounds of every schedule follow each
 * other, so that the least ends of the rounds, each on its own, add up to that of the whole. Rounds are found only where a single task stands
 * between them: two wide ones in a row count as one, and tasks then wait within it. Null where there are no such rounds, or where something beside them binds:
 * releases, arrivals, deadlines, absences or pools. O(tasks + dependencies).
 */
export function findRounds(problem: SequencingProblem): readonly Int32Array[] | null {
  const { numTasks, topologicalOrder, releaseMs, availableFromMs, hasDeadlines, absences, pools } = problem;
  if (hasDeadlines || absences !== null || pools !== null) return null;
  if (releaseMs.some((time) => time > 0) || availableFromMs.some((time) => time > 0)) return null;
  const isCut = cutPlaces(problem);
  const rounds: Int32Array[] = [];
  let first = 0;
  for (let place = 0; place < numTasks; place++) {
    const isEnd = isCut[place] === 1 || place + 1 === numTasks || isCut[place + 1] === 1;
    if (!isEnd) continue;
    rounds.push(topologicalOrder.slice(first, place + 1));
    first = place + 1;
  }
  // A chain alone needs none: its path says all.
  const isChain = rounds.length === numTasks;
  return rounds.length > 1 && !isChain && rounds.every((round) => isFree(problem, round)) ? rounds : null;
}

/** Whether none of the tasks waits for another of them. */
function isFree({ predecessorStart, predecessors }: SequencingProblem, round: Int32Array): boolean {
  const members = new Set(round);
  return round.every((task) => {
    const before = predecessors.subarray(predecessorStart[task]!, predecessorStart[task + 1]!);
    return !before.some((one) => members.has(one));
  });
}
