import type { Random } from "../../domain/index.js";
import { dispatchBackward } from "./backward-dispatch.js";
import { DeadlineAim } from "./deadline-aim.js";
import { dispatchOrders } from "./dispatch.js";
import { dispatchStart, type GivenStart } from "./given-start.js";
import { LevelSearch } from "./level-search.js";
import { LimitRepair } from "./limit-repair.js";
import { crossOrders, orderDistance, rankByStart, type RankedOrder } from "./order-crossover.js";
import { decodeOrder } from "./sequenced-plan.js";
import type { SearchRecord } from "./search-record.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { TabuSearch } from "./tabu-search.js";
import { movesASlice } from "./slice-sizes.js";

/** Dispatched schedules of which the shortest begins each of the first searches, fewer where there are more pairs than this in all. */
const MAX_RESTARTS = 12;
const MAX_DISPATCHED_PAIRS = 2e6;
/** From this many tasks on a schedule built level by level may begin the first search; sooner where tasks wait for so many others that levels are nearly rounds. */
const LEAST_TASKS_FOR_LEVELS = 500;
const LEAST_TASKS_WHEN_DENSE = 150;
const DENSE_PER_TASK = 2;
/** Orders that could not be made to keep limits, after which no more of the same are tried. */
const MAX_BROKEN = 1;
/** Schedules kept, and iterations without gain, per task, after which a search ends. */
interface PoolRules {
  readonly size: number;
  readonly stalledPerTask: number;
}
/**
 * Many short searches beat few long ones: on 20 generated shops that these were not chosen on, the mean gap of those left open at a hundred million
 * moves is 2.4 % with 300 per task and a pool of 5, and 1.8 % with these.
 */
const MANY_CHOICES: PoolRules = { size: 24, stalledPerTask: 2 };
/** Where most tasks have one agent, sequences decide, and longer searches are needed to find good ones. */
const FEW_CHOICES: PoolRules = { size: 5, stalledPerTask: 20 };
/** Eligible agents per task, in the mean, below which choices are few. */
const FEW_PAIRS_PER_TASK = 1.4;
/** So many iterations without gain at least. */
const LEAST_STALLED = 400;
/** So many children in a row without a gain, per member of the pool, double that number, up to this many per task: the pool has become alike. */
const CHILDREN_WITHOUT_GAIN = 4;
const MOST_STALLED_PER_TASK = 300;
/** The same while no plan meets the deadlines: more starts find one sooner. */
const MAX_STALLED_WITHOUT_PLAN = 60;
/** Two schedules that differ by at most this share of the tasks are near-duplicates. */
const DUPLICATE_SHARE = 0.02;

interface Member extends RankedOrder {
  length: number;
}

/**
 * Memetic search: a small pool of schedules, each the end of a tabu search; a child of two of them is searched and takes the place
 * of a near-duplicate or of the longest. Endless: the caller stops it, and finds plans in the record.
 */
