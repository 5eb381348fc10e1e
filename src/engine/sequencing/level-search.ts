import type { Random } from "../../domain/index.js";
import { dispatchOrders } from "./dispatch.js";
import { findLevels } from "./levels.js";
import { pathTimes } from "./path-times.js";
import type { SearchRecord } from "./search-record.js";
import { type Segment, segmentProblem } from "./segments.js";
import { decodeOrder } from "./sequenced-plan.js";
import type { TaskOrder } from "./sequence-state.js";
import { pairOn, type SequencingProblem } from "./sequencing-problem.js";
import { withSlotsAsAgents } from "./slots-as-agents.js";
import { TabuSearch } from "./tabu-search.js";
import { movesASlice } from "./slice-sizes.js";

/** Levels, at least: with fewer a search on the whole is as good. */
const LEAST_LEVELS = 4;
/**
 * How much of what must follow a task counts as long as its level is searched: nothing where the next level waits for nearly all of this one,
 * more where slots have room or few tasks wait. Each is tried, and the best one again with more moves.
 */
const TAIL_SHARES = [0, 0.5, 1];
/** Shares of the moves left, for each try and for all passes after the tries. */
const TRIAL_SHARE = 0.02;
const LAST_SHARE = 0.25;
/**
 * From so many tasks on a pass makes at most so many moves, under a second on an ordinary machine, and the passes after the tries go on where the best one
 * ended: a clock may strike long before the moves left are made, and a pass that it breaks off gives nothing. On 10,000 tasks six passes end as early as
 * one with all of their moves; below 1,000 tasks one pass is .1 % shorter.
 */
const LEAST_TASKS_FOR_PASSES = 1_000;
const PASS_MOVES = 3e6;
/** The same for each try. */
const TRIAL_MOVES = 1e6;
/** Share by which a pass has to end earlier, or it is the last one. */
const LEAST_GAIN = 5e-4;
/** Dispatched orders of which the shortest begins the search of a level. */
const NUM_DISPATCHED = 4;
/** Exchanges offered in each iteration: what is left to gain in a level is mostly in them. With 20 schedules are 1 to 2 % longer, with 300 no shorter. */
const EXCHANGES = 100;

/**
 * Schedules built level by level: the tasks of one level are sequenced by tabu search behind all levels before them, which stay as they are. On large
 * problems a longest path leads through all levels and shortens only if one of its tasks is moved in each, while nearly as long ones stand beside it; a
 * level alone has short paths, and a search shortens it soon.
 */
