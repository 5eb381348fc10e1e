import { LimitUse } from "./assignment-limits.js";
import { repairOrderAfter } from "./order-repair.js";
import type { SequencedPlan } from "./sequenced-plan.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** What determines a schedule: a topological order of all tasks, with the pair and the slot of each. */
export interface TaskOrder {
  readonly order: Int32Array;
  readonly pairOf: Int32Array;
  readonly slotOf: Int32Array;
}

/**
 * Tasks in sequence on slots, with heads and tails that follow each move. The graph's arcs are the dependencies and each task's
 * neighbours on its slot; `order` is always a topological order of it. O(tasks + slots) memory beside the problem.
 */
export class SequenceState {
  readonly pairOf: Int32Array;
  readonly slotOf: Int32Array;
  /** Busy time on the chosen agent. */
  readonly busy: Float64Array;
  /** Place of each task in the sequence of its slot. */
  readonly position: Int32Array;
  readonly sequences: Int32Array[];
  readonly lengths: Int32Array;
  readonly order: Int32Array;
  /** Inverse of `order`. */
  readonly rank: Int32Array;
  /** Earliest start, and what of it comes from release and dependencies alone. */
  readonly head: Float64Array;
  readonly dependencyHead: Float64Array;
  /** Head and busy time together: the end of the task. */
  readonly finish: Float64Array;
  /** Longest way from the task's end to the end of the plan, and what of it comes from delivery and dependencies alone. */
  readonly tail: Float64Array;
  readonly dependencyTail: Float64Array;
  /** Busy time and tail together. */
  readonly reach: Float64Array;
  /** Time that each task still takes after its end, whatever follows it: how deadlines enter the length. */
  readonly delivery: Float64Array;
  /** Longest path: the last end, deliveries included. */
  length = 0;
  /** Nodes whose head or tail was computed. */
  numUpdates = 0;
  /** How much of the limits is used; null where there are none. */
  readonly use: LimitUse | null;
  readonly #isDirty: Uint8Array;
  readonly #moved: Int32Array;

  constructor(readonly problem: SequencingProblem) {
    const { numTasks, numSlots } = problem;
    const integers = (size: number): Int32Array => new Int32Array(size);
    const times = (): Float64Array => new Float64Array(numTasks);
    [this.pairOf, this.slotOf, this.position] = [integers(numTasks), integers(numTasks), integers(numTasks)];
    [this.order, this.rank, this.#moved] = [integers(numTasks), integers(numTasks), integers(numTasks)];
    this.lengths = integers(numSlots);
    this.sequences = Array.from({ length: numSlots }, () => integers(8));
    [this.busy, this.head, this.dependencyHead, this.finish] = [times(), times(), times(), times()];
    [this.tail, this.dependencyTail, this.reach, this.delivery] = [times(), times(), times(), times()];
    this.#isDirty = new Uint8Array(numTasks);
    this.use = problem.limits === null ? null : new LimitUse(problem, problem.limits, "slot");
  }

  /** Takes over an order and computes everything from it. */
  load({ order, pairOf, slotOf }: TaskOrder): void {
    this.lengths.fill(0);
    this.order.set(order);
    this.pairOf.set(pairOf);
    this.slotOf.set(slotOf);
    for (let k = 0; k < order.length; k++) {
      const task = order[k]!;
      this.rank[task] = k;
      this.busy[task] = this.problem.busyMs[pairOf[task]!]!;
      this.#insert(task, slotOf[task]!, this.lengths[slotOf[task]!]!);
    }
    this.use?.reset(pairOf, slotOf);
    this.refresh();
  }

  /** Computes all heads and tails afresh, for example after a change of deliveries. */
  refresh(): void {
    const { order } = this;
    for (let k = 0; k < order.length; k++) this.#computeHead(order[k]!);
    for (let k = order.length - 1; k >= 0; k--) this.#computeTail(order[k]!);
    this.numUpdates += 2 * order.length;
    this.#measure();
  }

  /** A copy of what determines the schedule. */
  save(): TaskOrder {
    return { order: this.order.slice(), pairOf: this.pairOf.slice(), slotOf: this.slotOf.slice() };
  }

  toPlan(): SequencedPlan {
    const makespanMs = this.finish.reduce((most, finish) => Math.max(most, finish), 0);
    return { pairOf: this.pairOf.slice(), slotOf: this.slotOf.slice(), startMs: this.head.slice(), makespanMs };
  }

  before(task: number): number {
    const position = this.position[task]!;
    return position > 0 ? this.sequences[this.slotOf[task]!]![position - 1]! : -1;
  }

  after(task: number): number {
    const position = this.position[task]! + 1;
    return position < this.lengths[this.slotOf[task]!]! ? this.sequences[this.slotOf[task]!]![position]! : -1;
  }

  /**
   * Moves a task to a place on a slot (the place that it has after it left its own) and updates heads and tails. Returns false
   * and changes nothing where that would close a cycle.
   */
  move(task: number, pair: number, slot: number, position: number): boolean {
    const [oldSlot, oldPosition] = [this.slotOf[task]!, this.position[task]!];
    const [oldBefore, oldAfter] = [this.before(task), this.after(task)];
    this.#remove(task);
    this.#insert(task, slot, position);
    if (!repairOrderAfter(this, task, this.#isDirty, this.#moved)) {
      this.#remove(task);
      this.#insert(task, oldSlot, oldPosition);
      return false;
    }
    this.use?.remove(this.pairOf[task]!, oldSlot);
    this.use?.add(pair, slot);
    this.pairOf[task] = pair;
    this.busy[task] = this.problem.busyMs[pair]!;
    this.#updateHeads(task, oldAfter);
    this.#updateTails(task, oldBefore);
    this.#measure();
    return true;
  }

  #remove(task: number): void {
    const slot = this.slotOf[task]!;
    const sequence = this.sequences[slot]!;
    const last = --this.lengths[slot]!;
    for (let k = this.position[task]!; k < last; k++) {
      const next = sequence[k + 1]!;
      sequence[k] = next;
      this.position[next] = k;
    }
  }

  #insert(task: number, slot: number, position: number): void {
    const length = this.lengths[slot]!++;
    let sequence = this.sequences[slot]!;
    if (length === sequence.length) {
      const longer = new Int32Array(2 * length);
      longer.set(sequence);
      this.sequences[slot] = sequence = longer;
    }
    for (let k = length; k > position; k--) {
      const next = sequence[k - 1]!;
      sequence[k] = next;
      this.position[next] = k;
    }
    sequence[position] = task;
    this.position[task] = position;
    this.slotOf[task] = slot;
  }

