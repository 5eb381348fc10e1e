import {
  findFoldedTwins,
  GivenTable,
  InputError,
  type Problem,
  showUnseen,
  suggestNearest,
  type Task,
} from "../../domain/index.js";
import { checkDependencies } from "./dependency-checks.js";
import { checkPossible } from "./possible-checks.js";

/** Where a field of a task stands, for the messages: JSON path or file and line. */
export type LocateTaskField = (taskId: string, field: string) => string;

/**
 * What no schema can see: estimates, pins and eligible agents that name unknown agents, pins that cannot be kept, uses of pools
 * beyond their limit, dependencies that lead nowhere or in a circle. O(tasks + estimates + dependencies).
 *
 * @param agentsPlace where the agents stand, for the messages
 * @throws InputError with the place of the first fault
 */
export function checkReferences(problem: Problem, agentsPlace: string, locate: LocateTaskField): void {
  checkAgentNames(problem, agentsPlace);
  checkEstimates(problem, locate);
  checkNamedAgents(problem, locate);
  checkPossible(problem, locate);
  checkUses(problem, locate);
  checkDependencies(problem, locate);
}

function checkAgentNames({ agents }: Problem, place: string): void {
  const twins = findFoldedTwins(agents.map(({ agentId }) => agentId));
  if (twins === null) return;
  const [one, other] = twins.map((id) => `"${showUnseen(id)}"`);
  throw new InputError(place, `${one} and ${other} are one folder where case does not count; rename one of them`);
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
    // Those of a table are of agents that there are, with all numbers and nothing else.
    if (GivenTable.placeOf(task.estimates) !== null) continue;
    for (const agentId in task.estimates) {
      if (!known.has(agentId)) throw unknownAgent(locate(task.taskId, "estimates"), agentId, agentIds);
      checkErrors(task, agentId, locate);
    }
  }
}

function checkNamedAgents(problem: Problem, locate: LocateTaskField): void {
  const agentIds = problem.agents.map((agent) => agent.agentId);
  const known = new Set(agentIds);
  for (const { taskId, pinnedAgent, eligibleAgents } of problem.tasks) {
    if (pinnedAgent !== null && !known.has(pinnedAgent)) {
      throw unknownAgent(locate(taskId, "pinned_agent"), pinnedAgent, agentIds);
    }
    const stranger = eligibleAgents?.find((agentId) => !known.has(agentId));
    if (stranger !== undefined) throw unknownAgent(locate(taskId, "eligible_agents"), stranger, agentIds);
  }
}

function checkUses({ tasks, pools }: Problem, locate: LocateTaskField): void {
  for (const { taskId, uses } of tasks) {
    for (const [pool, amount] of Object.entries(uses)) {
      const place = locate(taskId, "uses");
      if (!Object.hasOwn(pools, pool)) {
        const cure = suggestNearest(pool, Object.keys(pools)) || "give its limit in pools";
        throw new InputError(place, `"${pool}" is not a pool; ${cure}`);
      }
      if (amount > pools[pool]!) {
        throw new InputError(
          place,
          `${amount} of "${pool}" is more than its limit, ${pools[pool]!}; raise the limit or use less`,
        );
      }
    }
  }
}

function unknownAgent(place: string, agentId: string, known: readonly string[]): InputError {
  const cure = suggestNearest(agentId, known) || "the document names no agents";
  return new InputError(place, `"${agentId}" is not an agent; ${cure}`);
}
