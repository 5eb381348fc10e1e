import type { Instance } from "../../../models/index.js";
import {
  type Agent,
  type Conflict,
  type Estimate,
  type FullProblem,
  inShellQuotes,
  nameSome,
  shellWord,
  type SolveOptions,
  type Task,
} from "../../domain/index.js";
import { buildInstance } from "../instance/build-instance.js";
import { busyTimeMs, ineligibility } from "../instance/eligibility.js";
import { ancestorsOf, type Wish, wantedTasks } from "./wanted-tasks.js";

/** A wave in which every task must be placed, and the load limit that stands beside the agents' own capacities. */
export interface Demand {
  readonly problem: FullProblem;
  readonly options: SolveOptions;
  readonly loadLimitMs: number;
  /** Milliseconds from the start of the wave: what is before it cannot be had any more. */
  readonly nowMs: number;
}

/** One kind of change, by a size or without one. */
export interface Change {
  readonly name: string;
  /** Values from `from` to `most`, first in steps, then, where they need not be whole, in finer ones; null: the change has no size. */
  readonly size: { readonly from: number; readonly most: number; readonly steps: readonly number[] } | null;
  readonly apply: (value: number) => Demand;
  readonly flags: (value: number) => string | null;
  /** Of the weight of all tasks; null: the size says it. */
  readonly share: number | null;
}

/** The instance of a demand. */
export function instanceOf({ problem, options, loadLimitMs }: Demand): Instance {
  const instance = buildInstance(problem, { ...options, noDefer: true, deferPenalty: null });
  return { ...instance, loadLimitMs: instance.loadLimitMs.map((own) => Math.min(own, loadLimitMs)) };
}

/** Sizes are looked at in so many steps, about. */
const STEPS = 1_000;

/** Single changes that touch the conflict, or end the need for it: no other can help. */
export function changesFor(demand: Demand, conflict: Conflict, wish: Wish | null): Change[] {
  const { problem } = demand;
  // Without a task in between, the wish waits for nothing that stands before it.
  const between = wish === null ? new Set<string>() : ancestorsOf(problem, wish.taskId);
  const dropped = problem.tasks.filter(
    ({ taskId }) => taskId !== wish?.taskId && (conflict.tasks.includes(taskId) || between.has(taskId)),
  );
  const tasks = problem.tasks.filter(({ taskId }) => conflict.tasks.includes(taskId));
  const has = (kind: string, id: string): boolean => conflict.limits.includes(`${kind}[${id}]`);
  const ofAgents = problem.agents.flatMap((agent) => changesOfAgent(demand, agent, has));
  const isTimed = conflict.limits.some((limit) => /^(deadlines|departure|absences|pool)/.test(limit));
  const homeless = tasks.filter((task) => problem.agents.every((agent) => ineligibility(task, agent) !== null));
  return [
    ...loadLimitChange(demand, conflict),
    ...(conflict.limits.includes("budget") ? [budgetChange(demand)] : []),
    ...ofAgents,
    ...poolChanges(demand, has),
    ...(conflict.limits.includes("deadlines") || homeless.length > 0 || isTimed ? deadlineChanges(demand, tasks) : []),
    ...homeless.flatMap((task) => eligibilityChanges(demand, task)),
    ...tasks.filter(({ held }) => held !== null).map((task) => approval(demand, task)),
    ...dropped.map((task) => dropChange(demand, task, wish)),
  ];
}

function loadLimitChange(demand: Demand, { limits }: Conflict): Change[] {
  const { loadLimitMs, problem } = demand;
  if (loadLimitMs === Infinity || !limits.some((limit) => limit.startsWith("load["))) return [];
  return [
    {
      name: "raise the load limit per slot, ms",
      size: sizeOf(loadLimitMs, horizonMs(problem)),
      apply: (value) => ({ ...demand, loadLimitMs: value }),
      flags: (value) => `--load-limit ${value}ms`,
      share: null,
    },
  ];
}

