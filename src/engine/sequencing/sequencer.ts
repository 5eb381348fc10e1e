import { createRandom } from "../../domain/index.js";
import type { GivenStart } from "./given-start.js";
import { MemeticSearch } from "./memetic-search.js";
import { ProofSearch } from "./proof-search.js";
import { rootBound } from "./root-bound.js";
import { SearchRecord, type SequencingListener } from "./search-record.js";
import { SerialSearch } from "./serial-search.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Moves for plans before the first proof is tried: proofs are cheaper below a good plan. */
const FIRST_MOVES = 60_000;
/** Share of the moves that go to proofs while both plans and proofs are sought. */
const PROOF_SHARE = 0.2;
const PROOF_SHARE_WHEN_EXACT = 0.9;
/** Exhaustive search with absences and pools ends later, if at all. */
const PROOF_SHARE_WITH_PROFILES = 0.5;

export interface SequencerOptions {
  /** Seed of all random choices; the same seed and moves give the same schedule. */
  readonly seed: number;
  readonly listener?: SequencingListener;
  /** An assignment from which the search begins, for example the plan of an engine that knows no times. */
  readonly start?: GivenStart;
}

/**
 * Plan and proof for a sequencing problem, in slices of any size: bounds, then construction and search, then proofs between
 * slices of search. The record holds the best plan, the best bound and its certificate at any time.
 */
export class Sequencer {
  readonly record: SearchRecord;
  #search: MemeticSearch | SerialSearch | null = null;
  readonly #stages: Generator<void, void, void>;
  #proofs: ProofSearch | null = null;
  #isOver = false;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly options: SequencerOptions,
  ) {
    this.record = new SearchRecord(problem, options.listener);
    this.#stages = this.#run();
  }

  /** Moves made so far: estimates, heads, tails and windows computed. */
  get numMoves(): number {
    return (this.#search?.numMoves ?? 0) + (this.#proofs?.numMoves ?? 0);
  }

  /** Whether the plan is proven best, or that there is none. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Works for about this many more moves, or until it is over. */
  advance(maxMoves: number): void {
    const limit = this.numMoves + maxMoves;
    while (!this.#isOver && this.numMoves < limit) this.#isOver = this.#stages.next().done === true;
  }

  *#run(): Generator<void, void, void> {
    const { problem, record } = this;
    if (problem.numTasks === 0) {
      const none = new Int32Array(0);
      record.offerPlan({ pairOf: none, slotOf: none, startMs: new Float64Array(0), makespanMs: 0 });
      return;
    }
    const root = rootBound(problem);
    record.offerBound(root.boundMs, root.certificate);
    const hasProfiles = problem.absences !== null || problem.pools !== null;
    const random = createRandom(this.options.seed);
    const search = new (hasProfiles ? SerialSearch : MemeticSearch)(
      ...([problem, record, root.prices, random, this.options.start ?? null] as const),
    );
    const searching = search.run();
    this.#search = search;
    const proofs = new ProofSearch(record, root);
    this.#proofs = proofs;
    const exactShare = hasProfiles ? PROOF_SHARE_WITH_PROFILES : PROOF_SHARE_WHEN_EXACT;
    const share = proofs.isExact ? exactShare : PROOF_SHARE;
    let proving: Generator<void, void, void> | null = null;
    let triedMakespan = NaN;
    while (!record.isDone) {
      // A better plan is worth new proofs.
      const isProofOpen = proving !== null || record.makespanMs !== triedMakespan;
      const proofsDue = (search.numMoves - (search.isPoolFull ? 0 : FIRST_MOVES)) * share;
      if (isProofOpen && proofsDue >= 0 && proofs.numMoves * (1 - share) <= proofsDue) {
        if (proving === null) {
          triedMakespan = record.makespanMs;
          proving = proofs.run();
        }
        if (proving.next().done === true) proving = null;
      } else {
        searching.next();
      }
      yield;
    }
  }
}
