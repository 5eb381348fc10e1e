import {
  type Estimate,
  type FullProblem,
  type Heuristics,
  ModelError,
  recordOf,
  type RiskLevel,
} from "../../domain/index.js";
import {
  attemptChances,
  type AttemptChances,
  attemptDistribution,
  attemptTime,
  retriesAllowed,
} from "../../planner/index.js";
import type { PairWorld, PlayedWorld } from "./simulated-executor.js";

export interface AttemptRules {
  /** Retries after the first attempt, ≥ 0. */
  readonly maxRetries: number;
  readonly heuristics: Heuristics;
}

/** Chances attempt by attempt that have exactly the estimate's P and A, under the retries this risk is allowed. */
export function estimatedChances(estimate: Estimate, riskLevel: RiskLevel, rules: AttemptRules): AttemptChances {
  const numRetries = retriesAllowed(riskLevel, rules.heuristics, rules.maxRetries);
  return attemptChances(attemptDistribution(estimate.successProbability, 1 + estimate.retries, numRetries));
}

/**
 * The world in which every estimate is true: what it plays has the law of `simulateSchedule`. Where an estimate expects
 * more attempts than are allowed, the executed task has only the allowed ones.
 *
 * @throws ModelError (when played) for a pair the problem does not hold
 */
export function predictedWorld(problem: FullProblem, rules: AttemptRules): PlayedWorld {
  const tasks = recordOf(problem.tasks.map((task) => [task.taskId, task]));
  const known = new Map<string, PairWorld>();
  return (taskId, agentId) => {
    const key = `${taskId}\0${agentId}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    // Tasks may have come since.
    const task = tasks[taskId] ?? problem.tasks.find((one) => one.taskId === taskId);
    const estimate = task?.estimates[agentId];
    if (task === undefined || estimate === undefined) throw new ModelError(`no estimate of ${taskId} on ${agentId}`);
    const pair: PairWorld = {
      ...estimatedChances(estimate, task.riskLevel, rules),
      time: attemptTime(estimate),
      gain: { mean: estimate.confidenceDelta, spread: estimate.standardErrors.confidenceDelta },
    };
    known.set(key, pair);
    return pair;
  };
}