function budgetChange(demand: Demand): Change {
  const { options, problem } = demand;
  const most = sum(problem.tasks.map(({ estimates }) => Math.max(...Object.values(estimates).map(({ cost }) => cost))));
  return {
    name: "raise the budget",
    size: sizeOf(options.budget ?? 0, most),
    apply: (value) => ({ ...demand, options: { ...options, budget: value } }),
    flags: (value) => `--budget ${value}`,
    share: null,
  };
}

function changesOfAgent(demand: Demand, agent: Agent, has: (kind: string, id: string) => boolean): Change[] {
  const { problem, loadLimitMs, nowMs } = demand;
  const { agentId, capacityMs, maxTasks, slots, availableUntilMs, availableFromMs } = agent;
  const numTasks = problem.tasks.length;
  const field = (name: string, key: keyof Agent, size: Change["size"], show: (value: number) => unknown): Change => ({
    name: `${name} of ${agentId}`,
    size,
    apply: (value) => withAgent(demand, { ...agent, [key]: show(value) }),
    flags: (value) => `--agent ${inShellQuotes(`${agentId}.${snake(key)}=${JSON.stringify(show(value))}`)}`,
    share: null,
  });
  const same = (value: number): number => value;
  const isLoaded = has("load", agentId);
  const isAway = agent.unavailable.length > 0;
  const isHere = isLoaded || has("departure", agentId) || has("absences", agentId);
  return [
    ...(isLoaded && capacityMs !== null && capacityMs <= loadLimitMs
      ? [field("raise capacity_ms", "capacityMs", sizeOf(capacityMs, horizonMs(problem)), same)]
      : []),
    ...(has("count", agentId)
      ? [field("raise max_tasks", "maxTasks", { from: maxTasks ?? 0, most: numTasks, steps: [1] }, same)]
      : []),
    ...(isHere
      ? [field("raise slots", "slots", { from: slots, most: Math.max(slots, numTasks), steps: [1] }, same)]
      : []),
    ...(availableUntilMs !== null
      ? [
          field(
            "let it leave later: available_until_ms",
            "availableUntilMs",
            sizeOf(availableUntilMs, horizonMs(problem)),
            same,
          ),
        ]
      : []),
    ...(isAway ? [field("cancel the absences", "unavailable", null, () => [])] : []),
    ...(availableFromMs > nowMs
      ? [field("let it begin at once: available_from_ms", "availableFromMs", null, () => nowMs)]
      : []),
  ];
}

function poolChanges(demand: Demand, has: (kind: string, id: string) => boolean): Change[] {
  const { problem } = demand;
  return Object.entries(problem.pools).flatMap(([pool, limit]): Change[] => {
    if (!has("pool", pool)) return [];
    const most = sum(problem.tasks.map(({ uses }) => uses[pool] ?? 0));
    return [
      {
        name: `raise the limit of pool ${pool}`,
        size: { from: limit, most: Math.max(limit, most), steps: [1] },
        apply: (value) => ({ ...demand, problem: { ...problem, pools: { ...problem.pools, [pool]: value } } }),
        flags: () => null,
        share: null,
      },
    ];
  });
}

function deadlineChanges(demand: Demand, tasks: readonly Task<Estimate>[]): Change[] {
  return tasks.flatMap((task): Change[] =>
    task.deadlineMs === null
      ? []
      : [
          {
            name: `move the deadline of ${task.taskId}, ms`,
            size: sizeOf(task.deadlineMs, horizonMs(demand.problem)),
            apply: (value) => withTask(demand, { ...task, deadlineMs: value }),
            flags: () => null,
            share: null,
          },
        ],
  );
}

