import type { SequencingProblem } from "./sequencing-problem.js";

/** A complete schedule: pair, slot and start of each task, and the end of the last. */
export interface SequencedPlan {
  readonly pairOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly startMs: Float64Array;
  readonly makespanMs: number;
}

/** The end of the last task of a schedule. */
export function lastEnd({ busyMs }: SequencingProblem, pairOf: Int32Array, startMs: Float64Array): number {
  let end = 0;
  for (let task = 0; task < startMs.length; task++) end = Math.max(end, startMs[task]! + busyMs[pairOf[task]!]!);
  return end;
}
