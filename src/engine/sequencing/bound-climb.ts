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
/** The bound was raised of late where no more than so many times the moves were made since the start. */
const LATELY = 8;

/**
 * Raises the bound where an exhaustive search for a better plan would never end: searches for schedules that end just above the bound do, since windows
 * are tight there, and each that finds none raises it. A destructive bound (Klein, Scholl, EJOR 112, 1999) by search.
 */
export class BoundClimb {
  #step = FIRST_STEP;
  /** Moves of the last search that was ended. */
  #movesOfLast = 0;
  #maxMoves = LEAST_MOVES;
  #numOpen = 0;
  #numGivenUp = 0;
  /** By how much the bound was raised in all, in makespans. */
  #raised = 0;
  #movesAtRaise = 0;

  constructor(
    private readonly record: SearchRecord,
    private readonly search: ExactSearch,
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
    return this.#raised >= LEAST_RAISE && this.numMoves <= LATELY * this.#movesAtRaise;
  }

  /** Goes on from where it was stopped; yields between small steps. */
  *run(): Generator<void, void, void> {
    const { record } = this;
    while (!record.isDone && this.#numOpen < MAX_OPEN) {
      const later = record.boundMs + this.#step * record.makespanMs;
      const latestEndMs = Math.min(record.latestOfInterest, record.problem.isWhole ? Math.floor(later) : later);
      const steps = this.search.refute(latestEndMs);
      let step = steps.next();
      while (step.done !== true && this.search.movesOfNodes < this.#maxMoves) {
        yield;
        step = steps.next();
      }
      if (step.done === true && step.value !== null) this.#raise(step.value, this.search.movesOfNodes);
      else this.#giveUp();
      yield;
    }
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
    this.#raised += Math.max(0, refutedMs - record.boundMs) / record.makespanMs;
    record.ruleOut(refutedMs, { kind: "search" });
    this.#movesAtRaise = this.numMoves;
    this.#numOpen = 0;
    const growth = numMoves / Math.max(LEAST_MOVES, this.#movesOfLast);
    if (growth < LEAST_GROWTH) this.#step *= 2;
    else if (growth > MOST_GROWTH) this.#step /= 2;
    this.#movesOfLast = numMoves;
    this.#maxMoves = Math.max(this.#maxMoves, MOST_GROWTH * numMoves);
  }
}
