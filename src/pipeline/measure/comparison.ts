import type { ExecutionKind } from "../../domain/index.js";
import type { ComparisonRow } from "../../domain/schemas/index.js";
import { clamp, confidenceAccuracy, meanOf, ratioAccuracy, successAccuracy } from "./accuracy.js";
import type { WaveStats } from "./measured-wave.js";

/**
 * Row of `schedule_comparisons.jsonl`: what the optimizer predicted for the tasks that ran, and what came of them.
 * Everything is null where nothing ran; `accuracy_score` is the mean of the accuracies that could be measured.
 */
export function compareWave(stats: WaveStats, execution: ExecutionKind, timestamp: string): ComparisonRow {
  const { tasks, successes, confidenceDelta, throughputPerS } = stats.ended;
  const rate = (count: number): number | null => (tasks === 0 ? null : clamp(count / tasks, 0, 1));
  const plannedRate = rate(successes.planned);
  const actualRate = rate(successes.actual);
  const accuracies = {
    success_accuracy: applyBoth(successAccuracy, plannedRate, actualRate),
    throughput_efficiency: applyBoth(ratioAccuracy, throughputPerS.planned, throughputPerS.actual),
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
