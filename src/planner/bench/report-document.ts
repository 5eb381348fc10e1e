import type { InstanceRow, NamedRun, Run } from "./measured.js";
import { summarize } from "./summarize.js";

/** How a benchmark was run. */
export interface BenchConditions {
  readonly timeLimitMs: number;
  /** Moves of each solve; absent where the time limit stands for them. */
  readonly workLimit?: number;
  readonly seeds: readonly number[];
  readonly isComplete: boolean;
}

/** The report of `phase19 bench` with its names on disk. Absent numbers are null. */
export function benchDocument(
  rows: readonly InstanceRow[],
  { timeLimitMs, workLimit, seeds, isComplete }: BenchConditions,
) {
  return {
    schema_version: 1,
    time_limit_ms: timeLimitMs,
    ...(workLimit !== undefined && { work_limit: workLimit }),
    seeds,
    complete: isComplete,
    suites: summarize(rows).map((summary) => ({
      suite: summary.suite,
      instances: summary.numInstances,
      solved: summary.numSolved,
      proven: summary.numProven,
      mean_gap_to_best_known: summary.meanGapToBestKnown,
      worst_gap_to_best_known: summary.worstGapToBestKnown,
      mean_own_gap: summary.meanOwnGap,
      median_wall_ms: summary.medianWallMs,
      losses: summary.losses,
      faults: summary.faults,
    })),
    instances: rows.map(rowDocument),
  };
}

function rowDocument(row: InstanceRow) {
  return {
    suite: row.suite,
    name: row.name,
    sense: row.sense,
    best_known: row.bestKnown,
    ours: row.ours === null ? null : runDocument(row.ours),
    gap_to_best_known: row.gapToBestKnown,
    own_gap: row.ownGap,
    runs: row.runs.map(runDocument),
    best_baseline: row.bestBaseline === null ? null : baselineDocument(row.bestBaseline),
    better_than_ours: row.betterThanOurs,
  };
}

function runDocument({ seed, value, bound, isProven, wallMs, fault }: Run) {
  return { seed, value, bound, proven: isProven, wall_ms: roundMs(wallMs), fault };
}

function baselineDocument({ name, value, wallMs }: NamedRun) {
  return { name, value, wall_ms: roundMs(wallMs) };
}

/** Milliseconds to the microsecond: finer digits are noise. */
function roundMs(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
