import { createRandom } from "../../domain/random.js";
import { DestructiveBound } from "./destructive-bound.js";
import { ExactSearch } from "./exact-search.js";
import { MemeticSearch } from "./memetic-search.js";
import { type RootBound, rootBound } from "./root-bound.js";
import { SearchRecord, type SequencingListener } from "./search-record.js";
import { SerialSearch } from "./serial-search.js";
import { latestUsefulEnd, type SequencingProblem } from "./sequencing-problem.js";

/** Problems of up to this many tasks are searched exhaustively. */
const MAX_EXACT_TASKS = 40;
/** Moves for plans before the first proof is tried: proofs are cheaper below a good plan. */
const FIRST_MOVES = 60_000;
/** Moves for shaving just below the plan before the next way of proof is tried. */
const SHAVING_MOVES = 3e6;
/** Share of the moves that go to proofs while both plans and proofs are sought. */
const PROOF_SHARE = 0.2;
const PROOF_SHARE_WHEN_EXACT = 0.9;

export interface SequencerOptions {
  /** Seed of all random choices; the same seed and moves give the same schedule. */
  readonly seed: number;
  readonly listener?: SequencingListener;
}

/**
 * Plan and proof for a sequencing problem, in slices of any size: bounds, then construction and search, then proofs between
 * slices of search. The record holds the best plan, the best bound and its certificate at any time.
 */
export class Sequencer {
  readonly record: SearchRecord;
  readonly #search: MemeticSearch | SerialSearch;
  readonly #stages: Generator<void, void, void>;
  #provers: { readonly numMoves: number }[] = [];
  readonly #isExact: boolean;
  #isOver = false;

  constructor(
    private readonly problem: SequencingProblem,
    { seed, listener }: SequencerOptions,
  ) {
    this.record = new SearchRecord(problem, listener);
    const hasProfiles = problem.absences !== null || problem.pools !== null;
    this.#search = new (hasProfiles ? SerialSearch : MemeticSearch)(problem, this.record, createRandom(seed));
    // Bounds hold without absences and pools too; an exhaustive search would find schedules that break them.
    this.#isExact = !hasProfiles && problem.numTasks <= MAX_EXACT_TASKS;
    this.#stages = this.#run();
  }

  /** Moves made so far: estimates, heads, tails and windows computed. */
  get numMoves(): number {
    return this.#search.numMoves + this.#proofMoves;
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

  get #proofMoves(): number {
    return this.#provers.reduce((sum, prover) => sum + prover.numMoves, 0);
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
    const proofs = this.#prove(root);
    const search = this.#search.run();
    const share = this.#isExact ? PROOF_SHARE_WHEN_EXACT : PROOF_SHARE;
    let isProofOver = false;
    while (!record.isDone) {
      const isSearchDue =
        isProofOver ||
        this.#search.numMoves < FIRST_MOVES ||
        this.#proofMoves * (1 - share) > (this.#search.numMoves - FIRST_MOVES) * share;
      if (isSearchDue) search.next();
      else isProofOver = proofs.next().done === true;
      yield;
    }
  }

  /** Proofs in order of their cost, and again after each better plan. */
  *#prove(root: RootBound): Generator<void, void, void> {
    const { record, problem } = this;
    const horizon = latestUsefulEnd(problem);
    const destructive = new DestructiveBound(record, root.prices);
    this.#provers.push(destructive);
    yield* destructive.refuteAll(horizon);
    for (;;) {
      const tried = record.makespanMs;
      if (record.plan !== null) {
        yield* destructive.bisect();
        yield* destructive.shaveUp(SHAVING_MOVES, this.#isExact);
      }
      if (this.#isExact) {
        const exact = new ExactSearch(record, root);
        this.#provers.push(exact);
        yield* exact.run(horizon);
      }
      if (record.isDone) return;
      while (record.makespanMs === tried) yield;
    }
  }
}
