import type { MetricName, WaveRecord } from "../../domain/index.js";
import { confidenceTrajectory, ratioAccuracy, successAccuracy, sumOf } from "./accuracy.js";
import { isTimeGuessed } from "../execute/guessed-time.js";
import { type AssignedOutcome, assignedRates } from "./assigned-outcome.js";
import { heldMs } from "./busy-time.js";
import { isKnownWhole, type WaveOutcome } from "./wave-outcome.js";

/**
 * The five metrics of the file contract, §6, of one wave; null where the wave cannot tell.
 *
 * @param outcome of every task that was started, and of every task of the plan whose end is known
 * @param adherence share of the started tasks that adhered
 */
export function waveMetrics(
  record: WaveRecord,
  { started, assigned }: { readonly started: WaveOutcome; readonly assigned: AssignedOutcome },
  adherence: number | null,
): Record<MetricName, number | null> {
  const { planned, actual } = started.confidenceDelta;
  const rates = assignedRates(assigned);
  // What the reported tasks took says nothing of a wave that had more.
  const isWhole = isKnownWhole(record);
  return {
    schedule_accuracy:
      rates.planned === null || rates.actual === null ? null : successAccuracy(rates.planned, rates.actual),
    throughput_efficiency: isWhole ? efficiencyOf(record, started) : null,
    agent_utilization: isWhole ? utilizationOf(record, started) : null,
    confidence_trajectory: planned === null || actual === null ? null : confidenceTrajectory(planned, actual),
    schedule_adherence: adherence,
  };
}

/**
 * min(r, 1/r), r = actual / planned successes a second; 0 where either is 0, null where time did not pass, and without a forecast: a
 * schedule alone leaves chance out, and promises more than the plan.
 */
function efficiencyOf(record: WaveRecord, { throughputPerS }: WaveOutcome): number | null {
  const { forecast, execution } = record;
  const { planned, actual } = throughputPerS;
  // What nobody had timed was not missed.
  if (record.planned.some((plan) => isTimeGuessed(plan, execution))) return null;
  if (forecast === null || planned === null || actual === null || !Number.isFinite(planned)) return null;
  return ratioAccuracy(planned, actual);
}

function utilizationOf({ tasks, agents }: WaveRecord, { makespanMs }: WaveOutcome): number | null {
  if (makespanMs.actual === 0) return null;
  const numSlots = sumOf(agents, ({ slots }) => slots);
  return Math.min(1, sumOf(tasks, ({ attempts }) => heldMs(attempts)) / (numSlots * makespanMs.actual));
}
