import { type Agent, type GivenEstimate, InputError, type Problem, roundShown, type Task } from "../../domain/index.js";
import { earliestEndMs } from "./free-time.js";
import type { LocateTaskField } from "./problem-checks.js";

/**
 * Tasks that no plan could keep as they are given: released after their deadline, or pinned to an agent without the required
 * skills, outside their eligible agents, or whose given busy time (duration_ms · (1 + retries)) fits nowhere in its time before
 * the deadline. Numbers not given are not judged (absent retries count as 0, the least they can be): what only a predicted number
 * makes impossible is deferred.
 *
 * @throws InputError with the place of the first such task
 */
export function checkPossible(problem: Problem, locate: LocateTaskField): void {
  const agents = new Map(problem.agents.map((agent) => [agent.agentId, agent]));
  for (const task of problem.tasks) {
    checkRelease(task, locate);
    const agent = task.pinnedAgent === null ? undefined : agents.get(task.pinnedAgent);
    if (agent === undefined) continue;
    const place = locate(task.taskId, "pinned_agent");
    checkSkills(task, agent, place);
    checkChoice(task, agent, place);
    checkWindow(task, agent, place);
  }
}

function checkRelease({ taskId, releaseMs, deadlineMs }: Task, locate: LocateTaskField): void {
  if (deadlineMs === null || deadlineMs >= releaseMs) return;
  throw new InputError(
    locate(taskId, "deadline_ms"),
    `${deadlineMs} is before release_ms, ${releaseMs}; let the deadline come after the release`,
  );
}

function checkSkills(task: Task, agent: Agent, place: string): void {
  const missing = task.requiredSkills.filter((skill) => !agent.skills.includes(skill));
  if (missing.length === 0) return;
  const skills = missing.map((skill) => `"${skill}"`).join(", ");
  throw new InputError(
    place,
    `"${agent.agentId}" lacks the required skill ${skills}; pin the task to an agent that has it`,
  );
}

function checkChoice({ eligibleAgents }: Task, { agentId }: Agent, place: string): void {
  if (eligibleAgents === null || eligibleAgents.includes(agentId)) return;
  throw new InputError(
    place,
    `"${agentId}" is not one of eligible_agents; pin the task to one of them, or add it there`,
  );
}

function checkWindow(task: Task, agent: Agent, place: string): void {
  const given: GivenEstimate | undefined = task.estimates[agent.agentId];
  if (given?.durationMs === undefined) return;
  const busyMs = given.durationMs * (1 + (given.retries ?? 0));
  const endMs = earliestEndMs(agent, task.releaseMs, busyMs);
  if (endMs === Infinity) {
    throw new InputError(
      place,
      `"${agent.agentId}" needs ${roundShown(busyMs)} ms, which fits nowhere between its absences and before it leaves; move the pin or an absence`,
    );
  }
  if (task.deadlineMs === null || endMs <= task.deadlineMs) return;
  const roomMs = Math.max(0, task.deadlineMs - Math.max(agent.availableFromMs, task.releaseMs));
  const room = agent.unavailable.length > 0 ? "cannot end before" : `has ${roundShown(roomMs)} ms until`;
  throw new InputError(
    place,
    `"${agent.agentId}" needs ${roundShown(busyMs)} ms and ${room} the deadline, ${task.deadlineMs} ms; move the deadline or the pin`,
  );
}
