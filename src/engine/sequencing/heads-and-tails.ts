import type { SequenceState } from "./sequence-state.js";

/** Heads as they were before they were computed, so that they can be put back: `size` tasks, each once. */
export class HeadLog {
  size = 0;
  readonly tasks: Int32Array;
  readonly head: Float64Array;
  readonly dependencyHead: Float64Array;
  readonly finish: Float64Array;

  constructor(numTasks: number) {
    this.tasks = new Int32Array(numTasks);
    this.head = new Float64Array(numTasks);
    this.dependencyHead = new Float64Array(numTasks);
    this.finish = new Float64Array(numTasks);
  }

  /** Puts the logged heads back, and forgets them. */
  restore({ head, dependencyHead, finish }: SequenceState): void {
    for (let k = 0; k < this.size; k++) {
      const task = this.tasks[k]!;
      head[task] = this.head[k]!;
      dependencyHead[task] = this.dependencyHead[k]!;
      finish[task] = this.finish[k]!;
    }
    this.size = 0;
  }
}

/** Tasks moved on slots since tails were computed: three numbers for each, in memory that is kept. */
export class Relocations {
  size = 0;
  /** How many of them have computed heads. */
  numWithHeads = 0;
  /** The task, and those before and after it where it stood, −1 where there was none. */
  readonly task: number[] = [];
  readonly oldBefore: number[] = [];
  readonly oldAfter: number[] = [];

  add(task: number, oldBefore: number, oldAfter: number): void {
    this.task[this.size] = task;
    this.oldBefore[this.size] = oldBefore;
    this.oldAfter[this.size++] = oldAfter;
  }

  clear(): void {
    this.size = this.numWithHeads = 0;
  }
}

/** Computes all heads and tails afresh. `isDirty` is all zero before and after. */
export function computeTimes(state: SequenceState, isDirty: Uint8Array, log: HeadLog): void {
  const { length } = state.order;
  isDirty.fill(1);
  sweepHeads(state, 0, length, length, Infinity, isDirty, log);
  log.size = 0;
  isDirty.fill(1);
  sweepTails(state, length - 1, length, isDirty);
}

/**
 * Computes heads along the topological order after relocations that have none yet, of tasks with a changed predecessor only; logs what they were.
 * `isDirty` is all zero before and after.
 *
 * @returns false as soon as a path is seen to be longer than `longest`: what follows is left as it was
 */
export function updateHeads(
  state: SequenceState,
  relocations: Relocations,
  longest: number,
  isDirty: Uint8Array,
  log: HeadLog,
): boolean {
  const { rank, after } = state;
  let [first, last, numDirty] = [rank.length, -1, 0];
  for (let k = relocations.numWithHeads; k < relocations.size; k++) {
    const [task, oldAfter] = [relocations.task[k]!, relocations.oldAfter[k]!];
    numDirty += mark(isDirty, task) + mark(isDirty, oldAfter) + mark(isDirty, after[task]!);
    first = Math.min(first, rank[task]!, oldAfter < 0 ? first : rank[oldAfter]!);
    last = Math.max(last, lastRank(state, relocations, k));
  }
  relocations.numWithHeads = relocations.size;
  return sweepHeads(state, first, last, numDirty, longest, isDirty, log);
}

/** Computes tails against the topological order after relocations, as `updateHeads` does heads. */
export function updateTails(state: SequenceState, relocations: Relocations, isDirty: Uint8Array): void {
  let [last, numDirty] = [-1, 0];
  for (let k = 0; k < relocations.size; k++) {
    const [task, oldBefore] = [relocations.task[k]!, relocations.oldBefore[k]!];
    numDirty += mark(isDirty, task) + mark(isDirty, oldBefore) + mark(isDirty, state.before[task]!);
    last = Math.max(last, lastRank(state, relocations, k));
  }
  sweepTails(state, last, numDirty, isDirty);
}

