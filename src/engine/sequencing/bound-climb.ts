import type { ExactSearch } from "./exact-search.js";
import type { SearchRecord } from "./search-record.js";

/** How far above the bound a search ends at first, in makespans. */
const FIRST_STEP = 1.5e-3;
/** Where a search takes less than so many times the moves of the one before the step doubles, where it takes more than so many it halves. */
const [LEAST_GROWTH, MOST_GROWTH] = [2, 8];
/** What is left of a step after a search that was given up for a nearer end. */
const SHORTER = 0.25;
/** Moves after which a search is given up at first; later so many times those of one that raised the bound, and where the step is short already so many times more. */
const LEAST_MOVES = 1e5;
const MORE_MOVES = 4;
/** Searches given up in a row after which there is no hope. */
const MAX_OPEN = 3;
/** Moves at the beginning in which raises are likely to be cheap. */
const EASY_MOVES = 2e6;
/** Less in all, in makespans, is not worth the time of the search for plans. */
const LEAST_RAISE = 5e-3;
/** Share of the moves left that a search is expected to take at most: many take more than expected. */
const SAFE_SHARE = 0.6;
/** A search this little above the bound, in makespans, is not begun. */
const LEAST_STEP = 1e-4;
/** By how much moves are expected to grow at least over as large a step as the last. */
const LEAST_EXPECTED_GROWTH = 1.5;
/** The bound was raised of late where no more than so many times the moves were made since the start. */
const LATELY = 8;

/**
 * Raises the bound where an exhaustive search for a better plan would never end: searches for schedules that end just above the bound do, since windows
 * are tight there, and each that finds none raises it. A destructive bound (Klein, Scholl, EJOR 112, 1999) by search.
 */
export class BoundClimb {
  #step = FIRST_STEP;
  /** Moves of the last search that was ended, how many times those of the one before it, and by how much it raised the bound, in makespans. */
  #movesOfLast = 0;
  #growth = 1;
  #lastRaise = 0;
  /** Whether no further search is expected to end in time. */
  #isOver = false;
  #maxMoves = LEAST_MOVES;
  #numOpen = 0;
  #numGivenUp = 0;
  /** By how much the bound was raised in all, in makespans. */
  #raised = 0;
  #movesAtRaise = 0;

  constructor(
    private readonly record: SearchRecord,
    private readonly search: ExactSearch,
    /** Moves that searches may still take; default: any number. */
    private readonly movesLeft: () => number = () => Infinity,
  ) {}

  get numMoves(): number {
    return this.search.numMoves;
  }

  /** Whether it has only just begun, and every search so far raised the bound. */
  get isEasy(): boolean {
    return this.numMoves < EASY_MOVES && this.#numGivenUp === 0;
  }

  /** Whether more moves are likely to raise the bound further. */
  get isPaying(): boolean {
    return !this.#isOver && this.#raised >= LEAST_RAISE && this.numMoves <= LATELY * this.#movesAtRaise;
  }

  /** Goes on from where it was stopped; yields between small steps. */
  *run(): Generator<void, void, void> {
    const { record } = this;
    this.#isOver = false;
    while (!record.isDone && this.#numOpen < MAX_OPEN) {
      const room = (record.latestOfInterest - record.boundMs) / record.makespanMs;
      const step = Math.min(this.#step, room, this.#affordableStep());
      if (step < Math.min(LEAST_STEP, room)) {
        this.#isOver = true;
        return;
      }
      const later = record.boundMs + step * record.makespanMs;
      const latestEndMs = Math.min(record.latestOfInterest, record.problem.isWhole ? Math.floor(later) : later);
      const steps = this.search.refute(latestEndMs);
      let slice = steps.next();
      while (slice.done !== true && this.search.movesOfNodes < this.#maxMoves) {
        yield;
        slice = steps.next();
      }
      if (slice.done === true && slice.value !== null) this.#raise(slice.value, this.search.movesOfNodes);
      else this.#giveUp();
      yield;
    }
  }

  /** How far above the bound a search is expected to end in time, if moves grow by as many times over each step as over the last. */
  #affordableStep(): number {
    if (this.#movesOfLast <= LEAST_MOVES) return Infinity;
    const times = (SAFE_SHARE * this.movesLeft()) / this.#movesOfLast;
    return (this.#lastRaise * Math.log(times)) / Math.log(this.#growth);
  }

  /** Too far above the bound nearer ends are tried first, and only then longer searches. */
  #giveUp(): void {
    this.#numGivenUp++;
    if (this.#step > FIRST_STEP) {
      this.#step = Math.max(FIRST_STEP, this.#step * SHORTER);
      return;
    }
    this.#numOpen++;
    this.#step /= 2;
    this.#maxMoves *= MORE_MOVES;
  }

  #raise(refutedMs: number, numMoves: number): void {
    const { record } = this;
    this.#lastRaise = Math.max(0, refutedMs - record.boundMs) / record.makespanMs;
    this.#raised += this.#lastRaise;
    record.ruleOut(refutedMs, { kind: "search" });
    this.#movesAtRaise = this.numMoves;
    this.#numOpen = 0;
    const growth = numMoves / Math.max(LEAST_MOVES, this.#movesOfLast);
    if (growth < LEAST_GROWTH) this.#step *= 2;
    else if (growth > MOST_GROWTH) this.#step /= 2;
    this.#growth = Math.max(LEAST_EXPECTED_GROWTH, growth);
    this.#movesOfLast = numMoves;
    this.#maxMoves = Math.max(this.#maxMoves, MOST_GROWTH * numMoves);
  }
}
