import type { SequenceState } from "./sequence-state.js";

/**
 * Repairs the topological order after a task got new neighbours on a slot (Pearce, Kelly, ACM J. Exp. Algorithmics 11, 2006).
 * Only ranks between the task and the neighbour that stands on the wrong side of it change. Returns false, with the order
 * unchanged, where the new arcs close a cycle. `marks` is all zero before and after; `moved` is scratch memory.
 */
export function repairOrderAfter(state: SequenceState, task: number, marks: Uint8Array, moved: Int32Array): boolean {
  const { rank } = state;
  const before = state.before[task]!;
  // The neighbours were in order before the task stood between them, so that at most one of them is on the wrong side.
  if (before >= 0 && rank[before]! > rank[task]!) return moveBehind(state, task, before, marks, moved);
  const after = state.after[task]!;
  if (after >= 0 && rank[after]! < rank[task]!) return moveAhead(state, task, after, marks, moved);
  return true;
}

/** Moves the task, and what must follow it, behind `last`. */
function moveBehind(state: SequenceState, task: number, last: number, marks: Uint8Array, moved: Int32Array): boolean {
  const { order, rank } = state;
  const { successorStart, successors } = state.problem;
  const [from, to] = [rank[task]!, rank[last]!];
  let numMoved = 0;
  marks[task] = 1;
  for (let k = from; k <= to; k++) {
    const node = order[k]!;
    if (marks[node] === 0) continue;
    moved[numMoved++] = node;
    for (let s = successorStart[node]!; s < successorStart[node + 1]!; s++) {
      if (rank[successors[s]!]! <= to) marks[successors[s]!] = 1;
    }
    const after = state.after[node]!;
    if (after >= 0 && rank[after]! <= to) marks[after] = 1;
  }
  const isCycle = marks[last] === 1;
  if (!isCycle) {
    let write = from;
    for (let k = from; k <= to; k++) {
      const node = order[k]!;
      if (marks[node] === 1) continue;
      order[write] = node;
      rank[node] = write++;
    }
    place(state, moved, numMoved, write);
  }
  for (let k = 0; k < numMoved; k++) marks[moved[k]!] = 0;
  return !isCycle;
}

/** Moves the task, and what must precede it, ahead of `first`. */
function moveAhead(state: SequenceState, task: number, first: number, marks: Uint8Array, moved: Int32Array): boolean {
  const { order, rank } = state;
  const { predecessorStart, predecessors } = state.problem;
  const [from, to] = [rank[first]!, rank[task]!];
  let numMoved = 0;
  marks[task] = 1;
  for (let k = to; k >= from; k--) {
    const node = order[k]!;
    if (marks[node] === 0) continue;
    moved[numMoved++] = node;
    for (let p = predecessorStart[node]!; p < predecessorStart[node + 1]!; p++) {
      if (rank[predecessors[p]!]! >= from) marks[predecessors[p]!] = 1;
    }
    const before = state.before[node]!;
    if (before >= 0 && rank[before]! >= from) marks[before] = 1;
  }
  const isCycle = marks[first] === 1;
  if (!isCycle) {
    let write = to;
    for (let k = to; k >= from; k--) {
      const node = order[k]!;
      if (marks[node] === 1) continue;
      order[write] = node;
      rank[node] = write--;
    }
    moved.subarray(0, numMoved).reverse();
    place(state, moved, numMoved, from);
  }
  for (let k = 0; k < numMoved; k++) marks[moved[k]!] = 0;
  return !isCycle;
}

function place({ order, rank }: SequenceState, moved: Int32Array, numMoved: number, from: number): void {
  for (let k = 0; k < numMoved; k++) {
    order[from + k] = moved[k]!;
    rank[moved[k]!] = from + k;
  }
}