/** The last rank at which a relocation changed what follows a task. */
function lastRank({ rank }: SequenceState, { task, oldBefore }: Relocations, k: number): number {
  const before = oldBefore[k]!;
  return before < 0 ? rank[task[k]!]! : Math.max(rank[task[k]!]!, rank[before]!);
}

/** 1 where the task was not marked before. */
function mark(isDirty: Uint8Array, task: number): number {
  if (task < 0 || isDirty[task] === 1) return 0;
  isDirty[task] = 1;
  return 1;
}

/** Heads of dirty tasks from a rank on. Behind the rank `last` all tails are right, so that paths too long show there. */
function sweepHeads(
  state: SequenceState,
  first: number,
  last: number,
  numMarked: number,
  longest: number,
  isDirty: Uint8Array,
  log: HeadLog,
): boolean {
  // Fields read once: these loops take most of the time of a search.
  const { order, before, after, head, dependencyHead, finish, busy, slotOf, reach } = state;
  const { successorStart, successors, predecessorStart, predecessors } = state.problem;
  const { releaseMs, availableFromMs, slotAgent } = state.problem;
  const { tasks, head: oldHead, dependencyHead: oldDependencyHead, finish: oldFinish } = log;
  let numDirty = numMarked;
  let size = log.size;
  let k = first;
  let isTooLong = false;
  for (; numDirty > 0 && !isTooLong; k++) {
    const node = order[k]!;
    if (isDirty[node] === 0) continue;
    isDirty[node] = 0;
    numDirty--;
    let start = releaseMs[node]!;
    const lastPredecessor = predecessorStart[node + 1]!;
    for (let p = predecessorStart[node]!; p < lastPredecessor; p++) {
      const end = finish[predecessors[p]!]!;
      if (end > start) start = end;
    }
    tasks[size] = node;
    oldHead[size] = head[node]!;
    oldDependencyHead[size] = dependencyHead[node]!;
    oldFinish[size++] = finish[node]!;
    dependencyHead[node] = start;
    const previous = before[node]!;
    const free = previous < 0 ? availableFromMs[slotAgent[slotOf[node]!]!]! : finish[previous]!;
    if (free > start) start = free;
    head[node] = start;
    const end = start + busy[node]!;
    if (end === finish[node]) continue;
    finish[node] = end;
    isTooLong = k > last && start + reach[node]! > longest;
    const lastSuccessor = successorStart[node + 1]!;
    for (let s = successorStart[node]!; s < lastSuccessor; s++) {
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
  for (; numDirty > 0; k++) {
    numDirty -= isDirty[order[k]!]!;
    isDirty[order[k]!] = 0;
  }
  state.numUpdates += size - log.size;
  log.size = size;
  return !isTooLong;
}

/** Tails of dirty tasks from a rank down. */
function sweepTails(state: SequenceState, last: number, numMarked: number, isDirty: Uint8Array): void {
  const { order, before, after, tail, dependencyTail, reach, busy, delivery } = state;
  const { predecessorStart, predecessors, successorStart, successors } = state.problem;
  let numDirty = numMarked;
  let numComputed = 0;
  for (let k = last; numDirty > 0; k--) {
    const node = order[k]!;
    if (isDirty[node] === 0) continue;
    isDirty[node] = 0;
    numDirty--;
    numComputed++;
    let way = delivery[node]!;
    const lastSuccessor = successorStart[node + 1]!;
    for (let s = successorStart[node]!; s < lastSuccessor; s++) {
      const further = reach[successors[s]!]!;
      if (further > way) way = further;
    }
    dependencyTail[node] = way;
    const following = after[node]!;
    if (following >= 0 && reach[following]! > way) way = reach[following]!;
    tail[node] = way;
    way += busy[node]!;
    if (way === reach[node]) continue;
    reach[node] = way;
    const lastPredecessor = predecessorStart[node + 1]!;
    for (let p = predecessorStart[node]!; p < lastPredecessor; p++) {
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
  state.numUpdates += numComputed;
}
