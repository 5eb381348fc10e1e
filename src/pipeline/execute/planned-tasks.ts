import type { Assignment, Instance } from "../../../models/index.js";
import {
  compareIds,
  type FullProblem,
  InputError,
  type PlannedTaskRecord,
  type ResultDocument,
} from "../../domain/index.js";
import { type AttemptRules, estimatedChances } from "./predicted-world.js";
import { chanceOfAttempt } from "./simulated-executor.js";
import { attemptTime, explainAgent, retriesAllowed, type Schedule, simulateSchedule } from "../../planner/index.js";

/** Where and when a task is planned. */
type Placement = Pick<
  PlannedTaskRecord,
  "taskId" | "agentId" | "slot" | "startMs" | "endMs" | "endIntervalMs" | "priority"
>;

/**
 * The placed tasks of a result with everything that was predicted of them, ascending by task id. O(tasks · agents).
 *
 * @throws InputError where the result is of another problem
 */
export function buildPlannedTasks(
  problem: FullProblem,
  result: ResultDocument,
  rules: AttemptRules,
): PlannedTaskRecord[] {
  const placements = result.schedule.map((entry): Placement => {
    const priority = result.task_priorities[entry.task_id];
    if (priority === undefined) throw new InputError("result", `has no priority for ${entry.task_id}`);
    return {
      ...{ taskId: entry.task_id, agentId: entry.agent_id, slot: entry.slot, priority },
      ...{ startMs: entry.start_ms, endMs: entry.end_ms, endIntervalMs: entry.end_interval_ms },
    };
  });
  return describePlacements(problem, placements, rules);
}

/** The same for a schedule that is not a result's; the intervals of the ends are simulated. O(replications · tasks). */
export function planSchedule(
  problem: FullProblem,
  instance: Instance,
  { assignment, schedule }: { readonly assignment: Assignment; readonly schedule: Schedule },
  rules: AttemptRules & { readonly seed: number },
): PlannedTaskRecord[] {
  const { tasks } = simulateSchedule(problem, instance, assignment, schedule, rules);
  const ends = new Map(tasks.map(({ task, endMs }) => [task, endMs]));
  const placements = schedule.entries.map(({ task, agent, slot, startMs, endMs }): Placement => {
    return {
      ...{ taskId: instance.taskIds[task]!, agentId: instance.agentIds[agent]!, slot, priority: schedule.rank[task]! },
      ...{ startMs, endMs, endIntervalMs: ends.get(task)?.interval ?? [endMs, endMs] },
    };
  });
  return describePlacements(problem, placements, rules);
}

/** Placements, whoever made them, with everything that was predicted of them; ascending by task id. */
export function describePlacements(
  problem: FullProblem,
  placements: readonly Placement[],
  rules: AttemptRules,
): PlannedTaskRecord[] {
  const byId = new Map(problem.tasks.map((task) => [task.taskId, task]));
  return placements
    .map((placement): PlannedTaskRecord => {
      const { taskId, agentId } = placement;
      const task = byId.get(taskId);
      const estimate = task?.estimates[agentId];
      if (task === undefined || estimate === undefined)
        throw new InputError("result", `places ${taskId} on ${agentId}, which this problem does not know`);
      const { success } = estimatedChances(estimate, task.riskLevel, rules);
      const numAttempts = 1 + retriesAllowed(task.riskLevel, rules.heuristics, rules.maxRetries);
      return {
        ...placement,
        ...{ riskLevel: task.riskLevel, taskType: task.taskType, confidence: task.confidence, weight: task.weight },
        ...{ dependsOn: task.dependsOn, successProbability: estimate.successProbability },
        ...(task.deadlineMs !== null && { deadlineMs: task.deadlineMs }),
        attemptProbabilities: Array.from({ length: numAttempts }, (_, k) => chanceOfAttempt(success, k)),
        ...{ durationMs: estimate.durationMs, durationLogSpread: attemptTime(estimate).sigma },
        ...{ retries: estimate.retries, confidenceDelta: estimate.confidenceDelta },
        ...{ confidenceDeltaSpread: estimate.standardErrors.confidenceDelta, cost: estimate.cost },
        reason: explainAgent(task.estimates, agentId),
      };
    })
    .sort((a, b) => compareIds(a.taskId, b.taskId));
}
