import type { Random } from "../../domain/index.js";
import { AppendDecoder } from "./append-decoder.js";
import { LimitUse } from "./assignment-limits.js";
import type { SearchRecord } from "./search-record.js";
import type { TaskOrder } from "./sequence-state.js";
import { SerialDecoder } from "./serial-decoder.js";
import { pairOn, type SequencingProblem } from "./sequencing-problem.js";

/** Temperatures at the begin and at the end of a run, in mean busy times of a task. */
const FIRST_TEMPERATURE = 0.1;
const LAST_TEMPERATURE = 0.005;
/** Tries between two changes of the temperature. */
const TRIES_PER_STEP = 128;
/** A task is shifted over at most this many others for each slot, and no fewer than the second number. */
const SPAN_PER_SLOT = 2;
const LEAST_SPAN = 12;

/**
 * Simulated annealing (Kirkpatrick, Gelatt, Vecchi, Science 220, 1983) over lists that an `AppendDecoder` turns into schedules: shifts in the order,
 * changes of agent, and exchanges of agents. Where agents differ and all of them are busy to the end, no critical path leads to what must change,
 * and this finds it.
 */
export class AnnealingSearch {
  /** The best list of the last run. */
  best: TaskOrder;
  readonly #decoder: AppendDecoder;
  readonly #closing: SerialDecoder;
  readonly #use: LimitUse | null;
  readonly #order: Int32Array;
  readonly #pairOf: Int32Array;
  readonly #position: Int32Array;
  readonly #meanBusy: number;
  readonly #span: number;
  /** The last try: tasks with their old pairs, or a place with the one where its task stood. */
  readonly #old: { one: number; pair: number; other: number; otherPair: number; from: number; to: number };

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    private readonly random: Random,
  ) {
    const { numTasks, leastBusyMs, numSlots, limits } = problem;
    this.best = { order: new Int32Array(0), pairOf: new Int32Array(0), slotOf: new Int32Array(0) };
    this.#decoder = new AppendDecoder(problem);
    this.#closing = new SerialDecoder(problem);
    this.#use = limits === null ? null : new LimitUse(problem, limits, "agent");
    [this.#order, this.#pairOf] = [new Int32Array(numTasks), new Int32Array(numTasks)];
    this.#position = new Int32Array(numTasks);
    this.#meanBusy = leastBusyMs.reduce((sum, one) => sum + one, 0) / Math.max(1, numTasks);
    this.#span = Math.max(LEAST_SPAN, SPAN_PER_SLOT * numSlots);
    this.#old = { one: -1, pair: -1, other: -1, otherPair: -1, from: -1, to: -1 };
  }

  get numMoves(): number {
    return this.#decoder.numPlaced;
  }

  /** One run of about so many moves from a list, the temperature falling with them; yields between its steps. */
  *run({ order, pairOf }: TaskOrder, numMoves: number): Generator<void, void, void> {
    const { random, record } = this;
    const decoder = this.#decoder;
    this.#load(order, pairOf);
    let value = decoder.decode(this.#order, this.#pairOf, Infinity);
    let bestValue = value;
    this.#keep();
    const from = this.numMoves;
    for (let done = 0; done < 1 && !record.isDone; done = (this.numMoves - from) / numMoves) {
      const temperature = this.#meanBusy * FIRST_TEMPERATURE * (LAST_TEMPERATURE / FIRST_TEMPERATURE) ** done;
      for (let k = 0; k < TRIES_PER_STEP; k++) {
        if (!this.#try()) {
          // So that a problem without choices ends too.
          this.#decoder.numPlaced++;
          continue;
        }
        const tried = decoder.decode(this.#order, this.#pairOf, value - temperature * Math.log(1 - random.unit()));
        if (tried === Infinity) {
          this.#undo();
          continue;
        }
        value = tried;
        this.#count();
        if (decoder.makespanMs < record.makespanMs) this.#offer();
        if (value >= bestValue) continue;
        bestValue = value;
        this.#keep();
      }
      yield;
    }
  }

  #load(order: Int32Array, pairOf: Int32Array): void {
    this.#order.set(order);
    this.#pairOf.set(pairOf);
    order.forEach((task, k) => (this.#position[task] = k));
    this.#old.one = -1;
    this.#use?.reset(
      pairOf,
      pairOf.map((pair) => this.problem.pairAgent[pair]!),
    );
  }

  #keep(): void {
    this.best = { order: this.#order.slice(), pairOf: this.#pairOf.slice(), slotOf: this.#decoder.slotOf.slice() };
  }

  /** Offers the schedule decoded last, with its gaps filled. */
  #offer(): void {
    const { startMs } = this.#decoder;
    const byStart = this.#order
      .slice()
      .sort((a, b) => startMs[a]! - startMs[b]! || this.#position[a]! - this.#position[b]!);
    this.#closing.decode(byStart, this.#pairOf);
    if (this.#closing.length <= this.#closing.horizonMs) this.record.offerPlan(this.#closing.toPlan(this.#pairOf));
  }

  /** One random change; false where the one drawn is none, or limits forbid it. */
  #try(): boolean {
    const kind = this.random.below(4);
    if (kind < 2) return this.#shift();
    return kind === 2 ? this.#reassign() : this.#exchange();
  }

  #undo(): void {
    const { one, pair, other, otherPair, from, to } = this.#old;
    if (one < 0) {
      this.#move(to, from);
      return;
    }
    this.#pairOf[one] = pair;
    if (other >= 0) this.#pairOf[other] = otherPair;
  }

  /** Counts the limits' use after a change of pairs that was accepted. */
  #count(): void {
    const { one, pair, other, otherPair } = this.#old;
    if (this.#use === null || one < 0) return;
    const { pairAgent } = this.problem;
    const change = (task: number, old: number): void => {
      const now = this.#pairOf[task]!;
      this.#use!.remove(old, pairAgent[old]!);
      this.#use!.add(now, pairAgent[now]!);
    };
    change(one, pair);
    if (other >= 0) change(other, otherPair);
  }

  /** A random task to a random place near its own, behind its predecessors and ahead of its successors. */
  #shift(): boolean {
    const { predecessorStart, predecessors, successorStart, successors } = this.problem;
    const position = this.#position;
    const from = this.random.below(position.length);
    const task = this.#order[from]!;
    let low = Math.max(0, from - this.#span);
    let high = Math.min(position.length - 1, from + this.#span);
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      const after = position[predecessors[k]!]! + 1;
      if (after > low) low = after;
    }
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
      const ahead = position[successors[k]!]! - 1;
      if (ahead < high) high = ahead;
    }
    if (low === high) return false;
    const drawn = low + this.random.below(high - low);
    const to = drawn < from ? drawn : drawn + 1;
    this.#move(from, to);
    Object.assign(this.#old, { one: -1, from, to });
    return true;
  }

  #move(from: number, to: number): void {
    const order = this.#order;
    const task = order[from]!;
    const step = to < from ? -1 : 1;
    for (let k = from; k !== to; k += step) {
      order[k] = order[k + step]!;
      this.#position[order[k]!] = k;
    }
    order[to] = task;
    this.#position[task] = to;
  }

  #reassign(): boolean {
    const { pairStart, pairAgent } = this.problem;
    const task = this.random.below(this.#pairOf.length);
    const [from, to] = [pairStart[task]!, pairStart[task + 1]!];
    const [old, pair] = [this.#pairOf[task]!, from + this.random.below(to - from)];
    if (pair === old || this.#use?.allows(old, pairAgent[old]!, pair, pairAgent[pair]!) === false) return false;
    this.#pairOf[task] = pair;
    Object.assign(this.#old, { one: task, pair: old, other: -1 });
    return true;
  }

  #exchange(): boolean {
    const { problem, random } = this;
    const { pairAgent } = problem;
    const pairOf = this.#pairOf;
    const [one, other] = [random.below(pairOf.length), random.below(pairOf.length)];
    const [oldOne, oldOther] = [pairOf[one]!, pairOf[other]!];
    const [agent, otherAgent] = [pairAgent[oldOne]!, pairAgent[oldOther]!];
    if (agent === otherAgent) return false;
    const [newOne, newOther] = [pairOn(problem, one, otherAgent), pairOn(problem, other, agent)];
    if (newOne < 0 || newOther < 0) return false;
    if (this.#use?.allowsExchange(oldOne, newOne, oldOther, newOther, agent, otherAgent) === false) return false;
    [pairOf[one], pairOf[other]] = [newOne, newOther];
    Object.assign(this.#old, { one, pair: oldOne, other, otherPair: oldOther });
    return true;
  }
}
