import type { Agent, Estimate, Task } from "../../domain/index.js";

/** Why an agent cannot take a task, or null where it can. */
export function ineligibility(task: Task<Estimate>, agent: Agent): string | null {
  if (task.pinnedAgent !== null && task.pinnedAgent !== agent.agentId)
    return `the task is pinned to ${task.pinnedAgent}`;
  if (task.eligibleAgents !== null && !task.eligibleAgents.includes(agent.agentId))
    return `${agent.agentId} is not one of the task's eligible agents`;
  const missing = task.requiredSkills.filter((skill) => !agent.skills.includes(skill));
  if (missing.length > 0) return `${agent.agentId} lacks ${missing.join(", ")}`;
  if (task.deadlineMs === null) return null;
  const busyMs = busyTimeMs(task.estimates[agent.agentId]!);
  if (busyMs <= task.deadlineMs - agent.availableFromMs) return null;
  const room = Math.max(0, task.deadlineMs - agent.availableFromMs);
  return `${agent.agentId} needs ${Math.round(busyMs)} ms and has ${Math.round(room)} ms before the deadline`;
}

/** b = duration of one attempt × expected attempts, milliseconds. */
export function busyTimeMs(estimate: Estimate): number {
  return estimate.durationMs * (1 + estimate.retries);
}
