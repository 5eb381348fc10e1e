import {
  type Agent,
  findDependencyCycle,
  findFoldedTwins,
  type GivenEstimate,
  InputError,
  type Problem,
  showUnseen,
  suggestNearest,
  type Task,
} from "../../domain/index.js";

/** Where a field of a task stands, for the messages: JSON path or file and line. */
export type LocateTaskField = (taskId: string, field: string) => string;

/**
 * What no schema can see: estimates and pins that name unknown agents, pins that cannot be kept, dependencies that lead
 * nowhere or in a circle. O(tasks + estimates + dependencies).
 *
 * @param agentsPlace where the agents stand, for the messages
 * @throws InputError with the place of the first fault
 */
export function checkReferences(problem: Problem, agentsPlace: string, locate: LocateTaskField): void {
  checkAgentNames(problem, agentsPlace);
  checkEstimates(problem, locate);
  checkPins(problem, locate);
  checkDependencies(problem, locate);
}

function checkAgentNames({ agents }: Problem, place: string): void {
  const twins = findFoldedTwins(agents.map(({ agentId }) => agentId));
  if (twins === null) return;
  const [one, other] = twins.map((id) => `"${showUnseen(id)}"`);
  throw new InputError(place, `${one} and ${other} are one folder where case does not count; rename one of them`);
}

/**
 * Pins that cannot be kept: an unknown agent, one without the required skills, or one whose expected busy time
 * (duration_ms · (1 + retries)) does not fit between its availability and the task's deadline. Numbers not given are not
 * judged (absent retries count as 0, the least they can be): what only a predicted number makes impossible is deferred.
 *
 * @throws InputError with the place of the first such pin
 */
function checkPins(problem: Problem, locate: LocateTaskField): void {
  const agents = new Map(problem.agents.map((agent) => [agent.agentId, agent]));
  for (const task of problem.tasks) {
    if (task.pinnedAgent === null) continue;
    const place = locate(task.taskId, "pinned_agent");
    const agent = agents.get(task.pinnedAgent);
    if (agent === undefined) throw unknownAgent(place, task.pinnedAgent, [...agents.keys()]);
    checkSkills(task, agent, place);
    checkDeadline(task, agent, place);
  }
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

function checkDeadline(task: Task, agent: Agent, place: string): void {
  const given: GivenEstimate | undefined = task.estimates[agent.agentId];
  if (task.deadlineMs === null || given?.durationMs === undefined) return;
  const busyMs = given.durationMs * (1 + (given.retries ?? 0));
  const roomMs = task.deadlineMs - agent.availableFromMs;
  if (busyMs <= roomMs) return;
  throw new InputError(
    place,
    `"${agent.agentId}" needs ${busyMs} ms and has ${roomMs} ms between its availability and the deadline; move the deadline or the pin`,
  );
}

/** What an error may be given of. */
const ESTIMATED = ["successProbability", "durationMs", "retries", "confidenceDelta", "cost"] as const;

/** An error without its number would be laid around one that somebody else predicted. */
function checkErrors(task: Task, agentId: string, locate: LocateTaskField): void {
  const { standardErrors, planning, ...given } = task.estimates[agentId]!;
  if (planning !== undefined && given.successProbability === undefined) {
    throw new InputError(
      `${locate(task.taskId, "estimates")} of "${agentId}"`,
      "planning is given without success_probability; give both, or leave both to prediction",
    );
  }
  const orphan = ESTIMATED.find((name) => standardErrors?.[name] !== undefined && given[name] === undefined);
  if (orphan === undefined) return;
  const name = orphan.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  throw new InputError(
    `${locate(task.taskId, "estimates")} of "${agentId}"`,
    `standard_errors.${name} is given without ${name}; give both, or leave both to prediction`,
  );
}

function checkEstimates(problem: Problem, locate: LocateTaskField): void {
  const agentIds = problem.agents.map((agent) => agent.agentId);
  const known = new Set(agentIds);
  for (const task of problem.tasks) {
    for (const agentId in task.estimates) {
      if (!known.has(agentId)) throw unknownAgent(locate(task.taskId, "estimates"), agentId, agentIds);
      checkErrors(task, agentId, locate);
    }
  }
}

function checkDependencies(problem: Problem, locate: LocateTaskField): void {
  const taskIds = new Set(problem.tasks.map((task) => task.taskId));
  for (const task of problem.tasks) {
    const place = locate(task.taskId, "depends_on");
    for (const id of task.dependsOn) {
      if (id === task.taskId) throw new InputError(place, `"${id}" depends on itself; remove it`);
      const isEarlier = Object.hasOwn(problem.earlierTasks, id);
      if (isEarlier && taskIds.has(id)) {
        throw new InputError(place, `"${id}" is both a task of this wave and in earlier_tasks; remove one of them`);
      }
      if (!isEarlier && !taskIds.has(id)) {
        const known = [...taskIds, ...Object.keys(problem.earlierTasks)];
        throw new InputError(
          place,
          `"${id}" is not a task of this wave and not in earlier_tasks; ${
            suggestNearest(
              id,
              known.filter((other) => other !== task.taskId),
            ) || "remove it"
          }`,
        );
      }
    }
  }
  const cycle = findDependencyCycle(problem.tasks);
  if (cycle === null) return;
  throw new InputError(
    locate(cycle[0]!, "depends_on"),
    `dependencies form a cycle: ${cycle.join(" -> ")}; remove one of them`,
  );
}

function unknownAgent(place: string, agentId: string, known: readonly string[]): InputError {
  const cure = suggestNearest(agentId, known) || "the document names no agents";
  return new InputError(place, `"${agentId}" is not an agent; ${cure}`);
}
