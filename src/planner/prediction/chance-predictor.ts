import type { Problem, RiskLevel } from "../../domain/index.js";
import type { FleetPrediction, PairPrediction, Predictor } from "./fleet-prediction.js";
import { baselineSuccess, NEUTRAL_CONFIDENCE } from "./prior.js";

/** The chance of one attempt and its standard error. */
export interface Chance {
  readonly probability: number;
  readonly standardError: number;
}

/** The chance of one attempt at a task by an agent at this confidence; null where the caller gave the pair's probability. */
export type ChancePredictor = (taskId: string, agentId: string, confidence: number) => Chance | null;

/**
 * The chances behind `fillEstimates`, attempt by attempt and at any confidence.
 *
 * @param problem as the caller gave it, before its estimates were filled in
 */
export function chancesOf(problem: Pick<Problem, "tasks">, predictor: Predictor): ChancePredictor {
  const tasks = new Map(problem.tasks.map((task) => [task.taskId, task]));
  return (taskId, agentId, confidence) => {
    const task = tasks.get(taskId);
    if (task === undefined) return null;
    const given = Object.hasOwn(task.estimates, agentId) ? task.estimates[agentId]! : null;
    if (given?.successProbability !== undefined) return null;
    const prediction = predictor(agentId, task.taskType, task.riskLevel);
    const probability = chanceAt(prediction, task.riskLevel, confidence);
    // The delta method: dp/dη = p (1 − p).
    const standardError = probability * (1 - probability) * logitErrorAt(prediction, confidence);
    return { probability, standardError };
  };
}

/** Standard deviation of the doubt about the logarithm of a pair's mean time; 0 where the caller gave the time. */
export type TimeDoubt = (taskId: string, agentId: string) => number;

/** The doubt behind the times of `fillEstimates`. @param problem as for `chancesOf` */
export function timeDoubtsOf(problem: Pick<Problem, "tasks">, predictor: Predictor): TimeDoubt {
  const tasks = new Map(problem.tasks.map((task) => [task.taskId, task]));
  return (taskId, agentId) => {
    const task = tasks.get(taskId);
    const isGiven = task !== undefined && Object.hasOwn(task.estimates, agentId);
    if (task === undefined || (isGiven && task.estimates[agentId]!.durationMs !== undefined)) return 0;
    return predictor(agentId, task.taskType, task.riskLevel).duration.logMeanStandardError;
  };
}

/** p of one attempt at this confidence: the baseline, its odds times what history says of the pair. */
export function chanceAt({ success }: PairPrediction, riskLevel: RiskLevel, confidence: number): number {
  const baseline = baselineSuccess(confidence, success.agentSuccess, riskLevel);
  return withOdds(baseline, success.oddsRatio * confidenceOdds(success, confidence));
}

/** Factor on the odds of an attempt at this confidence. */
export function confidenceOdds(
  { confidenceSlope }: Pick<PairPrediction["success"], "confidenceSlope">,
  confidence: number,
): number {
  return Math.exp(confidenceSlope * (confidence - NEUTRAL_CONFIDENCE));
}

/** The probability whose odds are `ratio` times those of the baseline. */
export function withOdds(baseline: number, ratio: number): number {
  return (baseline * ratio) / (1 - baseline + baseline * ratio);
}

/** Standard error of the logit of `chanceAt`: that of the pair's shift and of the slope together. */
function logitErrorAt({ success }: PairPrediction, confidence: number): number {
  const { standardError, slopeCovariance, slopeVariance } = success;
  return logitError(standardError, slopeCovariance, slopeVariance, confidence - NEUTRAL_CONFIDENCE);
}

/** The same of an agent of a fleet, at a distance from the neutral confidence. */
export function logitErrorOf(success: FleetPrediction["success"], agent: number, distance: number): number {
  const { standardError, slopeCovariance, slopeVariance } = success;
  return logitError(standardError[agent]!, slopeCovariance[agent]!, slopeVariance, distance);
}

function logitError(standardError: number, slopeCovariance: number, slopeVariance: number, x: number): number {
  return Math.sqrt(Math.max(0, standardError ** 2 + 2 * x * slopeCovariance + x * x * slopeVariance));
}
