import { type Estimate, ModelError, type PlannedTaskRecord, type Task } from "../../domain/index.js";
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

/** Predictions of every pair of tasks that are known somewhere. @param taskOf throws where it does not know the task */
export function predictionsOf(taskOf: (taskId: string) => Task<Estimate>): PredictAttempt {
  return (taskId, agentId) => {
    const estimate = taskOf(taskId).estimates[agentId];
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
