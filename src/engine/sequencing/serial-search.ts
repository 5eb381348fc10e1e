import type { Random } from "../../domain/index.js";
import { LimitUse } from "./assignment-limits.js";
import { dispatchOrders } from "./dispatch.js";
import { dispatchStart, type GivenStart } from "./given-start.js";
import { LimitRepair } from "./limit-repair.js";
import { crossOrders, rankByStart, type RankedOrder } from "./order-crossover.js";
import type { SearchRecord } from "./search-record.js";
import type { TaskOrder } from "./sequence-state.js";
import { SerialDecoder } from "./serial-decoder.js";
import { pairOn, type SequencingProblem } from "./sequencing-problem.js";
import { TabuSearch } from "./tabu-search.js";

const POOL_SIZE = 5;
/** Schedules whose length a new one is compared with, in turn. */
const HISTORY = 40;
/** Decoded schedules without gain, per task, after which a search ends. */
const MAX_STALLED_PER_TASK = 60;
/** Moves of tabu search without pools and absences, per task, from which the first searches begin. */
const RELAXED_MOVES_PER_TASK = 1000;
const SLICE_DECODES = 100;

interface Member {
  readonly ranked: RankedOrder;
  readonly length: number;
}

/**
 * Search where absences or pools bind: orders and agents decoded by serial generation, each searched by late acceptance (Burke, Bykov, EJOR
 * 258, 2017) with shifts in the order and changes of agent, and combined as in the memetic search. Endless, like it.
 */
