import type { Random } from "../../domain/index.js";
import { AnnealingSearch } from "./annealing-search.js";
import { dispatchOrders } from "./dispatch.js";
import { dispatchStart, type GivenStart } from "./given-start.js";
import { LimitRepair } from "./limit-repair.js";
import type { SearchRecord } from "./search-record.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { TabuSearch } from "./tabu-search.js";

/** Shares of the moves to expect for each run: short ones leave plans early, long ones better plans. The last is repeated. */
const RUN_SHARES = [0.02, 0.08, 0.2, 0.65];
/** Moves of a run, per task, at least. */
const LEAST_RUN_PER_TASK = 2_000;
/** Moves of tabu search without pools and absences, per task, from whose end a run may begin. */
const RELAXED_MOVES_PER_TASK = 1_000;

export interface AnnealingOptions {
  readonly given: GivenStart | null;
  /** Moves that the runs may make in all, as far as the caller knows. */
  readonly movesToExpect: number;
}

/** Runs of annealing, each longer than the one before, from given, dispatched and relaxed orders in turn. Endless: the caller stops it. */
export class AnnealingRuns {
  /** Runs that have ended. */
  numRuns = 0;
  readonly #annealing: AnnealingSearch;
  readonly #relaxed: TabuSearch;
  readonly #repair: LimitRepair | null;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    private readonly prices: Float64Array,
    private readonly random: Random,
    private readonly options: AnnealingOptions,
  ) {
    this.#annealing = new AnnealingSearch(problem, record, random);
    this.#relaxed = new TabuSearch(problem, random);
    const { use } = this.#relaxed.state;
    this.#repair = use === null ? null : new LimitRepair(use, random);
  }

  get numMoves(): number {
    return this.#annealing.numMoves + this.#relaxed.numMoves + (this.#repair?.numMoves ?? 0);
  }

  /** The best schedule of the run that ended last. */
  get best(): TaskOrder {
    return this.#annealing.best;
  }

  *run(): Generator<void, void, void> {
    const { problem, record, options } = this;
    const starts = this.#starts();
    while (!record.isDone) {
      const start = starts.next().value;
      yield;
      if (this.#repair?.run(start) === false) continue;
      const share = RUN_SHARES[Math.min(this.numRuns, RUN_SHARES.length - 1)]!;
      yield* this.#annealing.run(start, Math.max(LEAST_RUN_PER_TASK * problem.numTasks, share * options.movesToExpect));
      this.numRuns++;
    }
  }

  *#starts(): Generator<TaskOrder, never, void> {
    const { problem, prices, random, options } = this;
    const delivery = new Float64Array(problem.numTasks);
    const dispatched = dispatchOrders(problem, delivery, prices, random);
    const fromGiven = options.given === null ? null : dispatchStart(problem, options.given, delivery, random);
    for (;;) {
      if (fromGiven !== null) yield fromGiven.next().value;
      const order = dispatched.next().value;
      yield order;
      this.#relaxed.start(order, delivery);
      this.#relaxed.run(0, RELAXED_MOVES_PER_TASK * problem.numTasks, Infinity);
      yield this.#relaxed.best;
    }
  }
}
