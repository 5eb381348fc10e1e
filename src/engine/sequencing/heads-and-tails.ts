import type { SequenceState } from "./sequence-state.js";

/** Computes all heads and tails afresh. Returns how many. */
export function computeTimes(state: SequenceState): number {
  const { order } = state;
  for (let k = 0; k < order.length; k++) computeHead(state, order[k]!);
  for (let k = order.length - 1; k >= 0; k--) computeTail(state, order[k]!);
  return 2 * order.length;
}

/** The earliest start of a task from those of its predecessors. Returns whether its end changed. */
function computeHead(state: SequenceState, task: number): boolean {
  const { finish, before: previous } = state;
  const { predecessorStart, predecessors, availableFromMs, slotAgent, releaseMs } = state.problem;
  let head = releaseMs[task]!;
  for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
    const end = finish[predecessors[k]!]!;
    if (end > head) head = end;
  }
  state.dependencyHead[task] = head;
  const before = previous[task]!;
  const free = before < 0 ? availableFromMs[slotAgent[state.slotOf[task]!]!]! : finish[before]!;
  if (free > head) head = free;
  state.head[task] = head;
  const end = head + state.busy[task]!;
  if (end === finish[task]) return false;
  finish[task] = end;
  return true;
}

/** The longest way from a task's end from those of its successors. Returns whether its way to the end, its busy time included, changed. */
function computeTail(state: SequenceState, task: number): boolean {
  const { reach } = state;
  const { successorStart, successors } = state.problem;
  let tail = state.delivery[task]!;
  for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
    const way = reach[successors[k]!]!;
    if (way > tail) tail = way;
  }
  state.dependencyTail[task] = tail;
  const after = state.after[task]!;
  if (after >= 0 && reach[after]! > tail) tail = reach[after]!;
  state.tail[task] = tail;
  const way = tail + state.busy[task]!;
  if (way === reach[task]) return false;
  reach[task] = way;
  return true;
}

/**
 * Computes heads along the topological order after a task was moved away from before `oldAfter` (−1 where it was last): only of tasks with a changed
 * predecessor. Returns how many. `isDirty` is all zero before and after.
 */
export function updateHeads(state: SequenceState, task: number, oldAfter: number, isDirty: Uint8Array): number {
  const { order, rank, after } = state;
  const { successorStart, successors } = state.problem;
  let first = rank[task]!;
  let numDirty = 1;
  let numComputed = 0;
  isDirty[task] = 1;
  if (oldAfter >= 0) {
    isDirty[oldAfter] = 1;
    numDirty++;
    if (rank[oldAfter]! < first) first = rank[oldAfter]!;
  }
  const newAfter = after[task]!;
  if (newAfter >= 0 && isDirty[newAfter] === 0) {
    isDirty[newAfter] = 1;
    numDirty++;
  }
  for (let k = first; numDirty > 0; k++) {
    const node = order[k]!;
    if (isDirty[node] === 0) continue;
    isDirty[node] = 0;
    numDirty--;
    numComputed++;
    if (!computeHead(state, node)) continue;
    for (let s = successorStart[node]!; s < successorStart[node + 1]!; s++) {
      const next = successors[s]!;
      numDirty += 1 - isDirty[next]!;
      isDirty[next] = 1;
    }
    const next = after[node]!;
    if (next >= 0) {
      numDirty += 1 - isDirty[next]!;
      isDirty[next] = 1;
    }
  }
  return numComputed;
}

/** Computes tails against the topological order after a task was moved away from behind `oldBefore`, as `updateHeads` does heads. */
export function updateTails(state: SequenceState, task: number, oldBefore: number, isDirty: Uint8Array): number {
  const { order, rank, before } = state;
  const { predecessorStart, predecessors } = state.problem;
  let last = rank[task]!;
  let numDirty = 1;
  let numComputed = 0;
  isDirty[task] = 1;
  if (oldBefore >= 0) {
    isDirty[oldBefore] = 1;
    numDirty++;
    if (rank[oldBefore]! > last) last = rank[oldBefore]!;
  }
  const newBefore = before[task]!;
  if (newBefore >= 0 && isDirty[newBefore] === 0) {
    isDirty[newBefore] = 1;
    numDirty++;
  }
  for (let k = last; numDirty > 0; k--) {
    const node = order[k]!;
    if (isDirty[node] === 0) continue;
    isDirty[node] = 0;
    numDirty--;
    numComputed++;
    if (!computeTail(state, node)) continue;
    for (let p = predecessorStart[node]!; p < predecessorStart[node + 1]!; p++) {
      const previous = predecessors[p]!;
      numDirty += 1 - isDirty[previous]!;
      isDirty[previous] = 1;
    }
    const previous = before[node]!;
    if (previous >= 0) {
      numDirty += 1 - isDirty[previous]!;
      isDirty[previous] = 1;
    }
  }
  return numComputed;
}
