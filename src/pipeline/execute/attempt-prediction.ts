import { type FullProblem, ModelError, type PlannedTaskRecord, recordOf } from "../../domain/index.js";
import { attemptTime, type LogNormal } from "../../planner/index.js";
import type { AttemptPrediction } from "./executor.js";

/** What is expected of one attempt at a task on an agent, with what it costs. */
export interface PricedPrediction extends AttemptPrediction {
  readonly cost: number;
}

/** @throws ModelError for a pair that the problem does not hold */
export type PredictAttempt = (taskId: string, agentId: string) => PricedPrediction;

/** 95th percentile of the standard normal distribution. */
const Z95 = 1.6448536269514722;

/** Predictions of every pair of a problem. */
export function predictionsOf({ tasks }: Pick<FullProblem, "tasks">): PredictAttempt {
  const estimates = recordOf(tasks.map((task) => [task.taskId, task.estimates]));
  return (taskId, agentId) => {
    const estimate = estimates[taskId]?.[agentId];
    if (estimate === undefined) throw new ModelError(`no estimate of ${taskId} on ${agentId}`);
    return {
      durationMs: estimate.durationMs,
      p95Ms: p95Of(attemptTime(estimate)),
      successProbability: estimate.successProbability,
      // The estimate's cost is that of all its attempts.
      cost: estimate.cost / (1 + estimate.retries),
    };
  };
}

/** The prediction that a plan holds of a task on its planned agent. */
export function predictionInPlan(task: PlannedTaskRecord): PricedPrediction {
  const { durationMs, durationLogSpread: sigma } = task;
  const p95Ms = p95Of({ mu: Math.log(durationMs) - (sigma * sigma) / 2, sigma });
  return {
    ...{ durationMs, p95Ms, successProbability: task.successProbability },
    cost: task.cost / (1 + task.retries),
  };
}

function p95Of({ mu, sigma }: LogNormal): number {
  return Math.exp(mu + Z95 * sigma);
}