export class LevelSearch {
  numMoves = 0;
  readonly #levels: readonly Segment[];
  /** With an agent for each slot, since slots become free at different times. */
  readonly #slots: SequencingProblem;
  /** The pair of the problem for each pair of these; null where they are the same. */
  readonly #originalPair: Int32Array | null;
  readonly #tail: Float64Array;
  readonly #prices: Float64Array;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    prices: Float64Array,
    private readonly random: Random,
    private readonly movesLeft: () => number,
  ) {
    this.#levels = findLevels(problem);
    const slots = problem.numSlots === problem.numAgents ? null : withSlotsAsAgents(problem);
    this.#slots = slots?.problem ?? problem;
    this.#originalPair = slots?.originalPair ?? null;
    this.#prices = Float64Array.from(problem.slotAgent, (agent) => prices[agent]!);
    this.#tail = pathTimes(problem).tail;
  }

  /** The best order found, offered to the record too; null where levels are too few to be of use, or no schedule is shorter than the one on record. */
  *run(): Generator<void, TaskOrder | null, void> {
    if (this.#levels.length < LEAST_LEVELS) return null;
    let [best, bestShare, bestMs]: [TaskOrder | null, number, number] = [null, 0, this.record.makespanMs];
    const hasPasses = this.problem.numTasks >= LEAST_TASKS_FOR_PASSES;
    const numMoves = Math.min(hasPasses ? TRIAL_MOVES : Infinity, TRIAL_SHARE * this.movesLeft());
    for (const share of TAIL_SHARES) {
      const order = yield* this.#pass(share, numMoves, null);
      const makespanMs = this.#offer(order);
      if (makespanMs < bestMs) [best, bestShare, bestMs] = [order, share, makespanMs];
    }
    if (best === null || this.record.isDone) return best;
    if (hasPasses) return yield* this.#goOn(best, bestMs, bestShare);
    const last = yield* this.#pass(bestShare, LAST_SHARE * this.movesLeft(), null);
    return this.#offer(last) < bestMs ? last : best;
  }

  /** Passes, each from where the one before it ended, as long as they gain. */
  *#goOn(order: TaskOrder, makespanMs: number, share: number): Generator<void, TaskOrder, void> {
    let [best, bestMs, gain] = [order, makespanMs, 1];
    const enough = this.numMoves + LAST_SHARE * this.movesLeft();
    while (!this.record.isDone && (gain >= LEAST_GAIN || this.numMoves < enough)) {
      const next = yield* this.#pass(share, Math.min(PASS_MOVES, this.movesLeft()), best);
      const nextMs = this.#offer(next);
      gain = 1 - nextMs / bestMs;
      if (gain > 0) [best, bestMs] = [next, nextMs];
    }
    return best;
  }

  #offer(order: TaskOrder): number {
    const plan = decodeOrder(this.problem, order);
    this.record.offerPlan(plan);
    return plan.makespanMs;
  }

  /** One schedule of all levels, in about so many moves. @param before an order from which each level begins instead of from dispatched ones */
  *#pass(tailShare: number, numMoves: number, before: TaskOrder | null): Generator<void, TaskOrder, void> {
    const { numTasks, pairStart } = this.#slots;
    const levels = this.#levels;
    const freeMs = this.#slots.availableFromMs.slice();
    const endMs = new Float64Array(numTasks);
    const whole = {
      order: new Int32Array(numTasks),
      pairOf: new Int32Array(numTasks),
      slotOf: new Int32Array(numTasks),
    };
    const place = before && placesOf(before.order);
    let [left, size] = [numMoves, 0];
    for (const [k, level] of levels.entries()) {
      const part = this.#behind(level, endMs, freeMs);
      const since = this.numMoves;
      const found = yield* this.#search(
        part,
        Float64Array.from(level, (task) => tailShare * this.#tail[task]!),
        left / (levels.length - k),
        before && this.#within(level, part, before, place!),
      );
      left -= this.numMoves - since;
      const { startMs } = decodeOrder(part, found);
      // Sorting is stable: of tasks that start together each stays behind those it waits for.
      for (const index of found.order.sort((a, b) => startMs[a]! - startMs[b]!)) {
        const task = level[index]!;
        const slot = part.slotAgent[found.slotOf[index]!]!;
        const partPair = found.pairOf[index]!;
        const pair = pairStart[task]! + partPair - part.pairStart[index]!;
        endMs[task] = startMs[index]! + part.busyMs[partPair]!;
        freeMs[slot] = Math.max(freeMs[slot]!, endMs[task]!);
        whole.order[size++] = task;
        whole.slotOf[task] = slot;
        whole.pairOf[task] = this.#originalPair?.[pair] ?? pair;
      }
    }
    return whole;
  }

  /** The tasks of a level behind those whose ends are known, on slots from the times on at which these leave them. */
  #behind(level: Segment, endMs: Float64Array, freeMs: Float64Array): SequencingProblem {
    const { predecessorStart, predecessors } = this.#slots;
    const releaseMs = this.#slots.releaseMs.slice();
    for (const task of level) {
      for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++)
        releaseMs[task] = Math.max(releaseMs[task]!, endMs[predecessors[k]!]!);
    }
    return segmentProblem({ ...this.#slots, releaseMs, availableFromMs: freeMs }, level, 0);
  }

  /** What an order of all tasks says of those of a level. @param place of each task in it */
  #within(level: Segment, part: SequencingProblem, { slotOf }: TaskOrder, place: Int32Array): TaskOrder {
    return {
      order: Int32Array.from(level.keys()).sort((a, b) => place[level[a]!]! - place[level[b]!]!),
      pairOf: Int32Array.from(level, (task, index) => pairOn(part, index, slotOf[task]!)),
      slotOf: Int32Array.from(level, (task) => part.slotStart[slotOf[task]!]!),
    };
  }

  /** The shortest of some dispatched orders. */
  #shortest(part: SequencingProblem, delivery: Float64Array, tabu: TabuSearch): TaskOrder {
    const dispatched = dispatchOrders(part, delivery, this.#prices, this.random);
    let [shortest, length]: [TaskOrder | null, number] = [null, Infinity];
    for (let k = 0; k < NUM_DISPATCHED; k++) {
      const order = dispatched.next().value;
      tabu.start(order, delivery);
      if (shortest === null || tabu.bestLength < length) [shortest, length] = [order, tabu.bestLength];
    }
    return shortest!;
  }

  *#search(
    part: SequencingProblem,
    delivery: Float64Array,
    numMoves: number,
    given: TaskOrder | null,
  ): Generator<void, TaskOrder, void> {
    const tabu = new TabuSearch(part, this.random, EXCHANGES);
    const since = this.numMoves;
    tabu.start(given ?? this.#shortest(part, delivery, tabu), delivery);
    do {
      tabu.run(0, Math.min(movesASlice(part.numTasks), numMoves - tabu.numMoves), Infinity);
      this.numMoves = since + tabu.numMoves;
      yield;
    } while (tabu.numMoves < numMoves && tabu.stalled < Infinity);
    return tabu.best;
  }
}

function placesOf(order: Int32Array): Int32Array {
  const place = new Int32Array(order.length);
  order.forEach((task, k) => (place[task] = k));
  return place;
}