function eligibilityChanges(demand: Demand, task: Task<Estimate>): Change[] {
  const { taskId, pinnedAgent, eligibleAgents, requiredSkills } = task;
  const plain = (name: string, apply: () => Demand, flags: string | null): Change => {
    return { name, size: null, apply, flags: () => flags, share: null };
  };
  const free = demand.problem.agents.filter(({ agentId }) => agentId !== pinnedAgent);
  const repinned =
    pinnedAgent === null
      ? []
      : free.map(({ agentId }) =>
          plain(
            `pin ${taskId} to ${agentId}`,
            () => withTask(demand, { ...task, pinnedAgent: agentId }),
            `--pin ${shellWord(`${taskId}=${agentId}`)}`,
          ),
        );
  const allowed = (eligibleAgents === null ? [] : free.filter(({ agentId }) => !eligibleAgents.includes(agentId))).map(
    ({ agentId }) =>
      plain(
        `let ${agentId} take ${taskId}`,
        () => withTask(demand, { ...task, eligibleAgents: [...eligibleAgents!, agentId] }),
        null,
      ),
  );
  const taught = demand.problem.agents.flatMap((agent) => {
    const missing = requiredSkills.filter((skill) => !agent.skills.includes(skill));
    const skills = [...agent.skills, ...missing];
    const flags = `--agent ${inShellQuotes(`${agent.agentId}.skills=${JSON.stringify(skills)}`)}`;
    const name = `give ${agent.agentId} ${missing.join(", ")}`;
    return missing.length === 0 ? [] : [plain(name, () => withAgent(demand, { ...agent, skills }), flags)];
  });
  return [...repinned, ...allowed, ...taught];
}

function approval(demand: Demand, task: Task<Estimate>): Change {
  const apply = (): Demand => withTask(demand, { ...task, held: null });
  return {
    name: `approve ${task.taskId}`,
    size: null,
    apply,
    flags: () => `--approve ${shellWord(task.taskId)}`,
    share: null,
  };
}

function dropChange(demand: Demand, { taskId, weight }: Task<Estimate>, wish: Wish | null): Change {
  const { problem } = demand;
  const rest = problem.tasks
    .filter((other) => other.taskId !== taskId)
    .map((other) => ({ ...other, dependsOn: other.dependsOn.filter((id) => id !== taskId) }));
  const waiting = problem.tasks.filter(({ dependsOn }) => dependsOn.includes(taskId)).map((other) => other.taskId);
  const freed =
    waiting.length === 0 ? "" : `; ${nameSome(waiting, MOST_NAMED)} ${waiting.length === 1 ? "waits" : "wait"} no more`;
  return {
    name: `leave out ${taskId}${freed}`,
    size: null,
    apply: () => ({ ...demand, problem: wantedTasks({ ...problem, tasks: rest }, wish) }),
    flags: () => `--drop ${shellWord(taskId)}`,
    share: weight / sum(problem.tasks.map((task) => task.weight)),
  };
}

function withAgent(demand: Demand, agent: Agent): Demand {
  const agents = demand.problem.agents.map((one) => (one.agentId === agent.agentId ? agent : one));
  return { ...demand, problem: { ...demand.problem, agents } };
}

function withTask(demand: Demand, task: Task<Estimate>): Demand {
  const tasks = demand.problem.tasks.map((one) => (one.taskId === task.taskId ? task : one));
  return { ...demand, problem: { ...demand.problem, tasks } };
}

/** From a value up, in steps of a power of ten: about a thousandth of the range, then a hundredth of that. */
function sizeOf(from: number, most: number): Change["size"] {
  const step = 10 ** Math.ceil(Math.log10(Math.max(most - from, Number.MIN_VALUE) / STEPS));
  return { from, most: Math.max(from, most), steps: [step, step / 100] };
}

/** When everything would be over on one slot, whoever does it. */
function horizonMs({ tasks, agents }: FullProblem): number {
  const from = Math.max(
    0,
    ...agents.flatMap((agent) => [agent.availableFromMs, ...agent.unavailable.map(([, to]) => to)]),
  );
  const release = Math.max(0, ...tasks.map(({ releaseMs }) => releaseMs));
  return (
    Math.max(from, release) + sum(tasks.map(({ estimates }) => Math.max(...Object.values(estimates).map(busyTimeMs))))
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Ids that a change names, most. */
const MOST_NAMED = 3;

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
