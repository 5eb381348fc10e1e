import { tightestPair, tightestTask } from "./branching.js";
import { NodePrices } from "./node-prices.js";
import { PartialLimits } from "./partial-limits.js";
import { PriceRows } from "./price-rows.js";
import type { RootBound } from "./root-bound.js";
import type { SearchRecord } from "./search-record.js";
import { decodeOrder, type SequencedPlan } from "./sequenced-plan.js";
import { SerialDecoder } from "./serial-decoder.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { shave } from "./shaving.js";
import { nodesASlice } from "./slice-sizes.js";
import { type SlotProblem, withSlotsAsAgents } from "./slots-as-agents.js";
import { TimeWindows } from "./time-windows.js";

/** Moves for shaving before each exhaustive search, per square of the tasks: the search itself ends few of them sooner. */
const SHAVING_MOVES_PER_SQUARE = 100;

/** Moves for shaving beside an exhaustive search. */
export function shavingMoves({ numTasks }: SequencingProblem): number {
  return SHAVING_MOVES_PER_SQUARE * numTasks ** 2;
}

/**
 * Exhaustive search for a better plan than the one on record: the slot of each task first, big tasks before
 * small ones, then the order of each two tasks that could still run either way on a slot, then orders that end the overuse of pools. Every node narrows all windows and
 * checks loads of the fleet. A better plan is recorded and the search begins again below it; the end of a search without one is a proof.
 */
export class ExactSearch {
  readonly #slots: SlotProblem;
  readonly #windows: TimeWindows;
  readonly #rows: PriceRows;
  readonly #limits: PartialLimits;
  readonly #bySize: Int32Array;
  readonly #sliceNodes: number;
  /** Decodes orders where absences or pools bind; null where they do not. */
  readonly #decoder: SerialDecoder | null;
  #numNodes = 0;
  /** Whether rounding kept a schedule from being decoded, so that its end proves nothing. */
  #isInconclusive = false;
  /** By when schedules that are sought end. */
  #latestEndMs = Infinity;
  /** Whether a search just above the bound is under way, and whether plans found since its begin let it seek earlier ends. */
  #isJustAbove = false;
  #isTightened = false;
  /** Moves ahead of its first node; null before that. */
  #firstMove: number | null = null;
  /** Of searches just above the bound; null before the first one, and where there are none. */
  #nodePrices: NodePrices | null = null;

  constructor(
    private readonly record: SearchRecord,
    root: RootBound,
  ) {
    const original = record.problem;
    this.#slots = withSlotsAsAgents(original);
    const { problem } = this.#slots;
    const prices = Float64Array.from(original.slotAgent, (agent) => root.prices[agent]!);
    this.#windows = new TimeWindows(problem, prices);
    this.#rows = new PriceRows(problem, original.slotAgent, root.windows);
    this.#limits = new PartialLimits(original, this.#slots);
    const hasProfiles = original.absences !== null || original.pools !== null;
    this.#decoder = hasProfiles ? new SerialDecoder(problem) : null;
    this.#sliceNodes = nodesASlice(problem.numTasks);
    this.#bySize = Int32Array.from(problem.leastBusyMs.keys());
    this.#bySize.sort((a, b) => problem.leastBusyMs[b]! - problem.leastBusyMs[a]! || a - b);
  }

  get numMoves(): number {
    return this.#windows.numMoves + (this.#nodePrices?.numMoves ?? 0);
  }

  /** Moves at the nodes of the search just above the bound that was begun last. */
  get movesOfNodes(): number {
    return this.#firstMove === null ? 0 : this.numMoves - this.#firstMove;
  }

