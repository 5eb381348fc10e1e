import type { Heuristics, PlannedTaskRecord } from "../../domain/index.js";
import { attemptConfidences, bucketOf, heuristicsFor, penalizedConfidence } from "../../planner/index.js";

/** What an attempt starts from. */
export interface AttemptStart {
  /** In [0, 1], after penalties and boost. */
  readonly confidence: number;
  /** Heuristics that acted: H16_001 placed the task in a bucket, H16_002 raised, H16_003 lowered its confidence, H16_004 let it through the gate. */
  readonly heuristicsApplied: readonly string[];
}

/** Confidence of the attempt after `numFailures` failed ones, and what made it so. */
export function attemptStart(task: PlannedTaskRecord, heuristics: Heuristics, numFailures: number): AttemptStart {
  const { confidence: own, riskLevel } = task;
  const { priorityOrder, retry } = heuristics;
  const rules = heuristicsFor(task.taskId, heuristics);
  const confidence = attemptConfidences(own, riskLevel, rules, numFailures)[numFailures]!;
  const isBoosted = confidence > penalizedConfidence(own, riskLevel, heuristics, numFailures);
  const isPenalized = numFailures > 0 && retry !== null && retry.riskLevels.includes(riskLevel);
  return {
    confidence,
    heuristicsApplied: [
      ...(bucketOf(task, priorityOrder) < priorityOrder.length ? ["H16_001"] : []),
      ...(isBoosted ? ["H16_002"] : []),
      ...(isPenalized ? ["H16_003"] : []),
      ...(task.admittedBy === undefined ? [] : [task.admittedBy]),
    ],
  };
}

/** Confidence after an attempt: a success adds the gain, a failure takes the penalty off the task's own confidence. */
export function confidenceAfter(
  task: PlannedTaskRecord,
  heuristics: Heuristics,
  numFailures: number,
  before: number,
  { succeeded, confidenceDelta }: { readonly succeeded: boolean; readonly confidenceDelta: number | null },
): number {
  if (succeeded) return clampShare(before + (confidenceDelta ?? 0));
  return penalizedConfidence(task.confidence, task.riskLevel, heuristics, numFailures + 1);
}

/** The nearest value in [0, 1]. */
export function clampShare(value: number): number {
  return Math.min(1, Math.max(0, value));
}