export class MemeticSearch {
  readonly #tabu: TabuSearch;
  readonly #aim: DeadlineAim;
  readonly #pool: Member[] = [];
  readonly #given: GivenStart | null;
  readonly #repair: LimitRepair | null;
  readonly #levels: LevelSearch | null;
  readonly #poolSize: number;
  #invited: TaskOrder | null = null;
  #maxStalled: number;
  #childrenWithoutGain = 0;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    private readonly prices: Float64Array,
    private readonly random: Random,
    { given = null, movesLeft }: { readonly given?: GivenStart | null; readonly movesLeft: () => number },
  ) {
    this.#given = given;
    this.#tabu = new TabuSearch(problem, random);
    this.#aim = new DeadlineAim(problem);
    const rules = problem.busyMs.length < FEW_PAIRS_PER_TASK * problem.numTasks ? FEW_CHOICES : MANY_CHOICES;
    this.#poolSize = rules.size;
    this.#maxStalled = Math.max(LEAST_STALLED, rules.stalledPerTask * problem.numTasks);
    const { use } = this.#tabu.state;
    this.#repair = use === null ? null : new LimitRepair(use, random);
    this.#levels = isForLevels(problem) ? new LevelSearch(problem, record, prices, random, movesLeft) : null;
  }

  get numMoves(): number {
    return this.#tabu.numMoves + (this.#repair?.numMoves ?? 0) + (this.#levels?.numMoves ?? 0);
  }

  /** Whether all first searches have stalled: what follows only combines their ends. */
  get isPoolFull(): boolean {
    return this.#pool.length === this.#poolSize;
  }

  /** The next search begins at this order, from elsewhere. */
  invite(order: TaskOrder): void {
    this.#invited = order;
  }

  /** Yields after every slice of moves; ends only where the plan on record is proven best. */
  *run(): Generator<void, void, void> {
    // The first latest end decides the deliveries, and with them how orders are dispatched.
    if (this.problem.hasDeadlines) {
      this.#aim.begin(decodeOrder(this.problem, this.#dispatch().next().value).makespanMs);
    }
    const dispatched = this.#dispatch();
    const affordable = Math.floor(MAX_DISPATCHED_PAIRS / this.problem.busyMs.length);
    const restarts = Math.max(1, Math.min(MAX_RESTARTS, affordable));
    const fromGiven =
      this.#given === null ? null : dispatchStart(this.problem, this.#given, this.#aim.delivery, this.random);
    const shortest =
      (fromGiven && (yield* this.#shortest(take(fromGiven, restarts)))) ??
      (yield* this.#shortest(take(dispatched, restarts)));
    const first = (this.#levels && (yield* this.#levels.run())) ?? shortest;
    if (first !== null) yield* this.#search(first);
    while (!this.record.isDone && this.#pool.length < this.#poolSize) {
      const order =
        (yield* this.#takeInvited()) ??
        (yield* this.#shortest(take(dispatched, restarts))) ??
        (fromGiven && (yield* this.#shortest(take(fromGiven, restarts))));
      if (order === null) yield;
      else yield* this.#search(order);
    }
    while (!this.record.isDone) {
      const invited = yield* this.#takeInvited();
      if (invited !== null) yield* this.#search(invited);
      const before = this.record.makespanMs;
      const mother = this.#pool[this.random.below(this.#poolSize)]!;
      const others = this.#pool.filter((member) => member !== mother);
      const father = others[this.random.below(this.#poolSize - 1)]!;
      const child = crossOrders(this.problem, mother, father, this.random);
      yield* this.#search((yield* this.#keepsLimits(child)) ? child : mother);
      if (this.record.makespanMs < before) this.#childrenWithoutGain = 0;
      else this.#searchLongerWhenAlike();
    }
  }

  /** The order invited last, if it keeps all limits. */
  *#takeInvited(): Generator<void, TaskOrder | null, void> {
    const invited = this.#invited;
    this.#invited = null;
    return invited !== null && (yield* this.#keepsLimits(invited)) ? invited : null;
  }

  /** Dispatched orders with the present deliveries; where there are deadlines, in turn from the start and from the end. */
  *#dispatch(): Generator<TaskOrder, never, void> {
    const { problem, prices, random } = this;
    const delivery = this.#aim.delivery.slice();
    const forward = dispatchOrders(problem, delivery, prices, random);
    const backward = dispatchBackward(problem, delivery, prices, random);
    for (;;) {
      yield forward.next().value;
      if (problem.hasDeadlines) yield backward.next().value;
    }
  }

  /** Of some orders, changed to keep all limits, the shortest; null where no limits could be kept. */
  *#shortest(orders: readonly TaskOrder[]): Generator<void, TaskOrder | null, void> {
    let [best, bestLength]: [TaskOrder | null, number] = [null, Infinity];
    let numBroken = 0;
    for (const order of orders) {
      if (!(yield* this.#keepsLimits(order))) {
        if (++numBroken > MAX_BROKEN) break;
        continue;
      }
      this.#tabu.start(order, this.#aim.delivery);
      this.#offer();
      if (best === null || this.#tabu.bestLength < bestLength) [best, bestLength] = [order, this.#tabu.bestLength];
    }
    return best;
  }

  /** Whether an order, changed where necessary, keeps all limits. */
  *#keepsLimits(order: TaskOrder): Generator<void, boolean, void> {
    return this.#repair === null || (yield* this.#repair.run(order));
  }

  /** Searches from an order until it stalls, and gives the end of it to the pool. */
  *#search(order: TaskOrder): Generator<void, void, void> {
    const tabu = this.#tabu;
    tabu.start(order, this.#aim.delivery);
    this.#offer();
    const { record, problem } = this;
    const isWithoutPlan = problem.hasDeadlines && record.plan === null;
    const maxStalled = isWithoutPlan ? MAX_STALLED_WITHOUT_PLAN * problem.numTasks : this.#maxStalled;
    do {
      tabu.run(this.#aim.targetLength(this.record), movesASlice(problem.numTasks), maxStalled);
      this.#offer();
      yield;
    } while (!this.record.isDone && tabu.stalled < maxStalled);
    this.#admit(tabu.best, tabu.bestLength);
  }

  /** Counts a child without a gain. */
  #searchLongerWhenAlike(): void {
    if (++this.#childrenWithoutGain <= CHILDREN_WITHOUT_GAIN * this.#poolSize) return;
    this.#childrenWithoutGain = 0;
    const most = Math.max(LEAST_STALLED, MOST_STALLED_PER_TASK * this.problem.numTasks);
    this.#maxStalled = Math.min(most, 2 * this.#maxStalled);
  }

  /** Records the search's best schedule where it is a better plan, and aims lower. */
  #offer(): void {
    const { record, problem } = this;
    const tabu = this.#tabu;
    const highest = problem.hasDeadlines ? this.#aim.targetLength(record) : record.latestOfInterest;
    if (!(tabu.bestLength <= highest)) return;
    record.offerPlan(decodeOrder(problem, tabu.best));
    if (!this.#aim.lower(record)) return;
    tabu.start(tabu.best, this.#aim.delivery);
    for (const member of this.#pool) member.length = Infinity;
  }

  #admit(order: TaskOrder, length: number): void {
    const child = { ...rankByStart(order, decodeOrder(this.problem, order).startMs), length };
    if (this.#pool.length < this.#poolSize) {
      this.#pool.push(child);
      return;
    }
    let [nearest, longest] = [0, 0];
    this.#pool.forEach((member, k) => {
      if (orderDistance(member, child) < orderDistance(this.#pool[nearest]!, child)) nearest = k;
      if (member.length > this.#pool[longest]!.length) longest = k;
    });
    const isDuplicate = orderDistance(this.#pool[nearest]!, child) <= DUPLICATE_SHARE * this.problem.numTasks;
    const replaced = isDuplicate ? nearest : longest;
    if (length <= this.#pool[replaced]!.length) this.#pool[replaced] = child;
  }
}

function isForLevels({ numTasks, predecessors, hasDeadlines, limits }: SequencingProblem): boolean {
  const isDense = predecessors.length >= DENSE_PER_TASK * numTasks;
  return numTasks >= (isDense ? LEAST_TASKS_WHEN_DENSE : LEAST_TASKS_FOR_LEVELS) && !hasDeadlines && limits === null;
}

function take<T>(items: Iterator<T, T>, count: number): T[] {
  return Array.from({ length: count }, () => items.next().value);
}
