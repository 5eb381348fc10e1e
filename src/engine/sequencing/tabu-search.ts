import type { Random } from "../../domain/index.js";
import { BlockMoves } from "./block-moves.js";
import { CriticalPath } from "./critical-path.js";
import { ExchangeMoves } from "./exchange-moves.js";
import { type Move, MoveChoice } from "./move-choice.js";
import { offerReassignments } from "./reassignment-moves.js";
import { SequenceState, type TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { TabuList } from "./tabu-list.js";

/** Iterations for which a move back is tabu, times 1 … 1.4: more where slots have more tasks. */
const TENURE = 6;
const TENURE_PER_TASK_ON_SLOT = 0.25;
const TENURE_SPREAD = 0.4;
/** Exchanges offered in each iteration where there are limits on assignments or few dependencies. */
const EXCHANGES = 20;
const FEW_DEPENDENCIES_PER_TASK = 0.6;
/** From this many tasks on, iterations end after a number of estimates and block moves are short: more iterations gain more there. */
const LARGE = 500;
const ESTIMATES_WHEN_LARGE = 250;
const SPAN_WHEN_LARGE = 12;

/**
 * Tabu search on the sequences of slots: one random longest path per iteration, on which every task may move to another slot or
 * within its critical block. The chosen move has the lowest estimated length. Work is counted in moves: estimates made and heads
 * and tails computed, the same for the same seed everywhere.
 */
export class TabuSearch {
  readonly state: SequenceState;
  /** Length of the shortest schedule since `start`. */
  bestLength = Infinity;
  /** Iterations since the best schedule was found. */
  stalled = 0;
  readonly #best: TaskOrder;
  readonly #path: CriticalPath;
  readonly #choice: MoveChoice;
  readonly #blocks: BlockMoves;
  readonly #exchanges: ExchangeMoves | null;
  readonly #tabuSlots: TabuList;
  readonly #tabuArcs: TabuList;
  readonly #tenure: number;
  readonly #maxEstimates: number;
  #iteration = 0;

  /** @param numExchanges offered in each iteration where there are any */
  constructor(
    problem: SequencingProblem,
    private readonly random: Random,
    private readonly numExchanges = EXCHANGES,
  ) {
    const isLarge = problem.numTasks >= LARGE;
    this.state = new SequenceState(problem);
    this.#path = new CriticalPath(this.state, random);
    this.#choice = new MoveChoice(random);
    this.#tabuSlots = new TabuList(problem.numTasks, problem.numSlots);
    this.#tabuArcs = new TabuList(problem.numTasks, problem.numTasks);
    this.#blocks = new BlockMoves(this.state, this.#choice, this.#tabuArcs, isLarge ? SPAN_WHEN_LARGE : Infinity);
    const hasFewDependencies = problem.predecessors.length < FEW_DEPENDENCIES_PER_TASK * problem.numTasks;
    this.#exchanges =
      hasFewDependencies || problem.limits !== null
        ? new ExchangeMoves(this.state, this.#choice, this.#tabuSlots, random)
        : null;
    this.#tenure = TENURE + (TENURE_PER_TASK_ON_SLOT * problem.numTasks) / Math.max(1, problem.numSlots);
    this.#maxEstimates = isLarge ? ESTIMATES_WHEN_LARGE : Infinity;
    this.#best = this.state.save();
  }

  /** The shortest schedule since `start`, copied. */
  get best(): TaskOrder {
    const { order, pairOf, slotOf } = this.#best;
    return { order: order.slice(), pairOf: pairOf.slice(), slotOf: slotOf.slice() };
  }

  /** Moves since the construction of this search. */
  get numMoves(): number {
    return this.#choice.numOffered + this.state.numUpdates;
  }

  /** Begins at a schedule; `delivery` is added to the end of each task. */
  start(order: TaskOrder, delivery: Float64Array): void {
    this.state.delivery.set(delivery);
    this.state.load(order);
    this.#tabuSlots.clear();
    this.#tabuArcs.clear();
    this.#iteration = 0;
    this.#keep();
  }

  /** Searches until a length of at most `target`, the number of moves, or that many iterations without gain. */
  run(target: number, maxMoves: number, maxStalled: number): void {
    const { state } = this;
    const limit = this.numMoves + maxMoves;
    while (this.bestLength > target && this.stalled < maxStalled && this.numMoves < limit) {
      this.#iteration++;
      this.stalled++;
      if (!this.#step()) return;
      if (state.length < this.bestLength) this.#keep();
    }
  }

  #keep(): void {
    const { order, pairOf, slotOf } = this.state;
    this.#best.order.set(order);
    this.#best.pairOf.set(pairOf);
    this.#best.slotOf.set(slotOf);
    this.bestLength = this.state.length;
    this.stalled = 0;
  }

  /** Makes one move; false where there is none, so that the schedule is a single path without choices. */
  #step(): boolean {
    const choice = this.#choice;
    const path = this.#path;
    path.trace();
    choice.reset(this.bestLength);
    const limit = choice.numOffered + this.#maxEstimates;
    const first = this.random.below(path.size);
    for (let k = 0; k < path.size && choice.numOffered < limit; k++) {
      const task = path.tasks[(first + k) % path.size]!;
      offerReassignments(this.state, task, choice, this.#tabuSlots, this.#iteration, this.random);
    }
    // These are dearer to estimate, and given up where they exceed the best of those.
    this.#blocks.offerAll(path, this.#iteration);
    if (this.#exchanges !== null) this.#exchanges.offer(path, this.numExchanges, this.#iteration);
    if (choice.task < 0) {
      this.stalled = Infinity;
      return false;
    }
    this.#apply(choice);
    return true;
  }

  #apply(move: Move): void {
    if (move.partner >= 0) this.#applyExchange(move);
    else this.#applySingle(move);
  }

  #applyExchange({ task, pair, slot, position, partner, partnerPair }: Move): void {
    const { state, random } = this;
    const [oldPair, oldSlot, oldPosition] = [state.pairOf[task]!, state.slotOf[task]!, state.position[task]!];
    const until = this.#iteration + Math.ceil(this.#tenure * (1 + TENURE_SPREAD * random.unit()));
    if (!state.relocate(task, pair, slot, position)) {
      this.#tabuSlots.forbid(task, slot, until);
      return;
    }
    if (!state.relocate(partner, partnerPair, oldSlot, oldPosition)) {
      state.relocate(task, oldPair, oldSlot, oldPosition);
      state.settleTakenBack();
      this.#tabuSlots.forbid(partner, oldSlot, until);
      return;
    }
    state.settle();
    this.#tabuSlots.forbid(task, oldSlot, until);
    this.#tabuSlots.forbid(partner, slot, until);
  }

  #applySingle({ task, pair, slot, position }: Move): void {
    const { state, random } = this;
    const oldSlot = state.slotOf[task]!;
    const oldPosition = state.position[task]!;
    const tenure = this.#tenure * (1 + TENURE_SPREAD * random.unit());
    const until = this.#iteration + Math.ceil(tenure);
    if (!state.move(task, pair, slot, position)) {
      this.#tabuSlots.forbid(task, slot, until);
      if (slot === oldSlot) this.#forbidReturn(task, position, oldPosition, until);
      return;
    }
    if (slot === oldSlot) {
      this.#forbidReturn(task, oldPosition, position, until);
    } else {
      const stay = Math.ceil(tenure) + random.below(this.#path.size);
      this.#tabuSlots.forbid(task, oldSlot, this.#iteration + stay);
    }
  }

  /** Forbids the task's old order with each task that it passed. */
  #forbidReturn(task: number, from: number, to: number, until: number): void {
    const sequence = this.state.sequences[this.state.slotOf[task]!]!;
    for (let k = from; k < to; k++) this.#tabuArcs.forbid(task, sequence[k]!, until);
    for (let k = to + 1; k <= from; k++) this.#tabuArcs.forbid(sequence[k]!, task, until);
  }
}
