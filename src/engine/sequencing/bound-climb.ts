import type { ExactSearch } from "./exact-search.js";
import type { SearchRecord } from "./search-record.js";

/** How far above the bound the first try ends, and the least distance worth a try, in makespans. */
const FIRST_STEP = 2e-3;
const LEAST_STEP = 1e-4;
/** A refuted end lets the next try end farther above the bound; one that stays open was too far above it. */
const LONGER = 1.5;
const SHORTER = 0.5;
/** Moves for each try at first, and by how many times more from round to round. A round ends with so many tries that stay open. */
const FIRST_MOVES = 1e5;
const MORE_MOVES = 4;
const MAX_OPEN = 2;
/** Rounds of tries without any success after which there is no hope. */
const MAX_VAIN_ROUNDS = 4;
/** The bound was raised of late where no more than so many times the moves were made since the start. */
const LATELY = 4;

/**
 * Raises the bound where an exhaustive search for a better plan would never end: searches for schedules that end just above the bound do, since windows
 * are tight there, and each that finds none raises it. A destructive bound (Klein, Scholl, EJOR 112, 1999) by search.
 */
export class BoundClimb {
  #step = FIRST_STEP;
  #maxMoves = FIRST_MOVES;
  #numVainRounds = 0;
  #isVain = true;
  #numOpen = 0;
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
    return this.numMoves <= LATELY * this.#movesAtRaise;
  }

  /** Goes on from where it was stopped; yields between small steps. */
  *run(): Generator<void, void, void> {
    const { record } = this;
    while (!record.isDone && this.#numVainRounds < MAX_VAIN_ROUNDS) {
      const later = record.boundMs + this.#step * record.makespanMs;
      const latestEndMs = Math.min(record.latestOfInterest, record.problem.isWhole ? Math.floor(later) : later);
      if ((yield* this.search.refute(latestEndMs, this.#maxMoves)) === "refuted") {
        record.ruleOut(latestEndMs, { kind: "search" });
        this.#step *= LONGER;
        this.#movesAtRaise = this.numMoves;
        this.#isVain = false;
      } else {
        this.#step = Math.max(LEAST_STEP, SHORTER * this.#step);
        if (++this.#numOpen === MAX_OPEN) this.#beginRound();
      }
      yield;
    }
  }

  #beginRound(): void {
    this.#numOpen = 0;
    this.#maxMoves *= MORE_MOVES;
    this.#numVainRounds = this.#isVain ? this.#numVainRounds + 1 : 0;
    this.#isVain = true;
  }
}
