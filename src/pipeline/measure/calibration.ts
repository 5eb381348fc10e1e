import type { WaveForecast, WaveRecord } from "../../domain/index.js";
import type { CalibrationRow, Coverage } from "../../domain/schemas/index.js";
import { quantile } from "../../planner/index.js";
import { CalibrationTally } from "./calibration-tally.js";
import { Z_95 } from "./wilson.js";
import { measureWave } from "./measured-wave.js";
import type { StartedTask } from "./wave-outcome.js";

/** Ends of the forecast intervals. */
const INTERVAL = [0.05, 0.95] as const;

/**
 * How good the predictions of a wave were: scores and reliability of the final success of its tasks, and how many of the
 * 5–95 % intervals held what came. The wave's own intervals count only where every started task came to its end.
 */
export function calibrateWave(record: WaveRecord, timestamp: string): CalibrationRow {
  const { ended, stats } = measureWave(record);
  const { tasks, successes, makespanMs } = stats.ended;
  const tally = new CalibrationTally();
  for (const { plan, task } of ended) tally.add(plan.successProbability, task.succeeded);
  const isWhole = tasks > 0 && tasks === record.tasks.length;
  const forecast = isWhole ? record.forecast : null;
  return {
    wave: record.wave,
    tasks,
    ...tally.scores(),
    end_interval: {
      count: tasks,
      covered: ended.filter(({ plan: { endIntervalMs }, task: { endMs } }) => isWithin(endMs, endIntervalMs)).length,
    },
    duration_interval: coverDurations(ended),
    makespan_interval: coverage(forecast, "makespanMs", makespanMs.actual),
    success_interval: coverage(forecast, "successRate", successes.actual / tasks),
    execution: record.execution,
    timestamp,
  };
}

/**
 * Scores of all waves as one, with every coverage added up; null where no task came to its end. The probabilities of a
 * run are pooled, not its waves averaged: a small wave weighs little.
 */
export function calibrateRun(rows: readonly CalibrationRow[]): Omit<CalibrationRow, "wave" | "timestamp"> | null {
  const judged = rows.filter(({ tasks }) => tasks > 0);
  const [first] = judged;
  if (first === undefined) return null;
  const tally = new CalibrationTally();
  for (const row of judged) tally.addScores(row);
  const total = (name: "end_interval" | "duration_interval" | "makespan_interval" | "success_interval"): Coverage => ({
    count: judged.reduce((sum, row) => sum + row[name].count, 0),
    covered: judged.reduce((sum, row) => sum + row[name].covered, 0),
  });
  return {
    tasks: tally.count,
    ...tally.scores(),
    end_interval: total("end_interval"),
    duration_interval: total("duration_interval"),
    makespan_interval: total("makespan_interval"),
    success_interval: total("success_interval"),
    execution: first.execution,
  };
}

/** 5–95 % interval of a log-normal time with this mean, and this standard deviation of its logarithm. */
export function timeInterval(meanMs: number, logSpread: number): [number, number] {
  const middle = Math.log(meanMs) - logSpread ** 2 / 2;
  return [Math.exp(middle - Z_95 * logSpread), Math.exp(middle + Z_95 * logSpread)];
}

export function isWithin(value: number, [low, high]: readonly [number, number]): boolean {
  return value >= low && value <= high;
}

/** The plan foresaw the time on its own agent: attempts that another one made, or that nobody timed, say nothing of it. */
function coverDurations(ended: readonly StartedTask[]): Coverage {
  let count = 0;
  let covered = 0;
  for (const { plan, task } of ended) {
    const interval = timeInterval(plan.durationMs, plan.durationLogSpread);
    for (const { agentId, fault, durationMs } of task.attempts) {
      if (agentId !== plan.agentId || fault !== null || durationMs <= 0) continue;
      count++;
      if (isWithin(durationMs, interval)) covered++;
    }
  }
  return { count, covered };
}

function coverage(forecast: WaveForecast | null, name: "makespanMs" | "successRate", actual: number): Coverage {
  if (forecast === null) return { count: 0, covered: 0 };
  const [low, high] = [quantile(forecast[name], INTERVAL[0]), quantile(forecast[name], INTERVAL[1])];
  return { count: 1, covered: isWithin(actual, [low, high]) ? 1 : 0 };
}
