import { DestructiveBound } from "./destructive-bound.js";
import { ExactSearch, shavingMoves } from "./exact-search.js";
import type { RootBound } from "./root-bound.js";
import type { SearchRecord } from "./search-record.js";
import { latestUsefulEnd } from "./sequencing-problem.js";
import { TimePriceBound } from "./time-price-bound.js";

/** Problems of up to this many tasks are searched exhaustively. */
const MAX_EXACT_TASKS = 40;
/** With more pairs each pass over their windows takes too long. */
const MAX_WINDOW_PAIRS = 100_000;
/** Moves for shaving just below the plan where no exhaustive search follows. */
const SHAVING_MOVES = 3e5;

/** The ways to prove a plan best, or that there is none, in order of their cost. */
export class ProofSearch {
  /** Whether an exhaustive search is one of them. */
  readonly isExact: boolean;
  readonly #destructive: DestructiveBound;
  readonly #exact: ExactSearch | null;
  /** Where no exhaustive search decides. */
  readonly #timePrices: TimePriceBound | null;
  readonly #isWorthwhile: boolean;

  constructor(
    private readonly record: SearchRecord,
    root: RootBound,
  ) {
    const { numTasks, busyMs } = record.problem;
    this.isExact = numTasks <= MAX_EXACT_TASKS;
    this.#isWorthwhile = busyMs.length <= MAX_WINDOW_PAIRS;
    this.#destructive = new DestructiveBound(record, root.prices);
    this.#exact = this.isExact ? new ExactSearch(record, root) : null;
    this.#timePrices = this.isExact ? null : new TimePriceBound(record, root.prices);
  }

  get numMoves(): number {
    return this.#destructive.numMoves + (this.#exact?.numMoves ?? 0) + (this.#timePrices?.numMoves ?? 0);
  }

  /** Tries all ways once, below the plan on record; yields between small steps. */
  *run(): Generator<void, void, void> {
    if (!this.#isWorthwhile) return;
    const horizon = latestUsefulEnd(this.record.problem);
    if (this.record.plan === null) {
      yield* this.#destructive.refuteAll(horizon);
    } else {
      yield* this.#destructive.bisect();
      if (this.#timePrices !== null) yield* this.#timePrices.run();
      yield* this.#destructive.shaveUp(this.isExact ? shavingMoves(this.record.problem) : SHAVING_MOVES, this.isExact);
    }
    if (this.#exact !== null) yield* this.#exact.run(horizon);
  }
}
