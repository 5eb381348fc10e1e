import type { WaveForecast, WaveRecord } from "../domain/run.js";
import type { CalibrationRow } from "../domain/schemas/phase19-wave.js";
import { quantile } from "../simulation/spread-summary.js";
import { judgedTasks, sumOf } from "./judged-tasks.js";
import { measureWave } from "./wave-outcome.js";

/** Probabilities are kept this far from 0 and 1 in the log loss. */
export const PROBABILITY_MARGIN = 1e-6;
/** Ends of the forecast intervals. */
const INTERVAL = [0.05, 0.95] as const;

/**
 * How good the predictions of a wave were: Brier score (Brier, Monthly Weather Review 78, 1950), log loss, and how many
 * of the 5–95 % intervals held what came. The wave's own intervals count only where every started task came to its end.
 */
export function calibrateWave(record: WaveRecord, timestamp: string): CalibrationRow {
  const judged = judgedTasks(record);
  const tasks = judged.length;
  const mean = (total: number): number | null => (tasks === 0 ? null : total / tasks);
  const { successes, makespanMs } = measureWave(record);
  const isWhole = tasks > 0 && tasks === record.tasks.length;
  const forecast = isWhole ? record.forecast : null;
  return {
    wave: record.wave,
    tasks,
    brier_score: mean(sumOf(judged, ({ plan, task }) => (plan.successProbability - (task.succeeded ? 1 : 0)) ** 2)),
    log_loss: mean(sumOf(judged, ({ plan, task }) => logLoss(plan.successProbability, task.succeeded))),
    expected_brier_score: mean(
      sumOf(judged, ({ plan }) => Math.max(0, plan.successProbability * (1 - plan.successProbability))),
    ),
    end_interval: {
      count: tasks,
      covered: judged.filter(
        ({
          plan: {
            endIntervalMs: [low, high],
          },
          task: { endMs },
        }) => endMs >= low && endMs <= high,
      ).length,
    },
    makespan_interval: coverage(forecast, "makespanMs", makespanMs.actual),
    success_interval: coverage(forecast, "successRate", successes.actual / tasks),
    execution: record.execution,
    timestamp,
  };
}

function logLoss(probability: number, succeeded: boolean): number {
  const clamped = Math.min(1 - PROBABILITY_MARGIN, Math.max(PROBABILITY_MARGIN, probability));
  return -Math.log(succeeded ? clamped : 1 - clamped);
}

function coverage(
  forecast: WaveForecast | null,
  name: "makespanMs" | "successRate",
  actual: number,
): CalibrationRow["makespan_interval"] {
  if (forecast === null) return { count: 0, covered: 0 };
  const [low, high] = [quantile(forecast[name], INTERVAL[0]), quantile(forecast[name], INTERVAL[1])];
  return { count: 1, covered: actual >= low && actual <= high ? 1 : 0 };
}
