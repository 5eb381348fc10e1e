import type { Assignment, Instance } from "../../../models/instance.js";
import type { Problem } from "../../../src/domain/problem.js";
import { agent, problem, task } from "../prediction/worlds.js";
import type { Task } from "../../../src/domain/problem.js";

/** A task on any agent, with the same busy time everywhere. */
export interface PlainTask extends Partial<Task> {
  readonly busyMs: number;
  /** Indices of its predecessors. */
  readonly after?: readonly number[];
}

export interface PlainAgent {
  readonly slots: number;
  readonly availableFromMs?: number;
}

export interface Wave {
  readonly problem: Problem;
  readonly instance: Instance;
}

const name = (prefix: string, index: number): string => `${prefix}_${String(index).padStart(3, "0")}`;

/** A wave in which every pair is eligible; ids ascend with the index. */
export function wave(plainTasks: readonly PlainTask[], plainAgents: readonly PlainAgent[]): Wave {
  const agents = plainAgents.map((over, j) => agent(name("agent", j), over));
  const tasks = plainTasks.map((plain, i) =>
    task(name("task", i), { ...plain, dependsOn: (plain.after ?? []).map((k) => name("task", k)) }),
  );
  const [n, m] = [tasks.length, agents.length];
  const pairs = Array.from({ length: n * m }, (_, pair) => pair);
  const after = plainTasks.map((plain) => plain.after ?? []);
  const dependsStart = new Int32Array(n + 1);
  after.forEach((list, i) => (dependsStart[i + 1] = dependsStart[i]! + list.length));
  const instance: Instance = {
    ...{ numTasks: n, numAgents: m, numPairs: n * m },
    taskIds: tasks.map(({ taskId }) => taskId),
    agentIds: agents.map(({ agentId }) => agentId),
    pairStart: Int32Array.from({ length: n + 1 }, (_, i) => i * m),
    pairTask: Int32Array.from(pairs, (pair) => Math.floor(pair / m)),
    pairAgent: Int32Array.from(pairs, (pair) => pair % m),
    success: new Float64Array(n * m).fill(0.9),
    retries: new Float64Array(n * m),
    busyMs: Float64Array.from(pairs, (pair) => plainTasks[Math.floor(pair / m)]!.busyMs),
    confidenceDelta: new Float64Array(n * m),
    cost: new Float64Array(n * m),
    belowGate: new Uint8Array(n * m),
    weight: Float64Array.from(tasks, ({ weight }) => weight),
    urgencyRank: new Int32Array(tasks.length),
    deadlineMs: Float64Array.from(tasks, ({ deadlineMs }) => deadlineMs ?? Infinity),
    dependsStart,
    dependsOn: Int32Array.from(after.flat()),
    slots: Int32Array.from(agents, ({ slots }) => slots),
    loadLimitMs: new Float64Array(m).fill(Infinity),
    maxTasks: new Float64Array(m).fill(Infinity),
    availableFromMs: Float64Array.from(agents, ({ availableFromMs }) => availableFromMs),
    timing: null,
    budget: Infinity,
    deferral: { kind: "first" },
  };
  return { problem: problem(agents, tasks), instance };
}

/** Assignment from [agent, slot] by task; null is deferred. */
export function placed(...places: readonly (readonly [number, number] | null)[]): Assignment {
  return {
    agentOf: Int32Array.from(places, (place) => place?.[0] ?? -1),
    slotOf: Int32Array.from(places, (place) => place?.[1] ?? -1),
  };
}

/** All tasks on slot 0 of agent 0. */
export function onOneSlot(numTasks: number): Assignment {
  return placed(...Array.from({ length: numTasks }, (): [number, number] => [0, 0]));
}

/** All orders of the values. */
export function permutations<T>(values: readonly T[]): T[][] {
  if (values.length === 0) return [[]];
  return values.flatMap((value, k) => permutations(values.toSpliced(k, 1)).map((rest) => [value, ...rest]));
}
