import type { ExactSearch } from "./exact-search.js";
import type { SearchRecord } from "./search-record.js";

/** How far above the bound a try ends, in makespans. */
const STEP = 1.5e-3;
/** Moves for a try at first, and how many times more after one that stays open: on chains that reaches three steps further. */
const FIRST_MOVES = 1e5;
const MORE_MOVES = 4;
/** Tries in a row that stay open after which there is no hope. */
const MAX_OPEN = 3;
/** Fewer raises than this are not worth the time of the search for plans. */
const LEAST_RAISES = 5;
/** The bound was raised of late where no more than so many times the moves were made since the start. */
const LATELY = 4;

/**
 * Raises the bound where an exhaustive search for a better plan would never end: searches for schedules that end just above the bound do, since windows
 * are tight there, and each that finds none raises it. A destructive bound (Klein, Scholl, EJOR 112, 1999) by search.
 */
export class BoundClimb {
  #maxMoves = FIRST_MOVES;
  #numOpen = 0;
  #numRaises = 0;
  #movesAtRaise = 0;

  constructor(
    private readonly record: SearchRecord,
    private readonly search: ExactSearch,
  ) {}

  get numMoves(): number {
    return this.search.numMoves;
  }

  /** Whether more moves are likely to raise the bound further. */
  get isPaying(): boolean {
    return this.#numRaises >= LEAST_RAISES && this.numMoves <= LATELY * this.#movesAtRaise;
  }

  /** Goes on from where it was stopped; yields between small steps. */
  *run(): Generator<void, void, void> {
    const { record } = this;
    while (!record.isDone && this.#numOpen < MAX_OPEN) {
      const later = record.boundMs + STEP * record.makespanMs;
      const latestEndMs = Math.min(record.latestOfInterest, record.problem.isWhole ? Math.floor(later) : later);
      if ((yield* this.search.refute(latestEndMs, this.#maxMoves)) === "refuted") {
        record.ruleOut(latestEndMs, { kind: "search" });
        this.#numRaises++;
        this.#movesAtRaise = this.numMoves;
        this.#numOpen = 0;
      } else {
        this.#maxMoves *= MORE_MOVES;
        this.#numOpen++;
      }
      yield;
    }
  }
}
