import type { MetricName, WaveRecord } from "../../domain/index.js";
import { confidenceTrajectory, ratioAccuracy, successAccuracy, sumOf } from "./accuracy.js";
import { heldMs } from "./busy-time.js";
import { isReportedWhole, type WaveOutcome } from "./wave-outcome.js";

/**
 * The five metrics of the file contract, §6, of one wave; null where the wave cannot tell. The row of
 * `schedule_comparisons.jsonl` has accuracies of the same names; they are of the tasks that ran to their end.
 *
 * @param started of every task that was started
 * @param adherence share of these tasks that adhered
 */
export function waveMetrics(
  record: WaveRecord,
  started: WaveOutcome,
  adherence: number | null,
): Record<MetricName, number | null> {
  const { tasks, successes, confidenceDelta } = started;
  const { planned, actual } = confidenceDelta;
  // What the reported tasks took says nothing of a wave that had more.
  const isWhole = isReportedWhole(record);
  return {
    schedule_accuracy: tasks === 0 ? null : successAccuracy(successes.planned / tasks, successes.actual / tasks),
    throughput_efficiency: isWhole ? efficiencyOf(record, started) : null,
    agent_utilization: isWhole ? utilizationOf(record, started) : null,
    confidence_trajectory: planned === null || actual === null ? null : confidenceTrajectory(planned, actual),
    schedule_adherence: adherence,
  };
}

/**
 * min(r, 1/r), r = actual / planned successes a second; 0 where either is 0, null where time did not pass. Differs from the
 * comparison row in this too: without a forecast it is null, where the row falls back on the schedule.
 */
function efficiencyOf({ forecast }: WaveRecord, { throughputPerS }: WaveOutcome): number | null {
  const { planned, actual } = throughputPerS;
  if (forecast === null || planned === null || actual === null || !Number.isFinite(planned)) return null;
  return ratioAccuracy(planned, actual);
}

function utilizationOf({ tasks, agents }: WaveRecord, { makespanMs }: WaveOutcome): number | null {
  if (makespanMs.actual === 0) return null;
  const numSlots = sumOf(agents, ({ slots }) => slots);
  return Math.min(1, sumOf(tasks, ({ attempts }) => heldMs(attempts)) / (numSlots * makespanMs.actual));
}
