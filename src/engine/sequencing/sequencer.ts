import { createRandom } from "../../domain/index.js";
import { offerFirstSchedules } from "./first-schedules.js";
import type { GivenStart } from "./given-start.js";
import { ProofSearch } from "./proof-search.js";
import { type RootBound, rootBoundSteps } from "./root-bound.js";
import { SearchRecord, type SequencingListener } from "./search-record.js";
import { SegmentSearch } from "./segment-search.js";
import { findSegments } from "./segments.js";
import { ScheduleSearch } from "./schedule-search.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Moves for plans before the first proof is tried, at most and for each task: proofs are cheaper below a good plan, which few tasks have soon. */
const FIRST_MOVES = 60_000;
const FIRST_MOVES_PER_TASK = 1_000;
/** Share of the moves that go to proofs while both plans and proofs are sought. */
const PROOF_SHARE = 0.2;
/** The same while searches just above the bound raise it. */
const PROOF_SHARE_WHEN_PAYING = 0.7;
const PROOF_SHARE_WHEN_EXACT = 0.9;
/** Exhaustive search with absences and pools ends later, if at all. */
const PROOF_SHARE_WITH_PROFILES = 0.5;

/** Moves in all where the caller does not say. */
const DEFAULT_MOVES = 2e7;

export interface SequencerOptions {
  /** Seed of all random choices; the same seed and moves give the same schedule. */
  readonly seed: number;
  /** Told of every better plan and bound; default: nobody. */
  readonly listener?: SequencingListener;
  /** An assignment from which the search begins, for example the plan of an engine that knows no times. */
  readonly start?: GivenStart;
  /** Moves that the caller will still ask for after so many, as far as it knows: runs of the search are as long as they may be. */
  readonly movesLeft?: (numMoves: number) => number;
  /** Share of a makespan by which an earlier one must be earlier to count. */
  readonly leastShare?: number;
  /** Share of the usual effort on the first bound, whose work no move counts. Default: 1. */
  readonly boundEffort?: number;
  /** Ends the search for the first bound early; while that is sought `advance` returns often. Default: never. */
  readonly shouldStop?: () => boolean;
}

/** Whether the caller is to be heard before more is done. */
type Pause = "pause" | undefined;

/**
 * Plan and proof for a sequencing problem, in slices of any size: bounds, then construction and search, then proofs between
 * slices of search. The record holds the best plan, the best bound and its certificate at any time.
 */
export class Sequencer {
  /** The best plan and the best bound so far. */
  readonly record: SearchRecord;
  #segments: SegmentSearch | null = null;
  #search: ScheduleSearch | null = null;
  readonly #stages: Generator<Pause, void, void>;
  #proofs: ProofSearch | null = null;
  #isOver = false;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly options: SequencerOptions,
  ) {
    this.record = new SearchRecord(problem, options.listener, options.leastShare);
    this.#stages = this.#run();
  }

  /** Moves made so far: estimates, heads, tails and windows computed. */
  get numMoves(): number {
    return (this.#segments?.numMoves ?? 0) + (this.#search?.numMoves ?? 0) + (this.#proofs?.numMoves ?? 0);
  }

  /** Whether the plan is proven best, or that there is none. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Works for about this many more moves, or until it is over; less where `shouldStop` is to be asked. */
  advance(maxMoves: number): void {
    const limit = this.numMoves + maxMoves;
    while (!this.#isOver && this.numMoves < limit) {
      const step = this.#stages.next();
      this.#isOver = step.done === true;
      if (step.value === "pause") return;
    }
  }

  /** The first bound. It makes no moves, so that a caller who may stop it is heard after every step. */
  *#bound(): Generator<Pause, RootBound, void> {
    const { boundEffort = 1, shouldStop } = this.options;
    const steps = rootBoundSteps(this.problem, { effort: boundEffort, ...(shouldStop && { shouldStop }) });
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      yield shouldStop && "pause";
    }
  }

  /** Schedules before the first search, so that one who stops early has one. */
  *#offerFirst({ prices }: RootBound): Generator<Pause, void, void> {
    const { seed, shouldStop } = this.options;
    const offers = offerFirstSchedules(this.problem, this.record, prices, createRandom(seed));
    while (offers.next().done !== true) yield shouldStop && "pause";
  }

  #movesLeft(): number {
    return this.options.movesLeft?.(this.numMoves) ?? Math.max(0, DEFAULT_MOVES - this.numMoves);
  }

  /** Segments one after another, where the problem falls into some. */
  *#runSegments(): Generator<undefined, void, void> {
    const { problem, record, options } = this;
    const segments = findSegments(problem);
    if (segments === null) return;
    const boundEffort = (options.boundEffort ?? 1) / segments.length;
    const solverOf = (part: SequencingProblem, maxMoves: number, leastShare: number): Sequencer =>
      new Sequencer(part, {
        seed: options.seed,
        movesLeft: (numMoves) => Math.max(0, maxMoves - numMoves),
        leastShare,
        boundEffort,
        ...(options.shouldStop && { shouldStop: options.shouldStop }),
      });
    this.#segments = new SegmentSearch(problem, record, segments, () => this.#movesLeft(), solverOf);
    yield* this.#segments.run();
  }

  *#run(): Generator<Pause, void, void> {
    const { problem, record } = this;
    if (problem.numTasks === 0) {
      const none = new Int32Array(0);
      record.offerPlan({ pairOf: none, slotOf: none, startMs: new Float64Array(0), makespanMs: 0 });
      return;
    }
    const root = yield* this.#bound();
    record.offerBound(root.boundMs, root.certificate);
    yield* this.#offerFirst(root);
    const hasProfiles = problem.absences !== null || problem.pools !== null;
    yield* this.#runSegments();
    if (record.isDone) return;
    const random = createRandom(this.options.seed);
    const proofs = new ProofSearch(record, root, () => PROOF_SHARE_WHEN_PAYING * this.#movesLeft());
    this.#proofs = proofs;
    const exactShare = hasProfiles ? PROOF_SHARE_WITH_PROFILES : PROOF_SHARE_WHEN_EXACT;
    const shareNow = (): number =>
      proofs.isExact ? exactShare : proofs.isPaying ? PROOF_SHARE_WHEN_PAYING : PROOF_SHARE;
    const options = { given: this.options.start ?? null, movesLeft: () => (1 - shareNow()) * this.#movesLeft() };
    const search = new ScheduleSearch(problem, record, root.prices, random, options);
    const searching = search.run();
    this.#search = search;
    let proving: Generator<void, void, void> | null = null;
    let triedMakespan = NaN;
    const firstMoves = Math.min(FIRST_MOVES, FIRST_MOVES_PER_TASK * problem.numTasks);
    while (!record.isDone) {
      // A better plan is worth new proofs.
      const isProofOpen = proving !== null || record.makespanMs !== triedMakespan;
      const share = shareNow();
      const proofsDue = (search.numMoves - (search.isFirstOver ? 0 : firstMoves)) * share;
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
