import { tightestPair, tightestTask } from "./branching.js";
import { type FreedTasks, freeTasks } from "./freed-tasks.js";
import type { SearchRecord } from "./search-record.js";
import { decodeOrder, type SequencedPlan } from "./sequenced-plan.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { type SlotProblem, withSlotsAsAgents } from "./slots-as-agents.js";
import { TimeWindows } from "./time-windows.js";

/** Tasks set free together at first, and by what their number grows where nothing was found. */
const FIRST_SIZE = 12;
const GROWTH = 1.4;
/** Places between two sets of tasks, as a share of their number. */
const STEP_SHARE = 0.125;
/** Sets of a size that are given up, as a share, above which larger ones have no hope. */
const MOST_OPEN = 0.5;

/**
 * Large neighbourhoods of one schedule (Pacino, Van Hentenryck, IJCAI 2011): tasks that follow each other in order of starts are set free, all others
 * keep agents and sequences, and an exhaustive search over time windows finds a schedule of those that shortens the whole, or that there is none. Where
 * times are tight, sets of twenty or thirty tasks are decided in some thousand moves.
 */
export class WindowSearch {
  /** Windows computed. */
  numMoves = 0;
  /** The same at the last better plan. */
  movesAtGain = 0;
  readonly #slots: SlotProblem;
  readonly #prices: Float64Array;
  readonly #place: Int32Array;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    prices: Float64Array,
  ) {
    this.#slots = withSlotsAsAgents(problem);
    this.#prices = Float64Array.from(problem.slotAgent, (agent) => prices[agent]!);
    this.#place = new Int32Array(problem.numTasks);
    problem.topologicalOrder.forEach((task, k) => (this.#place[task] = k));
  }

  /**
   * Shortens a schedule until sets larger than those that it cannot shorten are mostly given up; yields between sets.
   *
   * @param maxMoves after which a set is given up
   */
  *run(start: TaskOrder, maxMoves: number): Generator<void, TaskOrder, void> {
    const { problem, record } = this;
    const { numTasks } = problem;
    let plan = decodeOrder(this.#slots.problem, this.#onSlots(start));
    for (let size = FIRST_SIZE; size < numTasks; size = Math.ceil(size * GROWTH)) {
      const step = Math.ceil(STEP_SHARE * size);
      const numPlaces = Math.ceil((numTasks - size) / step) + 1;
      let [numTried, numOpen] = [0, 0];
      let byStart = this.#byStart(plan);
      for (let place = 0; numTried < numPlaces; numTried++) {
        const from = Math.min(place * step, numTasks - size);
        const result = this.#shorten(plan, byStart, [from, from + size], maxMoves);
        if (result === "open" && ++numOpen > MOST_OPEN * numPlaces) return this.#orderOf(plan);
        if (result === "open" || result === "refuted") place = (place + 1) % numPlaces;
        else {
          plan = result;
          byStart = this.#byStart(plan);
          [numTried, numOpen] = [-1, 0];
          if (plan.makespanMs < record.makespanMs && record.offerPlan(this.#toOriginal(plan)))
            this.movesAtGain = this.numMoves;
          if (record.isDone) return this.#orderOf(plan);
        }
        yield;
      }
    }
    return this.#orderOf(plan);
  }

  #orderOf(plan: SequencedPlan): TaskOrder {
    const { pairOf, slotOf } = this.#toOriginal(plan);
    return { order: this.#byStart(plan), pairOf, slotOf };
  }

  #byStart({ startMs }: SequencedPlan): Int32Array {
    const place = this.#place;
    return Int32Array.from(place.keys()).sort((a, b) => startMs[a]! - startMs[b]! || place[a]! - place[b]!);
  }

  #onSlots({ order, pairOf, slotOf }: TaskOrder): TaskOrder {
    const { problem, originalPair } = this.#slots;
    const pairs = pairOf.map((original, task) => {
      let pair = problem.pairStart[task]!;
      while (originalPair[pair] !== original || problem.pairAgent[pair] !== slotOf[task]) pair++;
      return pair;
    });
    return { order, pairOf: pairs, slotOf };
  }

  #toOriginal(plan: SequencedPlan): SequencedPlan {
    return { ...plan, pairOf: plan.pairOf.map((pair) => this.#slots.originalPair[pair]!) };
  }

  /** A shorter schedule that differs only in a set of tasks; "refuted" where there is none. */
  #shorten(
    plan: SequencedPlan,
    byStart: Int32Array,
    range: readonly [number, number],
    maxMoves: number,
  ): SequencedPlan | "refuted" | "open" {
    const whole = this.#slots.problem;
    const latestEndMs = plan.makespanMs - this.record.leastGain;
    const freed = freeTasks(whole, plan, byStart, range, latestEndMs);
    this.numMoves += whole.numTasks;
    if (freed === null) return "refuted";
    const search = new FreedSearch(freed, this.#prices, latestEndMs, maxMoves);
    const result = search.run();
    this.numMoves += search.numMoves;
    if (result !== "found") return result;
    const { startMs, pairOf } = search;
    const order = byStart.slice();
    const pairs = plan.pairOf.slice();
    freed.tasks.forEach((task, index) => {
      pairs[task] = whole.pairStart[task]! + pairOf[index]! - freed.problem.pairStart[index]!;
    });
    const place = new Int32Array(freed.tasks.length);
    freed.problem.topologicalOrder.forEach((index, k) => (place[index] = k));
    const indices = Int32Array.from(place.keys()).sort((a, b) => startMs[a]! - startMs[b]! || place[a]! - place[b]!);
    indices.forEach((index, k) => (order[range[0] + k] = freed.tasks[index]!));
    const slotOf = pairs.map((pair) => whole.pairAgent[pair]!);
    const shorter = decodeOrder(whole, { order, pairOf: pairs, slotOf });
    // Rounding may keep the last of a gain away.
    return shorter.makespanMs < plan.makespanMs ? shorter : "open";
  }
}

/** Exhaustive search for a schedule of freed tasks: first the slot of each, then the orders still in doubt. */
class FreedSearch {
  /** The schedule found: the start and the pair of each freed task. */
  startMs = new Float64Array(0);
  pairOf = new Int32Array(0);
  readonly #windows: TimeWindows;
  readonly #all: Int32Array;

  constructor(
    { problem, freeUntilMs }: FreedTasks,
    prices: Float64Array,
    latestEndMs: number,
    private readonly maxMoves: number,
  ) {
    const windows = new TimeWindows(problem, prices);
    this.#windows = windows;
    this.#all = Int32Array.from(problem.leastBusyMs.keys());
    windows.open(latestEndMs);
    for (let pair = 0; pair < windows.latestEnd.length; pair++)
      windows.lowerEnd(pair, freeUntilMs[problem.pairAgent[pair]!]!);
  }

  get numMoves(): number {
    return this.#windows.numMoves;
  }

  run(): "found" | "refuted" | "open" {
    const windows = this.#windows;
    if (windows.numMoves > this.maxMoves) return "open";
    if (!windows.propagate()) return "refuted";
    const task = tightestTask(windows, this.#all);
    if (task >= 0) return this.#chooseSlot(task);
    const [first, second] = tightestPair(windows);
    if (first < 0) {
      this.startMs = windows.taskStart.slice();
      const { isAlive, problem } = windows;
      this.pairOf = this.#all.map((one) => isAlive.indexOf(1, problem.pairStart[one]));
      return "found";
    }
    const before = windows.save();
    for (const [ahead, behind] of [[first, second] as const, [second, first] as const]) {
      windows.addOrder(ahead, behind);
      const result = this.run();
      if (result !== "refuted") return result;
      windows.removeOrder();
      windows.restore(before);
    }
    return "refuted";
  }

  #chooseSlot(task: number): "found" | "refuted" | "open" {
    const windows = this.#windows;
    const { busyMs, pairStart } = windows.problem;
    const before = windows.save();
    const pairs: number[] = [];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) if (before.isAlive[pair]) pairs.push(pair);
    const end = (pair: number): number => before.earliestStart[pair]! + busyMs[pair]!;
    pairs.sort((a, b) => end(a) - end(b) || a - b);
    for (const pair of pairs) {
      windows.choose(pair);
      const result = this.run();
      if (result !== "refuted") return result;
      windows.restore(before);
    }
    return "refuted";
  }
}
