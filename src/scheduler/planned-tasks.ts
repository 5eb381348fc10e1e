import { InputError } from "../domain/errors.js";
import { compareIds } from "../domain/ids.js";
import type { FullProblem } from "../domain/problem.js";
import type { SolveResult } from "../domain/result.js";
import type { PlannedTaskRecord } from "../domain/run.js";
import { type AttemptRules, chanceOfAttempt, estimatedChances } from "../execution/index.js";
import { explainAgent } from "../optimizer/index.js";
import { retriesAllowed } from "../prediction/attempts.js";
import { attemptTime } from "../simulation/attempt-times.js";

/**
 * The placed tasks of a result with everything that was predicted of them, ascending by task id. O(tasks · agents).
 *
 * @throws InputError where the result is of another problem
 */
export function buildPlannedTasks(problem: FullProblem, result: SolveResult, rules: AttemptRules): PlannedTaskRecord[] {
  const byId = new Map(problem.tasks.map((task) => [task.taskId, task]));
  return result.schedule
    .map((entry): PlannedTaskRecord => {
      const { task_id: taskId, agent_id: agentId } = entry;
      const task = byId.get(taskId);
      const estimate = task?.estimates[agentId];
      const priority = result.task_priorities[taskId];
      if (task === undefined || estimate === undefined || priority === undefined)
        throw new InputError("result", `places ${taskId} on ${agentId}, which this problem does not know`);
      const { success } = estimatedChances(estimate, task.riskLevel, rules);
      const numAttempts = 1 + retriesAllowed(task.riskLevel, rules.heuristics, rules.maxRetries);
      return {
        ...{ taskId, agentId, slot: entry.slot, startMs: entry.start_ms, endMs: entry.end_ms },
        endIntervalMs: entry.end_interval_ms,
        ...{ riskLevel: task.riskLevel, taskType: task.taskType, confidence: task.confidence, weight: task.weight },
        ...{ priority, dependsOn: task.dependsOn, successProbability: estimate.successProbability },
        attemptProbabilities: Array.from({ length: numAttempts }, (_, k) => chanceOfAttempt(success, k)),
        ...{ durationMs: estimate.durationMs, durationLogSpread: attemptTime(estimate).sigma },
        ...{ retries: estimate.retries, confidenceDelta: estimate.confidenceDelta },
        ...{ confidenceDeltaSpread: estimate.standardErrors.confidenceDelta, cost: estimate.cost },
        reason: explainAgent(task.estimates, agentId),
      };
    })
    .sort((a, b) => compareIds(a.taskId, b.taskId));
}
