import type { ProblemDocument, TaskDocument, AgentDocument } from "../../../src/domain/schemas/index.js";
import type { ResultDocument } from "../../../src/domain/result.js";

/**
 * A wave read from its document alone, with every rule of time in it: arithmetic of its own, so that it can judge the models and the
 * engine. Every estimate must be given in full, since nothing is predicted here.
 */
export interface TimedWave {
  readonly agents: readonly TimedAgent[];
  readonly tasks: readonly TimedTask[];
  /** By index of the pool. */
  readonly poolLimits: readonly number[];
  readonly budget: number;
  readonly noDefer: boolean;
  /** Price of a deferred task in units of the first goal; null where deferred weight comes first. */
  readonly penalty: number | null;
}

export interface TimedAgent {
  readonly id: string;
  readonly slots: number;
  /** Busy time of a slot. */
  readonly limitMs: number;
  readonly maxTasks: number;
  readonly fromMs: number;
  readonly untilMs: number;
  readonly absences: readonly (readonly [number, number])[];
}

export interface TimedTask {
  readonly id: string;
  readonly weight: number;
  readonly releaseMs: number;
  readonly deadlineMs: number;
  /** Indices of the tasks of the wave it waits for. */
  readonly after: readonly number[];
  /** All tasks of the wave that must succeed before it can start. */
  readonly ancestors: readonly number[];
  /** Held, or waiting for a task of an earlier wave that is unfinished: deferred in every plan. */
  readonly isBlocked: boolean;
  /** Amount of each pool, by index of the pool. */
  readonly uses: readonly number[];
  readonly options: readonly TimedOption[];
}

/** What one agent would make of a task. */
export interface TimedOption {
  readonly agent: number;
  readonly busyMs: number;
  readonly success: number;
  readonly retries: number;
  readonly delta: number;
  readonly cost: number;
  readonly isBelowGate: boolean;
}

/** Load limit of every agent, by its id, as a result states it; null: none. */
export type LoadLimits = ResultDocument["limits"]["per_agent_ms"];

const GATE = { LOW: 0.5, MEDIUM: 0.75, HIGH: 0.9 } as const;

/** Reads the wave; agents and tasks stand in ascending order of their ids. */
export function readTimedWave(document: ProblemDocument, limits: LoadLimits): TimedWave {
  const pools = Object.keys(document.pools ?? {});
  const agents = document.agents.toSorted(byKey(({ agent_id }) => agent_id));
  const tasks = document.tasks.toSorted(byKey(({ task_id }) => task_id));
  const after = tasks.map((task) => indicesOf(task.depends_on ?? [], tasks));
  const ancestors = tasks.map((_, task) => ancestorsOf(task, after));
  const earlier = document.earlier_tasks ?? {};
  const isStuck = tasks.map(
    ({ held, depends_on }) =>
      typeof held === "string" || (depends_on ?? []).some((taskId) => earlier[taskId] === "unfinished"),
  );
  const options = document.options ?? {};
  return {
    agents: agents.map((agent) => readAgent(agent, limits)),
    tasks: tasks.map((task, index) => ({
      id: task.task_id,
      weight: task.weight ?? 1,
      releaseMs: task.release_ms ?? 0,
      deadlineMs: task.deadline_ms ?? Infinity,
      after: after[index]!,
      ancestors: ancestors[index]!,
      isBlocked: isStuck[index]! || ancestors[index]!.some((other) => isStuck[other]!),
      uses: pools.map((pool) => task.uses?.[pool] ?? 0),
      options: agents.flatMap((agent, k) => readOption(task, agent, k)),
    })),
    poolLimits: pools.map((pool) => document.pools![pool]!),
    budget: options.budget ?? Infinity,
    noDefer: options.no_defer ?? false,
    penalty: options.defer_penalty ?? null,
  };
}

function byKey<T>(keyOf: (one: T) => string): (a: T, b: T) => number {
  return (a, b) => (keyOf(a) < keyOf(b) ? -1 : 1);
}

function readAgent(agent: AgentDocument, limits: LoadLimits): TimedAgent {
  return {
    id: agent.agent_id,
    slots: agent.slots ?? 1,
    limitMs: Math.min(agent.capacity_ms ?? Infinity, limits[agent.agent_id] ?? Infinity),
    maxTasks: agent.max_tasks ?? Infinity,
    fromMs: agent.available_from_ms ?? 0,
    untilMs: agent.available_until_ms ?? Infinity,
    absences: (agent.unavailable ?? []).toSorted(([a], [b]) => a - b),
  };
}

function readOption(task: TaskDocument, agent: AgentDocument, index: number): TimedOption[] {
  const estimate = task.estimates?.[agent.agent_id];
  const isAllowed =
    (typeof task.pinned_agent !== "string" || task.pinned_agent === agent.agent_id) &&
    (task.eligible_agents?.includes(agent.agent_id) ?? true) &&
    (task.required_skills ?? []).every((skill) => agent.skills?.includes(skill));
  if (!isAllowed) return [];
  const {
    success_probability: success,
    duration_ms: duration,
    retries,
    confidence_delta: delta,
    cost,
  } = estimate ?? {};
  if (typeof success !== "number" || typeof duration !== "number" || typeof retries !== "number")
    throw new RangeError(`${task.task_id}: the estimate of ${agent.agent_id} is not given in full`);
  return [
    {
      ...{ agent: index, busyMs: duration * (1 + retries), success, retries, delta: delta ?? 0, cost: cost ?? 0 },
      isBelowGate: success < GATE[task.risk_level],
    },
  ];
}

/** Tasks of earlier waves have no index. */
function indicesOf(ids: readonly string[], tasks: readonly TaskDocument[]): number[] {
  const all = ids.map((id) => tasks.findIndex(({ task_id }) => task_id === id));
  return [...new Set(all)].filter((index) => index >= 0);
}

function ancestorsOf(task: number, after: readonly (readonly number[])[]): number[] {
  const found = new Set<number>();
  const visit = (one: number): void => {
    for (const other of after[one]!) {
      if (found.has(other)) continue;
      found.add(other);
      visit(other);
    }
  };
  visit(task);
  return [...found].sort((a, b) => a - b);
}

/** The one feasibility tolerance: whether a value exceeds a limit by more than rounding. */
export function exceeds(value: number, limit: number): boolean {
  return value > limit + 1e-9 * Math.max(1, Math.abs(limit));
}
