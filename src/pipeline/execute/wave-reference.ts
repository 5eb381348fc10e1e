import type { FullProblem, WaveReference } from "../../domain/index.js";
import { ineligibility } from "../../planner/index.js";

/**
 * What the model expects of a wave when each task goes to one of its eligible agents at random: means over the eligible
 * agents, added up over the tasks. Null where no task has an eligible agent. O(tasks · agents).
 */
export function referenceOf({ tasks, agents }: FullProblem): WaveReference | null {
  const sums = { tasks: 0, successes: 0, attempts: 0, confidence: 0, confidenceDelta: 0, cost: 0 };
  let busyMs = 0;
  let longestMs = 0;
  for (const task of tasks) {
    const eligible = agents.filter((agent) => ineligibility(task, agent) === null);
    if (eligible.length === 0) continue;
    sums.tasks++;
    sums.confidence += task.confidence;
    let taskMs = 0;
    for (const { agentId } of eligible) {
      const { successProbability, retries, confidenceDelta, cost, durationMs } = task.estimates[agentId]!;
      sums.successes += successProbability / eligible.length;
      sums.attempts += (1 + retries) / eligible.length;
      sums.confidenceDelta += confidenceDelta / eligible.length;
      sums.cost += cost / eligible.length;
      taskMs += (durationMs * (1 + retries)) / eligible.length;
    }
    busyMs += taskMs;
    longestMs = Math.max(longestMs, taskMs);
  }
  if (sums.tasks === 0) return null;
  const numSlots = agents.reduce((sum, { slots }) => sum + slots, 0);
  return {
    ...sums,
    confidence: sums.confidence / sums.tasks,
    confidenceDelta: sums.confidenceDelta / sums.tasks,
    spanMs: Math.max(busyMs / numSlots, longestMs),
  };
}
