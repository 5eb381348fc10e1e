import { STRATEGY_MODELS, type WaveMeasure } from "../../../models/index.js";
import { GOAL_KEYS, type GoalKey, type WaveForecast, type WaveRecord } from "../../domain/index.js";
import { normalQuantile } from "./distributions.js";
import type { MeasuredWave } from "../measure/measured-wave.js";
import { isKnownWhole, type StartedTask } from "../measure/wave-outcome.js";
import { meanOf } from "../measure/accuracy.js";
import { plannedBusyMs, spentMs } from "../measure/busy-time.js";

/** Measures of a wave as a whole; successes are counted task by task instead. */
export type ScoredMeasure = Exclude<WaveMeasure, "successes">;

/** What a wave says of its strategy's own goal. */
export interface GoalReading {
  readonly planned: number;
  readonly achieved: number;
  /** Normal score, large where the goal is missed; N(0, 1) or narrower under the forecast. */
  readonly score: number;
}

/** The goal a wave's strategy is judged by; for `mix` the one of greatest weight, the first of equals. */
export function goalOf({ strategy, result }: Pick<WaveRecord, "strategy" | "result">): GoalKey {
  if (strategy !== "mix") return STRATEGY_MODELS[strategy].mixKey;
  const { weights } = result.options;
  return GOAL_KEYS.reduce((best, key) => ((weights[key] ?? 0) > (weights[best] ?? 0) ? key : best));
}

/** Planned and achieved value by a measure of the whole wave; null where the wave cannot tell. */
export function readMeasure(measure: ScoredMeasure, wave: MeasuredWave): GoalReading | null {
  const { forecast } = wave.record;
  return forecast === null || wave.started.length === 0 || !isKnownWhole(wave.record)
    ? null
    : READINGS[measure](wave, forecast);
}

type Reading = (wave: MeasuredWave, forecast: WaveForecast) => GoalReading | null;

const readMakespan: Reading = ({ stats }, forecast) =>
  compareWithForecast(forecast.makespanMs, stats.started.makespanMs.actual, "less");

const READINGS: Readonly<Record<ScoredMeasure, Reading>> = {
  makespan: readMakespan,
  largest_load: readMakespan,
  retries: ({ stats }, forecast) => compareWithForecast(forecast.retries, stats.started.retries.actual, "less"),
  confidence: ({ started }, forecast) => {
    const known = started.flatMap(({ task }) => (task.confidenceDelta === null ? [] : [task.confidenceDelta]));
    // A mean over some of the tasks has another spread than the forecast of all.
    return known.length < started.length ? null : compareWithForecast(forecast.confidenceDelta, meanOf(known)!, "more");
  },
  cost: ({ started }) => readCost(started),
};

/** Place of the actual value among the replications, ties by half (mid-PIT, Lancaster 1961), as a normal score. */
function compareWithForecast(
  forecast: WaveForecast[keyof WaveForecast],
  actual: number,
  better: "less" | "more",
): GoalReading | null {
  const planned = meanOf(forecast);
  if (planned === null || !Number.isFinite(planned) || !Number.isFinite(actual)) return null;
  let [below, equal] = [0, 0];
  for (const value of forecast) {
    if (value < actual) below++;
    else if (value === actual) equal++;
  }
  const place = (below + (equal + 1) / 2) / (forecast.length + 1);
  const score = normalQuantile(place);
  return { planned, achieved: actual, score: better === "less" ? score : -score };
}

/**
 * Cost by busy time at each task's planned cost of a millisecond. The forecast has no cost, so the score is that of the
 * sum: Var = A Var(t) + d² Var(N) a task, N attempts by the predicted chances.
 */
function readCost(started: readonly StartedTask[]): GoalReading | null {
  let [planned, achieved, variance] = [0, 0, 0];
  for (const { plan, task } of started) {
    const plannedMs = plannedBusyMs(plan);
    if (!(plannedMs > 0)) continue;
    const costPerMs = plan.cost / plannedMs;
    planned += plan.cost;
    achieved += costPerMs * spentMs(task.attempts);
    const attemptVariance = plan.durationMs ** 2 * Math.expm1(plan.durationLogSpread ** 2);
    const totalVariance =
      (1 + plan.retries) * attemptVariance + plan.durationMs ** 2 * numAttemptsVariance(plan.attemptProbabilities);
    variance += costPerMs ** 2 * totalVariance;
  }
  return variance > 0 ? { planned, achieved, score: (achieved - planned) / Math.sqrt(variance) } : null;
}

/** Of the number of attempts made until one succeeds or none is left. */
function numAttemptsVariance(chances: readonly number[]): number {
  let [reached, first, second] = [1, 0, 0];
  chances.forEach((p, k) => {
    first += reached;
    second += (2 * k + 1) * reached;
    reached *= 1 - p;
  });
  return second - first * first;
}
