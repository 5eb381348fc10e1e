import type { SequencingProblem } from "./sequencing-problem.js";

/**
 * Where the topological order falls into two parts such that every task of the second comes after every task of the first: 1 at the place of the
 * first task of each second part. Such a part begins every topological order. A way from the first part to the second leaves at a task without a
 * successor in the first, and arrives at one without a predecessor in the second; so all those have to be joined by dependencies of their own, and that
 * is enough. All three are counted for every place at once, from the places at which each begins and ends to count. O(tasks + dependencies).
 */
export function completeCuts(problem: SequencingProblem): Uint8Array {
  const { numTasks, topologicalOrder, predecessorStart, predecessors, successorStart, successors } = problem;
  const place = new Int32Array(numTasks);
  topologicalOrder.forEach((task, k) => (place[task] = k));
  const [nearest, last] = [new Int32Array(numTasks).fill(numTasks), new Int32Array(numTasks).fill(-1)];
  for (let task = 0; task < numTasks; task++) {
    for (let s = successorStart[task]!; s < successorStart[task + 1]!; s++)
      nearest[task] = Math.min(nearest[task]!, place[successors[s]!]!);
    for (let p = predecessorStart[task]!; p < predecessorStart[task + 1]!; p++)
      last[task] = Math.max(last[task]!, place[predecessors[p]!]!);
  }
  const counts = (): Int32Array => new Int32Array(numTasks + 2);
  const [ends, begins, joined] = [counts(), counts(), counts()];
  const seenFor = new Int32Array(numTasks).fill(-1);
  for (let task = 0; task < numTasks; task++) {
    countWithin(ends, place[task]!, nearest[task]!);
    countWithin(begins, last[task]!, place[task]!);
    for (let p = predecessorStart[task]!; p < predecessorStart[task + 1]!; p++) {
      const before = predecessors[p]!;
      if (seenFor[before] === task) continue;
      seenFor[before] = task;
      countWithin(joined, last[task]!, nearest[before]!);
    }
  }
  const isCut = new Uint8Array(numTasks);
  let [numEnds, numBegins, numJoined] = [0, 0, 0];
  for (let k = 0; k < numTasks; k++) {
    numEnds += ends[k]!;
    numBegins += begins[k]!;
    numJoined += joined[k]!;
    if (k > 0 && numJoined === numEnds * numBegins) isCut[k] = 1;
  }
  return isCut;
}

/** Counts one more at the places behind `after`, up to `to`; running sums turn the changes into counts. */
function countWithin(changes: Int32Array, after: number, to: number): void {
  if (to <= after) return;
  changes[after + 1]!++;
  changes[to + 1]!--;
}
