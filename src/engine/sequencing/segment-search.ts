import { isWithin } from "../../../models/index.js";
import { rootBound } from "./root-bound.js";
import type { SearchRecord } from "./search-record.js";
import { type Segment, segmentProblem } from "./segments.js";
import type { SequencedPlan } from "./sequenced-plan.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Shares of the moves for all segments together: a quick pass for a plan, and one to prove each. */
const PASS_SHARES = [0.02, 0.8];
/** Moves of a segment between two yields, fewer where there are many: each gets so many in any case. */
const SLICE_MOVES = 10_000;
const MAX_SLICES_MOVES = 400_000;

/** What plans and proves a segment: a sequencer. */
export interface SegmentSolver {
  readonly record: SearchRecord;
  readonly numMoves: number;
  readonly isOver: boolean;
  advance(maxMoves: number): void;
}

/** A problem segment by segment: the earliest end of each is where the next begins, and so are the bounds. */
export class SegmentSearch {
  numMoves = 0;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly record: SearchRecord,
    private readonly segments: readonly Segment[],
    private readonly movesLeft: () => number,
    private readonly solverOf: (segment: SequencingProblem, maxMoves: number, leastShare: number) => SegmentSolver,
  ) {}

  /** Yields between slices of moves; ends after its passes, or with the proof. */
  *run(): Generator<undefined, void, void> {
    for (const share of PASS_SHARES) {
      if (!this.record.isDone) yield* this.#pass(share * this.movesLeft());
    }
  }

  *#pass(numMoves: number): Generator<undefined, void, void> {
    const { problem, record, segments } = this;
    const { numTasks } = problem;
    const whole = {
      pairOf: new Int32Array(numTasks),
      slotOf: new Int32Array(numTasks),
      startMs: new Float64Array(numTasks),
    };
    const sliceMoves = Math.min(SLICE_MOVES, Math.ceil(MAX_SLICES_MOVES / segments.length));
    let [left, endMs, boundMs] = [numMoves, 0, 0];
    for (const [k, segment] of segments.entries()) {
      const part = segmentProblem(problem, segment, endMs);
      const affordable = left / (segments.length - k);
      // What each proof leaves open adds up.
      const solver = this.solverOf(part, affordable, record.leastShare / segments.length);
      const sinceMoves = this.numMoves;
      // A first schedule in any case.
      do {
        solver.advance(sliceMoves);
        this.numMoves = sinceMoves + solver.numMoves;
        yield;
      } while (!solver.isOver && (solver.numMoves < affordable || solver.numMoves === 0));
      left -= solver.numMoves;
      const { plan } = solver.record;
      boundMs = this.#boundAfter(segment, boundMs, endMs, solver.record.boundMs);
      if (boundMs === Infinity) record.offerBound(Infinity, { kind: "search" });
      if (plan === null) return;
      copyInto(whole, problem, segment, part, plan);
      endMs = plan.makespanMs;
    }
    record.offerPlan({ ...whole, makespanMs: endMs });
    record.offerBound(isWithin(endMs, boundMs) ? endMs : boundMs, { kind: "search" });
  }

  /**
   * No schedule ends the segment earlier, where none ends what is before it ahead of `beforeMs`. The bound at hand is that of a segment which begins
   * at `beginMs`; where nothing of it depends on the time of day, it moves with the begin.
   */
  #boundAfter(segment: Segment, beforeMs: number, beginMs: number, boundMs: number): number {
    if (beforeMs >= beginMs) return boundMs;
    const { problem } = this;
    const isFree =
      problem.absences === null &&
      problem.availableFromMs.every((from) => from <= beforeMs) &&
      segment.every((task) => problem.releaseMs[task]! <= beforeMs && problem.deadlineMs[task] === Infinity);
    if (isFree) return boundMs - (beginMs - beforeMs);
    return rootBound(segmentProblem(problem, segment, beforeMs), { effort: 1 / this.segments.length }).boundMs;
  }
}

/** Copies a segment's schedule, with pairs and slots as the whole problem counts them. */
function copyInto(
  whole: Omit<SequencedPlan, "makespanMs">,
  problem: SequencingProblem,
  segment: Segment,
  part: SequencingProblem,
  plan: SequencedPlan,
): void {
  segment.forEach((task, index) => {
    const pair = problem.pairStart[task]! + plan.pairOf[index]! - part.pairStart[index]!;
    const agent = problem.pairAgent[pair]!;
    whole.pairOf[task] = pair;
    whole.slotOf[task] = problem.slotStart[agent]! + plan.slotOf[index]! - part.slotStart[agent]!;
    whole.startMs[task] = plan.startMs[index]!;
  });
}