  /** Whether the task's end changed. */
  #computeHead(task: number): boolean {
    const { predecessorStart, predecessors, availableFromMs, slotAgent, releaseMs } = this.problem;
    const { finish } = this;
    let head = releaseMs[task]!;
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      const end = finish[predecessors[k]!]!;
      if (end > head) head = end;
    }
    this.dependencyHead[task] = head;
    const before = this.before(task);
    const free = before < 0 ? availableFromMs[slotAgent[this.slotOf[task]!]!]! : finish[before]!;
    if (free > head) head = free;
    this.head[task] = head;
    const end = head + this.busy[task]!;
    if (end === finish[task]) return false;
    finish[task] = end;
    return true;
  }

  /** Whether the task's way to the end, its busy time included, changed. */
  #computeTail(task: number): boolean {
    const { successorStart, successors } = this.problem;
    const { reach } = this;
    let tail = this.delivery[task]!;
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
      const way = reach[successors[k]!]!;
      if (way > tail) tail = way;
    }
    this.dependencyTail[task] = tail;
    const after = this.after(task);
    if (after >= 0 && reach[after]! > tail) tail = reach[after]!;
    this.tail[task] = tail;
    const way = tail + this.busy[task]!;
    if (way === reach[task]) return false;
    reach[task] = way;
    return true;
  }

  /** Heads along the topological order from the first task concerned; only tasks with a changed predecessor are computed. */
  #updateHeads(task: number, oldAfter: number): void {
    const { order, rank } = this;
    const { successorStart, successors } = this.problem;
    const isDirty = this.#isDirty;
    let first = rank[task]!;
    let numDirty = 1;
    isDirty[task] = 1;
    if (oldAfter >= 0) {
      isDirty[oldAfter] = 1;
      numDirty++;
      if (rank[oldAfter]! < first) first = rank[oldAfter]!;
    }
    const newAfter = this.after(task);
    if (newAfter >= 0 && isDirty[newAfter] === 0) {
      isDirty[newAfter] = 1;
      numDirty++;
    }
    for (let k = first; numDirty > 0; k++) {
      const node = order[k]!;
      if (isDirty[node] === 0) continue;
      isDirty[node] = 0;
      numDirty--;
      this.numUpdates++;
      if (!this.#computeHead(node)) continue;
      for (let s = successorStart[node]!; s < successorStart[node + 1]!; s++) {
        const next = successors[s]!;
        if (isDirty[next] === 0) {
          isDirty[next] = 1;
          numDirty++;
        }
      }
      const after = this.after(node);
      if (after >= 0 && isDirty[after] === 0) {
        isDirty[after] = 1;
        numDirty++;
      }
    }
  }

  /** Tails against the topological order from the last task concerned. */
  #updateTails(task: number, oldBefore: number): void {
    const { order, rank } = this;
    const { predecessorStart, predecessors } = this.problem;
    const isDirty = this.#isDirty;
    let last = rank[task]!;
    let numDirty = 1;
    isDirty[task] = 1;
    if (oldBefore >= 0) {
      isDirty[oldBefore] = 1;
      numDirty++;
      if (rank[oldBefore]! > last) last = rank[oldBefore]!;
    }
    const newBefore = this.before(task);
    if (newBefore >= 0 && isDirty[newBefore] === 0) {
      isDirty[newBefore] = 1;
      numDirty++;
    }
    for (let k = last; numDirty > 0; k--) {
      const node = order[k]!;
      if (isDirty[node] === 0) continue;
      isDirty[node] = 0;
      numDirty--;
      this.numUpdates++;
      if (!this.#computeTail(node)) continue;
      for (let s = predecessorStart[node]!; s < predecessorStart[node + 1]!; s++) {
        const previous = predecessors[s]!;
        if (isDirty[previous] === 0) {
          isDirty[previous] = 1;
          numDirty++;
        }
      }
      const before = this.before(node);
      if (before >= 0 && isDirty[before] === 0) {
        isDirty[before] = 1;
        numDirty++;
      }
    }
  }

  #measure(): void {
    const { finish, delivery } = this;
    let length = 0;
    for (let task = 0; task < finish.length; task++) {
      const end = finish[task]! + delivery[task]!;
      if (end > length) length = end;
    }
    this.length = length;
  }
}
