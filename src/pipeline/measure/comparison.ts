import type { ExecutionKind } from "../../domain/index.js";
import type { ComparisonRow } from "../../domain/schemas/index.js";
import { confidenceAccuracy, meanOf, successAccuracy } from "./accuracy.js";
import { assignedRates } from "./assigned-outcome.js";
import { lateFields } from "./late-tasks.js";
import type { WaveStats } from "./measured-wave.js";

/**
 * Row of `schedule_comparisons.jsonl`: what the optimizer predicted, and what came of it. Success rates are of the assigned tasks
 * whose end is known, on both sides; throughput is of the wave, confidence of the tasks that ran. What could not be measured is null;
 * `accuracy_score` is the mean of the accuracies that could.
 */
export function compareWave(stats: WaveStats, execution: ExecutionKind, timestamp: string): ComparisonRow {
  const { confidenceDelta, throughputPerS } = stats.ended;
  const { planned: plannedRate, actual: actualRate } = assignedRates(stats.assigned);
  const accuracies = {
    success_accuracy: applyBoth(successAccuracy, plannedRate, actualRate),
    throughput_efficiency: stats.metrics.throughput_efficiency,
    confidence_accuracy: applyBoth(confidenceAccuracy, confidenceDelta.planned, confidenceDelta.actual),
  };
  return {
    wave: stats.wave,
    planned_success_rate: plannedRate,
    actual_success_rate: actualRate,
    planned_throughput: throughputPerS.planned,
    actual_throughput: throughputPerS.actual,
    planned_confidence_delta: confidenceDelta.planned,
    actual_confidence_delta: confidenceDelta.actual,
    accuracy_score: meanOf(Object.values(accuracies)),
    ...accuracies,
    ...lateFields(stats.late),
    strategy: stats.strategy,
    execution,
    timestamp,
  };
}

function applyBoth(
  measure: (planned: number, actual: number) => number,
  planned: number | null,
  actual: number | null,
): number | null {
  return planned === null || actual === null ? null : measure(planned, actual);
}