export class SerialSearch {
  readonly #decoder: SerialDecoder;
  readonly #relaxed: TabuSearch;
  readonly #pool: Member[] = [];
  readonly #repair: LimitRepair | null;
  /** Loads of agents over all their slots: which slot runs a task is decided only in complete schedules. */
  readonly #use: LimitUse | null;
  #numDecoded = 0;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    private readonly prices: Float64Array,
    private readonly random: Random,
    private readonly given: GivenStart | null = null,
  ) {
    this.#decoder = new SerialDecoder(problem);
    this.#relaxed = new TabuSearch(problem, random);
    const { use } = this.#relaxed.state;
    this.#repair = use === null ? null : new LimitRepair(use, random);
    this.#use = problem.limits === null ? null : new LimitUse(problem, problem.limits, "agent");
  }

  get numMoves(): number {
    return this.#relaxed.numMoves + (this.#repair?.numMoves ?? 0) + this.#numDecoded * this.problem.numTasks;
  }

  /** Whether all first searches have stalled: what follows only combines their ends. */
  get isPoolFull(): boolean {
    return this.#pool.length === POOL_SIZE;
  }

  *run(): Generator<void, void, void> {
    const { problem, random, record, given } = this;
    const delivery = new Float64Array(problem.numTasks);
    const dispatched = dispatchOrders(problem, delivery, this.prices, random);
    const fromGiven = given === null ? null : dispatchStart(problem, given, delivery, random);
    if (fromGiven !== null) yield* this.#searchFrom(fromGiven.next().value, delivery);
    while (!record.isDone && this.#pool.length < POOL_SIZE) {
      const isFound = yield* this.#searchFrom(dispatched.next().value, delivery);
      if (!isFound && fromGiven !== null) yield* this.#searchFrom(fromGiven.next().value, delivery);
    }
    while (!record.isDone) {
      const mother = this.#pool[random.below(POOL_SIZE)]!.ranked;
      const others = this.#pool.filter(({ ranked }) => ranked !== mother);
      const father = others[random.below(POOL_SIZE - 1)]!.ranked;
      const child = crossOrders(problem, mother, father, random);
      yield* this.#search(this.#keepsLimits(child) ? child : mother);
    }
  }

  /** Searches from an order, and from the schedule that follows from it without pools and absences; false where limits cannot be kept. */
  *#searchFrom(order: TaskOrder, delivery: Float64Array): Generator<void, boolean, void> {
    yield;
    if (!this.#keepsLimits(order)) return false;
    yield* this.#search(order);
    this.#relaxed.start(order, delivery);
    this.#relaxed.run(0, RELAXED_MOVES_PER_TASK * this.problem.numTasks, Infinity);
    yield* this.#search(this.#relaxed.best);
    return true;
  }

  /** Whether an order, changed where necessary, keeps all limits. */
  #keepsLimits(order: TaskOrder): boolean {
    return this.#repair === null || this.#repair.run(order);
  }

  /** Late acceptance from an order until it stalls; its best schedule joins the pool. */
  *#search({ order: start, pairOf: startPairs, slotOf }: TaskOrder): Generator<void, void, void> {
    const { random, record } = this;
    let [order, pairOf] = [start.slice(), startPairs.slice()];
    let length = this.#decode(order, pairOf);
    this.#count(pairOf);
    let [best, bestLength] = [{ order, pairOf, slotOf }, length];
    let bestStarts = this.#decoder.startMs.slice();
    const history = new Float64Array(HISTORY).fill(length);
    const maxStalled = MAX_STALLED_PER_TASK * this.problem.numTasks;
    for (let [step, stalled] = [0, 0]; stalled < maxStalled && !record.isDone; step++, stalled++) {
      if (step % SLICE_DECODES === 0) yield;
      const [triedOrder, triedPairs] = [order.slice(), pairOf.slice()];
      const kind = random.below(4);
      if (kind < 2) this.#shift(triedOrder);
      else if (!(kind === 2 ? this.#reassign(triedPairs) : this.#exchange(triedPairs))) continue;
      const tried = this.#decode(triedOrder, triedPairs);
      if (tried <= length || tried <= history[step % HISTORY]!) {
        [order, pairOf, length] = [triedOrder, triedPairs, tried];
        if (kind >= 2) this.#count(pairOf);
      }
      history[step % HISTORY] = Math.min(history[step % HISTORY]!, length);
      if (tried >= bestLength) continue;
      stalled = 0;
      [best, bestLength] = [{ order: triedOrder, pairOf: triedPairs, slotOf }, tried];
      bestStarts = this.#decoder.startMs.slice();
    }
    this.#admit({ ranked: rankByStart(best, bestStarts), length: bestLength });
  }

  #decode(order: Int32Array, pairOf: Int32Array): number {
    const decoder = this.#decoder;
    decoder.decode(order, pairOf);
    this.#numDecoded++;
    if (decoder.length <= Math.min(this.record.latestOfInterest, decoder.horizonMs)) {
      this.record.offerPlan(decoder.toPlan(pairOf));
    }
    return decoder.length;
  }

  /** Moves a random task to a random place between its last predecessor and its first successor. */
  #shift(order: Int32Array): void {
    const { predecessorStart, predecessors, successorStart, successors } = this.problem;
    const from = this.random.below(order.length);
    const task = order[from]!;
    const before = predecessors.subarray(predecessorStart[task]!, predecessorStart[task + 1]!);
    const after = successors.subarray(successorStart[task]!, successorStart[task + 1]!);
    let [low, high] = [from, from];
    while (low > 0 && !before.includes(order[low - 1]!)) low--;
    while (high + 1 < order.length && !after.includes(order[high + 1]!)) high++;
    const to = low + this.random.below(high - low + 1);
    if (to < from) order.copyWithin(to + 1, to, from);
    else order.copyWithin(from, from + 1, to + 1);
    order[to] = task;
  }

  /** Gives a random task another pair; false where there is none or limits forbid it. */
  #reassign(pairOf: Int32Array): boolean {
    const { pairStart, pairAgent } = this.problem;
    const task = this.random.below(pairOf.length);
    const [from, to] = [pairStart[task]!, pairStart[task + 1]!];
    const [oldPair, pair] = [pairOf[task]!, from + this.random.below(to - from)];
    if (pair === oldPair) return false;
    if (this.#use?.allows(oldPair, pairAgent[oldPair]!, pair, pairAgent[pair]!) === false) return false;
    pairOf[task] = pair;
    return true;
  }

  /** Two random tasks change agents; false where they cannot or limits forbid it. */
  #exchange(pairOf: Int32Array): boolean {
    const { pairAgent } = this.problem;
    const [one, other] = [this.random.below(pairOf.length), this.random.below(pairOf.length)];
    const [oldOne, oldOther] = [pairOf[one]!, pairOf[other]!];
    const [agent, otherAgent] = [pairAgent[oldOne]!, pairAgent[oldOther]!];
    if (agent === otherAgent) return false;
    const [newOne, newOther] = [pairOn(this.problem, one, otherAgent), pairOn(this.problem, other, agent)];
    if (newOne < 0 || newOther < 0) return false;
    if (this.#use?.allowsExchange(oldOne, newOne, oldOther, newOther, agent, otherAgent) === false) return false;
    [pairOf[one], pairOf[other]] = [newOne, newOther];
    return true;
  }

  #count(pairOf: Int32Array): void {
    this.#use?.reset(
      pairOf,
      pairOf.map((pair) => this.problem.pairAgent[pair]!),
    );
  }

  #admit(member: Member): void {
    if (this.#pool.length < POOL_SIZE) {
      this.#pool.push(member);
      return;
    }
    const longest = this.#pool.reduce((worst, one, k) => (one.length > this.#pool[worst]!.length ? k : worst), 0);
    if (member.length <= this.#pool[longest]!.length) this.#pool[longest] = member;
  }
}
