import {
  type Agent,
  compareIds,
  type GivenEstimate,
  recordOf,
  type StandardErrors,
  type Task,
} from "../../domain/index.js";
import type { AgentDocument, EstimateDocument, TaskDocument } from "../../domain/schemas/index.js";

/** The one place where names on disk (snake_case) and in the program (camelCase) meet. */

const ESTIMATE_FIELDS = [
  ["successProbability", "success_probability"],
  ["durationMs", "duration_ms"],
  ["retries", "retries"],
  ["confidenceDelta", "confidence_delta"],
  ["cost", "cost"],
] as const satisfies readonly (readonly [keyof StandardErrors, string])[];
const ERROR_FIELDS = [...ESTIMATE_FIELDS, ["meanDurationMs", "mean_duration_ms"]] as const;

/** A set of words: ascending, each once, so that their order in a file changes nothing. */
function wordSet(words: readonly string[] | null | undefined): string[] {
  return [...new Set(words)].sort(compareIds);
}

/** An agent with its defaults: one slot, free from the start, no limits. */
export function toAgent(agent: AgentDocument): Agent {
  return {
    agentId: agent.agent_id,
    slots: agent.slots ?? 1,
    capacityMs: agent.capacity_ms ?? null,
    maxTasks: agent.max_tasks ?? null,
    skills: wordSet(agent.skills),
    availableFromMs: agent.available_from_ms ?? 0,
    availableUntilMs: agent.available_until_ms ?? null,
    unavailable: joinAbsences(agent.unavailable ?? []),
    costPerMs: agent.cost_per_ms ?? null,
  };
}

/** A task with its defaults: weight 1, everything else absent. The risk level stays the word it was. */
export function toTask<R extends string>(
  task: Omit<TaskDocument, "risk_level"> & { readonly risk_level: R },
): Omit<Task, "riskLevel"> & { readonly riskLevel: R } {
  return {
    taskId: task.task_id,
    riskLevel: task.risk_level,
    confidence: task.confidence,
    taskType: task.task_type ?? null,
    weight: task.weight ?? 1,
    priority: task.priority ?? null,
    releaseMs: task.release_ms ?? 0,
    deadlineMs: task.deadline_ms ?? null,
    dueMs: task.due_ms ?? null,
    requiredSkills: wordSet(task.required_skills),
    eligibleAgents: task.eligible_agents ? wordSet(task.eligible_agents) : null,
    dependsOn: wordSet(task.depends_on),
    pinnedAgent: task.pinned_agent ?? null,
    uses: recordOf(sortedEntries(task.uses ?? {}).filter(([, amount]) => amount > 0)),
    held: task.held ?? null,
    wavesWaited: task.waves_waited ?? 0,
    estimates: recordOf(sortedEntries(task.estimates ?? {}).map(([agentId, given]) => [agentId, toEstimate(given)])),
  };
}

/** The inverse of `toAgent`; absent fields are left out. */
export function fromAgent(agent: Agent): AgentDocument {
  return withoutNulls({
    agent_id: agent.agentId,
    slots: agent.slots,
    capacity_ms: agent.capacityMs,
    max_tasks: agent.maxTasks,
    skills: wordSet(agent.skills),
    available_from_ms: agent.availableFromMs,
    available_until_ms: agent.availableUntilMs,
    unavailable:
      agent.unavailable.length === 0 ? null : agent.unavailable.map(([from, to]): [number, number] => [from, to]),
    cost_per_ms: agent.costPerMs,
  });
}

/** The inverse of `toTask`; absent fields are left out. */
export function fromTask(task: Task): TaskDocument {
  return withoutNulls(taskFields(task));
}

/** Every field of a task's document, null where it is absent; the same ones of every task. */
export function taskFields(task: Task) {
  return {
    task_id: task.taskId,
    risk_level: task.riskLevel,
    confidence: task.confidence,
    task_type: task.taskType,
    weight: task.weight,
    priority: task.priority,
    release_ms: task.releaseMs === 0 ? null : task.releaseMs,
    deadline_ms: task.deadlineMs,
    due_ms: task.dueMs,
    required_skills: wordSet(task.requiredSkills),
    eligible_agents: task.eligibleAgents === null ? null : wordSet(task.eligibleAgents),
    depends_on: wordSet(task.dependsOn),
    pinned_agent: task.pinnedAgent,
    uses: Object.keys(task.uses).length === 0 ? null : recordOf(sortedEntries(task.uses)),
    held: task.held,
    waves_waited: task.wavesWaited === 0 ? null : task.wavesWaited,
    estimates: recordOf(sortedEntries(task.estimates).map(([agentId, given]) => [agentId, fromEstimate(given)])),
  };
}

/** Absences in order of time; those that touch or overlap become one, and those of no length none. */
function joinAbsences(absences: readonly (readonly [number, number])[]): [number, number][] {
  const joined: [number, number][] = [];
  for (const [from, to] of absences.filter(([start, end]) => start < end).sort(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

/** Entries of a record, ascending by key. */
export function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => compareIds(a, b));
}

function toEstimate(given: EstimateDocument): GivenEstimate {
  const errors = given.standard_errors ?? null;
  const planning = given.planning ?? null;
  return {
    ...pick(given, ESTIMATE_FIELDS, 1, 0),
    ...(errors !== null && { standardErrors: pick(errors, ERROR_FIELDS, 1, 0) }),
    ...(planning !== null && {
      planning: { successProbability: planning.success_probability, retries: planning.retries },
    }),
  };
}

/** The inverse of `toEstimate`. */
export function fromEstimate(given: GivenEstimate): EstimateDocument {
  const { standardErrors, planning } = given;
  return {
    ...pick(given, ESTIMATE_FIELDS, 0, 1),
    ...(standardErrors !== undefined && { standard_errors: pick(standardErrors, ERROR_FIELDS, 0, 1) }),
    ...(planning !== undefined && {
      planning: { success_probability: planning.successProbability, retries: planning.retries },
    }),
  };
}

/** The numbers of a record under other names; what is absent or null stays absent. */
function pick(
  record: object,
  names: readonly (readonly [string, string])[],
  from: 0 | 1,
  to: 0 | 1,
): Record<string, number> {
  const result: Record<string, number> = {};
  for (const pair of names) {
    const value = (record as Record<string, unknown>)[pair[from]];
    if (typeof value === "number") result[pair[to]] = value;
  }
  return result;
}

function withoutNulls<T extends object>(record: T): T {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null)) as T;
}