  /** Ends when the plan on record is proven best; needs a latest end: a plan, or a time that no best schedule passes. */
  *run(horizonMs: number): Generator<void, void, void> {
    const { record } = this;
    while (!record.isDone) {
      const latestEnd = Math.min(record.latestOfInterest, horizonMs);
      const windows = this.#windows;
      this.#latestEndMs = latestEnd;
      windows.open(latestEnd);
      windows.clearOrders();
      this.#rows.open(latestEnd);
      const limit = windows.numMoves + shavingMoves(record.problem);
      const shaving = shave(windows, []);
      let step = shaving.next();
      while (step.done !== true && windows.numMoves < limit) {
        yield;
        step = shaving.next();
      }
      const isRefuted = step.done === true && step.value === "refuted";
      if (!isRefuted && (yield* this.#explore())) continue;
      if (this.#isInconclusive) return;
      if (record.plan === null) record.offerBound(Infinity, { kind: "search" });
      else record.ruleOut(latestEnd, { kind: "search" });
      return;
    }
  }

  /**
   * Seeks a schedule that ends by a time, where many tasks leave no hope of the whole search: tasks with the fewest slots
   * left go first there, since windows of a time just above the bound leave some tasks hardly any. Plans found on the way are recorded, and only earlier ends
   * sought from then on. @returns by when no schedule ends; null where rounding leaves that open
   */
  *refute(latestEndMs: number): Generator<void, number | null, void> {
    const windows = this.#windows;
    [this.#isJustAbove, this.#isTightened, this.#isInconclusive] = [true, false, false];
    [this.#latestEndMs, this.#firstMove] = [latestEndMs, null];
    this.#nodePrices ??= NodePrices.of(windows, windows.prices!);
    windows.open(latestEndMs);
    windows.clearOrders();
    this.#rows.open(latestEndMs);
    if (this.#nodePrices !== null && !(yield* this.#nodePrices.open())) return latestEndMs;
    this.#firstMove = this.numMoves;
    yield* this.#explore();
    return this.#isInconclusive ? null : this.#latestEndMs;
  }

  /** Whether a plan that ends in time was found below the current windows, and a search of all is to begin again below it. */
  *#explore(): Generator<void, boolean, void> {
    const windows = this.#windows;
    if (++this.#numNodes % this.#sliceNodes === 0) yield;
    // A better plan came from here or elsewhere: this search is for one that is no gain any more.
    if (this.record.latestOfInterest < this.#latestEndMs) {
      if (!this.#isJustAbove) return true;
      [this.#latestEndMs, this.#isTightened] = [this.record.latestOfInterest, true];
    }
    if (this.#isTightened)
      for (let pair = 0; pair < windows.latestEnd.length; pair++) windows.lowerEnd(pair, this.#latestEndMs);
    if (this.#limits.isBroken(windows) || this.#rows.isBroken(windows) || !windows.propagate()) return false;
    if (this.#isJustAbove && this.#nodePrices?.isBroken()) return false;
    const task = this.#nextTask();
    if (task >= 0) {
      if (this.#rows.findBroken(windows)) return false;
      return yield* this.#chooseSlot(task);
    }
    if (this.#limits.isBroken(windows)) return false;
    if (this.#offerEarliest()) return this.#isJustAbove ? yield* this.#explore() : true;
    const before = windows.save();
    for (const [ahead, behind] of this.#ordersInDoubt()) {
      windows.addOrder(ahead, behind);
      if (yield* this.#explore()) return true;
      windows.removeOrder();
      windows.restore(before);
    }
    return false;
  }

  /** The task whose slot is chosen next; −1 where all are. */
  #nextTask(): number {
    const windows = this.#windows;
    if (this.#isJustAbove) return tightestTask(windows, this.#bySize);
    return this.#bySize.find((task) => windows.numAlive[task]! > 1) ?? -1;
  }

  /**
   * Orders of which every schedule within the windows keeps one: both orders of two tasks on a slot, or all orders of two of the tasks
   * that together use too much of a pool at the earliest starts. Without any the earliest starts are a schedule.
   */
  #ordersInDoubt(): (readonly [number, number])[] {
    const windows = this.#windows;
    const [first, second] = tightestPair(windows);
    if (first >= 0) return [[first, second] as const, [second, first] as const];
    const conflict = windows.pools?.findConflict(windows)?.map((task) => this.#pairOf(task)) ?? [];
    if (conflict.length === 0) this.#isInconclusive = true;
    return conflict.flatMap((ahead) =>
      conflict.filter((behind) => behind !== ahead).map((behind) => [ahead, behind] as const),
    );
  }

  /** The one pair alive of a task. */
  #pairOf(task: number): number {
    const { pairStart } = this.#windows.problem;
    return pairStart[task]! + this.#windows.isAlive.subarray(pairStart[task]!, pairStart[task + 1]!).indexOf(1);
  }

  *#chooseSlot(task: number): Generator<void, boolean, void> {
    const windows = this.#windows;
    const { problem } = windows;
    const before = windows.save();
    const pairs = this.#choicesOf(task);
    const end = (pair: number): number => before.earliestStart[pair]! + problem.busyMs[pair]!;
    pairs.sort((a, b) => end(a) - end(b) || a - b);
    for (const pair of pairs) {
      windows.choose(pair);
      if (yield* this.#explore()) return true;
      windows.restore(before);
    }
    return false;
  }

  /** Pairs alive; of slots of one agent that no task must use yet only the first, since they are alike. */
  #choicesOf(task: number): number[] {
    const { isAlive, numAlive, agentPairStart, agentPairs, taskOfPair, problem } = this.#windows;
    const seen = new Set<number>();
    const pairs: number[] = [];
    for (let pair = problem.pairStart[task]!; pair < problem.pairStart[task + 1]!; pair++) {
      if (isAlive[pair] === 0) continue;
      const slot = problem.pairAgent[pair]!;
      const users = agentPairs.subarray(agentPairStart[slot]!, agentPairStart[slot + 1]!);
      const isEmpty = !users.some((other) => isAlive[other] === 1 && numAlive[taskOfPair[other]!] === 1);
      const agentPair = this.#slots.originalPair[pair]!;
      if (isEmpty && seen.has(agentPair)) continue;
      if (isEmpty) seen.add(agentPair);
      pairs.push(pair);
    }
    return pairs;
  }

  /** Records the schedule of all tasks in order of earliest starts where it ends in time. */
  #offerEarliest(): boolean {
    const { problem } = this.#windows;
    const { taskStart, taskEarliestEnd, tolerance } = this.#windows;
    const rank = new Int32Array(problem.numTasks);
    problem.topologicalOrder.forEach((task, k) => (rank[task] = k));
    const order = Int32Array.from(rank.keys()).sort(
      (a, b) => taskStart[a]! - taskStart[b]! || taskEarliestEnd[a]! - taskEarliestEnd[b]! || rank[a]! - rank[b]!,
    );
    const pairOf = rank.map((_, task) => this.#pairOf(task));
    const plan = this.#decode(order, pairOf);
    if (plan.makespanMs > this.#latestEndMs + tolerance || missesDeadline(problem, plan, tolerance)) return false;
    const pairs = plan.pairOf.map((pair) => this.#slots.originalPair[pair]!);
    if (this.record.offerPlan({ ...plan, pairOf: pairs })) return true;
    this.#isInconclusive = true;
    return false;
  }

  /**
   * The schedule of an order. With absences and pools by serial generation: where the order is that of a schedule's starts, no task ends
   * later than there. By induction each task finds its old start free: of the tasks placed before it, those that still run then ran
   * then in the old schedule too, since all of these end no later than they did.
   */
  #decode(order: Int32Array, pairOf: Int32Array): SequencedPlan {
    const decoder = this.#decoder;
    if (decoder === null) {
      const slotOf = pairOf.map((pair) => this.#slots.problem.pairAgent[pair]!);
      return decodeOrder(this.#slots.problem, { order, pairOf, slotOf });
    }
    decoder.decode(order, pairOf);
    return decoder.toPlan(pairOf);
  }
}

function missesDeadline(
  { deadlineMs, busyMs, absences, pairAgent }: SequencingProblem,
  { startMs, pairOf }: SequencedPlan,
  tolerance: number,
): boolean {
  return startMs.some((start, task) => {
    const due = Math.min(deadlineMs[task]!, absences?.availableUntilMs[pairAgent[pairOf[task]!]!] ?? Infinity);
    return start + busyMs[pairOf[task]!]! > due + tolerance;
  });
}
