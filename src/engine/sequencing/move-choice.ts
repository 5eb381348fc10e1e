import type { Random } from "../../domain/index.js";

/** A move of one task to a pair, a slot and a place there; the place counts after the task left its own. */
export interface Move {
  readonly task: number;
  readonly pair: number;
  readonly slot: number;
  readonly position: number;
  /** The task whose place it takes and which takes its own, −1 where there is none, and that task's new pair. */
  readonly partner: number;
  readonly partnerPair: number;
}

/**
 * The best of the moves offered in one iteration: the lowest estimate among those that are not tabu or that promise a new best
 * length. Ties are broken at random. Fields are reused, so that offering allocates nothing.
 */
export class MoveChoice implements Move {
  task = -1;
  pair = -1;
  slot = -1;
  position = -1;
  partner = -1;
  partnerPair = -1;
  /** Lowest estimate so far; a move that cannot be as low need not be offered once it is finite. */
  estimate = Infinity;
  /** Moves offered since the start of the search. */
  numOffered = 0;
  #numTied = 0;
  #numTabu = 0;
  #aspiration = -Infinity;

  constructor(private readonly random: Random) {}

  /** Forgets the moves of the last iteration; a tabu move below `aspiration` is as good as any. */
  reset(aspiration: number): void {
    this.task = -1;
    this.estimate = Infinity;
    this.#aspiration = aspiration;
    this.#numTied = 0;
    this.#numTabu = 0;
  }

  /** Counts a move whose estimate is known to exceed the lowest one. */
  pass(): void {
    this.numOffered++;
  }

  offer(
    estimate: number,
    isTabu: boolean,
    task: number,
    pair: number,
    slot: number,
    position: number,
    partner = -1,
    partnerPair = -1,
  ): void {
    this.numOffered++;
    if (isTabu && !(estimate < this.#aspiration)) {
      // Where every move is tabu, a random one is made.
      if (this.estimate < Infinity || this.random.below(++this.#numTabu) > 0) return;
    } else if (estimate < this.estimate) {
      this.estimate = estimate;
      this.#numTied = 1;
    } else if (estimate > this.estimate || this.random.below(++this.#numTied) > 0) {
      return;
    }
    this.task = task;
    this.pair = pair;
    this.slot = slot;
    this.position = position;
    this.partner = partner;
    this.partnerPair = partnerPair;
  }
}
