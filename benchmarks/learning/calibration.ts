import type { History } from "../../src/domain/history.js";
import type { Estimate } from "../../src/domain/problem.js";
import { agentValue, baselineSuccess } from "../../src/planner/prediction/prior.js";
import { attemptTime } from "../../src/planner/forecast/attempt-times.js";
import { quantile } from "../../src/planner/forecast/spread-summary.js";
import { drawOutcome } from "./outcomes.js";
import type { PlayedWave } from "./optimizer-policy.js";
import { typesBehind } from "./tasks.js";
import { chanceOf, chanceOfKind, type HiddenTask } from "./truth.js";
import type { World } from "./worlds.js";

/** Sums over assigned pairs; figures are quotients of them. */
export interface CalibrationSums {
  pairs: number;
  /**
   * Expected Brier score E[(P̂ − Y)²] of the true chances, Σ p (1 − p). Where the type hides behind a title, p is the mean
   * over the types that its first word may stand for: whoever knows all but the type has 10 and 12 % more at 6 and 12 agents.
   */
  trueBrier: number;
  ownBrier: number;
  /** Of the baseline formula with the starting aggregates. */
  priorBrier: number;
  /** Σ (P̂ − p): what predictions are too high by. */
  bias: number;
  /** Pairs whose true chance lies in the 90 % interval: that of the pair's kind as it shows, and that of the task with its noise. */
  coveredOfKind: number;
  coveredOfTask: number;
  /** Times that lie in their 5–95 % interval. */
  coveredTimes: number;
  waves: number;
  /** Makespans as the forecasts' means had them, and as they came. */
  forecastMakespanMs: number;
  realisedMakespanMs: number;
  /** Waves whose makespan lies between the 5 % and 95 % quantiles of its forecast. */
  coveredMakespans: number;
}

/** Half width of a 90 % interval, in standard errors. */
const HALF_WIDTH = 1.645;

export function noCalibration(): CalibrationSums {
  const zeros = { pairs: 0, trueBrier: 0, ownBrier: 0, priorBrier: 0, bias: 0 };
  const ofMakespans = { waves: 0, forecastMakespanMs: 0, realisedMakespanMs: 0, coveredMakespans: 0 };
  return { ...zeros, coveredOfKind: 0, coveredOfTask: 0, coveredTimes: 0, ...ofMakespans };
}

/** Adds the assigned pairs of a wave, as they were predicted before it ran. */
export function addWave(
  sums: CalibrationSums,
  world: World,
  history: History,
  tasks: readonly HiddenTask[],
  { plan }: PlayedWave,
  realisedMakespanMs: number,
): void {
  if (plan.forecast !== null) addMakespan(sums, plan.forecast.makespanMs, realisedMakespanMs);
  const hidden = new Map(tasks.map((task) => [task.taskId, task]));
  const estimates = new Map(plan.problem.tasks.map((task) => [task.taskId, task.estimates]));
  const records = new Map(history.agents.map((record) => [record.agentId, record]));
  for (const { taskId, agentId } of plan.planned) {
    const task = hidden.get(taskId)!;
    const estimate = estimates.get(taskId)![agentId]!;
    const p = chanceOf(world.truth, task, agentId);
    const rate = agentValue(records.get(agentId), history.fleet, "successRate").value;
    const prior = baselineSuccess(task.confidence, rate, task.riskLevel);
    sums.pairs++;
    const shown = chanceAsShown(world, task, agentId, task.noise);
    sums.trueBrier += shown * (1 - shown);
    sums.ownBrier += shown * (1 - shown) + (estimate.successProbability - shown) ** 2;
    sums.priorBrier += shown * (1 - shown) + (prior - shown) ** 2;
    sums.bias += estimate.successProbability - p;
    sums.coveredOfKind += Number(covers(estimate, chanceAsShown(world, task, agentId, 0)));
    sums.coveredOfTask += Number(covers(estimate, p));
    sums.coveredTimes += Number(coversTime(estimate, drawOutcome(world, task, agentId).durationMs));
  }
}

/** The chance of a task as far as what a planner sees of its type can tell, with a noise of its own. */
function chanceAsShown(world: World, task: HiddenTask, agentId: string, noise: number): number {
  return typesBehind(world, task).reduce((sum, { taskType, share }) => {
    return sum + share * chanceOfKind(world.truth, { ...task, taskType }, agentId, noise);
  }, 0);
}

/** @param forecastMs ascending */
function addMakespan(sums: CalibrationSums, forecastMs: Float64Array, realisedMs: number): void {
  sums.waves++;
  sums.forecastMakespanMs += forecastMs.reduce((sum, value) => sum + value, 0) / forecastMs.length;
  sums.realisedMakespanMs += realisedMs;
  const isWithin = realisedMs >= quantile(forecastMs, 0.05) && realisedMs <= quantile(forecastMs, 0.95);
  sums.coveredMakespans += Number(isWithin);
}

/** P̂ ± 1.645 standard errors on the logit scale. */
function covers({ successProbability: predicted, standardErrors }: Estimate, chance: number): boolean {
  const error = standardErrors.successProbability / (predicted * (1 - predicted));
  return Math.abs(logit(chance) - logit(predicted)) <= HALF_WIDTH * error;
}

function coversTime(estimate: Estimate, timeMs: number): boolean {
  const { mu, sigma } = attemptTime(estimate);
  return Math.abs(Math.log(timeMs) - mu) <= HALF_WIDTH * sigma;
}

function logit(chance: number): number {
  return Math.log(chance / (1 - chance));
}
