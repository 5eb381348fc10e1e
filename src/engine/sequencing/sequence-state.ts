import { LimitUse } from "./assignment-limits.js";
import { computeTimes, HeadLog, Relocations, updateHeads, updateTails } from "./heads-and-tails.js";
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
  /** The task before each task on its slot and the one after it, −1 where there is none. */
  readonly before: Int32Array;
  readonly after: Int32Array;
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
  #hasDelivery = false;
  /** Relocations of which tails are not settled, and heads and length before them. */
  readonly #open = new Relocations();
  readonly #headLog: HeadLog;
  #settledLength = 0;
  readonly #isDirty: Uint8Array;
  readonly #moved: Int32Array;

  constructor(readonly problem: SequencingProblem) {
    const { numTasks, numSlots } = problem;
    const integers = (size: number): Int32Array => new Int32Array(size);
    const times = (): Float64Array => new Float64Array(numTasks);
    [this.pairOf, this.slotOf, this.position] = [integers(numTasks), integers(numTasks), integers(numTasks)];
    [this.order, this.rank, this.#moved] = [integers(numTasks), integers(numTasks), integers(numTasks)];
    [this.before, this.after] = [integers(numTasks), integers(numTasks)];
    this.lengths = integers(numSlots);
    this.sequences = Array.from({ length: numSlots }, () => integers(8));
    [this.busy, this.head, this.dependencyHead, this.finish] = [times(), times(), times(), times()];
    [this.tail, this.dependencyTail, this.reach, this.delivery] = [times(), times(), times(), times()];
    this.#isDirty = new Uint8Array(numTasks);
    this.#headLog = new HeadLog(numTasks);
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
    this.#hasDelivery = this.delivery.some((time) => time > 0);
    computeTimes(this, this.#isDirty, this.#headLog);
    this.#measure();
    this.#settledLength = this.length;
  }

  /** A copy of what determines the schedule. */
  save(): TaskOrder {
    return { order: this.order.slice(), pairOf: this.pairOf.slice(), slotOf: this.slotOf.slice() };
  }

  toPlan(): SequencedPlan {
    const makespanMs = this.finish.reduce((most, finish) => Math.max(most, finish), 0);
    return { pairOf: this.pairOf.slice(), slotOf: this.slotOf.slice(), startMs: this.head.slice(), makespanMs };
  }

  /**
   * Moves a task to a place on a slot (the place that it has after it left its own) and updates heads and tails. Returns false
   * and changes nothing where that would close a cycle.
   */
  move(task: number, pair: number, slot: number, position: number): boolean {
    if (!this.relocate(task, pair, slot, position)) return false;
    this.settle();
    return true;
  }

  /** As `move`, but heads, tails and length stay as they are until they are settled, which pays where a move may be taken back. */
  relocate(task: number, pair: number, slot: number, position: number): boolean {
    const [oldSlot, oldPosition] = [this.slotOf[task]!, this.position[task]!];
    const [oldBefore, oldAfter] = [this.before[task]!, this.after[task]!];
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
    this.#open.add(task, oldBefore, oldAfter);
    return true;
  }

  /** Computes heads, tails and length after relocations. */
  settle(): void {
    if (this.#open.numWithHeads < this.#open.size) this.settleHeads(Infinity);
    updateTails(this, this.#open, this.#isDirty);
    this.#close();
    this.#settledLength = this.length;
  }

  /**
   * Computes heads and length after relocations, once before these are settled or taken back. Returns false, to be taken back, as soon as a path
   * is seen to be longer than `longest`.
   */
  settleHeads(longest: number): boolean {
    const isShort = updateHeads(this, this.#open, longest, this.#isDirty, this.#headLog);
    if (isShort) this.#measure();
    return isShort;
  }

  /** Puts heads and length back where all relocations since the last settled tails have been taken back, so that tails are right. */
  settleTakenBack(): void {
    this.#headLog.restore(this);
    this.length = this.#settledLength;
    this.#close();
  }

  #close(): void {
    this.#open.clear();
    this.#headLog.size = 0;
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
    const [before, after] = [this.before[task]!, this.after[task]!];
    if (before >= 0) this.after[before] = after;
    if (after >= 0) this.before[after] = before;
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
    const before = position > 0 ? sequence[position - 1]! : -1;
    const after = position < length ? sequence[position + 1]! : -1;
    this.before[task] = before;
    this.after[task] = after;
    if (before >= 0) this.after[before] = task;
    if (after >= 0) this.before[after] = task;
  }

  /** Without deliveries the last task of some slot ends last. */
  #measure(): void {
    const { finish, delivery, sequences, lengths } = this;
    let length = 0;
    if (this.#hasDelivery) {
      for (let task = 0; task < finish.length; task++) {
        const end = finish[task]! + delivery[task]!;
        if (end > length) length = end;
      }
    } else {
      for (let slot = 0; slot < lengths.length; slot++) {
        const size = lengths[slot]!;
        if (size === 0) continue;
        const end = finish[sequences[slot]![size - 1]!]!;
        if (end > length) length = end;
      }
    }
    this.length = length;
  }
}
