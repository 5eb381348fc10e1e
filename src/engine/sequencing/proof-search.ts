import { BoundClimb } from "./bound-climb.js";
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
/** Share of the moves of proofs that searches just above the bound take, and the same while they raise it. */
const SEARCH_SHARE = 0.3;
const SEARCH_SHARE_WHEN_PAYING = 0.9;

/** The ways to prove a plan best, or that there is none, in order of their cost. */
export class ProofSearch {
  /** Whether an exhaustive search for a better plan is one of them. */
  readonly isExact: boolean;
  readonly #destructive: DestructiveBound;
  readonly #exact: ExactSearch;
  /** Where no exhaustive search decides; the first only without absences and pools. */
  readonly #climb: BoundClimb | null;
  readonly #timePrices: TimePriceBound | null;
  readonly #isWorthwhile: boolean;

  constructor(
    private readonly record: SearchRecord,
    root: RootBound,
    /** Moves left for proofs while searches just above the bound raise it. */
    movesLeft: () => number,
  ) {
    const { numTasks, busyMs, absences, pools } = record.problem;
    // With absences and pools exhaustive searches refute little, and prices bound more.
    const hasProfiles = absences !== null || pools !== null;
    this.isExact = numTasks <= MAX_EXACT_TASKS;
    this.#isWorthwhile = busyMs.length <= MAX_WINDOW_PAIRS;
    this.#destructive = new DestructiveBound(record, root.prices);
    this.#exact = new ExactSearch(record, root);
    this.#climb =
      this.isExact || hasProfiles
        ? null
        : new BoundClimb(record, this.#exact, () => SEARCH_SHARE_WHEN_PAYING * movesLeft());
    const isPriced = !this.isExact && TimePriceBound.isFor(record.problem);
    this.#timePrices = isPriced ? new TimePriceBound(record, root.prices) : null;
  }

  get numMoves(): number {
    return this.#destructive.numMoves + this.#exact.numMoves + (this.#timePrices?.numMoves ?? 0);
  }

  /** Whether searches raise a bound that an exhaustive one will not reach. */
  get isPaying(): boolean {
    return this.#climb?.isPaying ?? false;
  }

  /** Tries all ways once, below the plan on record; yields between small steps. */
  *run(): Generator<void, void, void> {
    if (!this.#isWorthwhile) return;
    const horizon = latestUsefulEnd(this.record.problem);
    if (this.record.plan === null) {
      yield* this.#destructive.refuteAll(horizon);
    } else {
      yield* this.#destructive.bisect();
      if (this.isExact) yield* this.#destructive.shaveUp(shavingMoves(this.record.problem), true);
      else if (this.#climb === null) yield* this.#priceAndShave();
      else yield* this.#raise(this.#climb);
    }
    if (this.isExact) yield* this.#exact.run(horizon);
  }

  /** Searches above the bound take turns with prices and shaving. */
  *#raise(climb: BoundClimb): Generator<void, void, void> {
    const [others, searches] = [this.#priceAndShave(), climb.run()];
    const [from, searchedFrom] = [this.numMoves, climb.numMoves];
    let [isOpen, isSearchOpen] = [true, true];
    while (isOpen || isSearchOpen) {
      const share = climb.isPaying ? SEARCH_SHARE_WHEN_PAYING : SEARCH_SHARE;
      const isBehind = climb.isEasy || climb.numMoves - searchedFrom <= share * (this.numMoves - from);
      if (isSearchOpen && (isBehind || !isOpen)) isSearchOpen = searches.next().done !== true;
      else isOpen = others.next().done !== true;
      yield;
    }
  }

  *#priceAndShave(): Generator<void, void, void> {
    yield* this.#timePrices?.run() ?? [];
    yield* this.#destructive.shaveUp(SHAVING_MOVES, false);
  }
}
