import type { Instance } from "../../models/instance.js";

/** The instance with only these tasks (ascending); dependencies on tasks left out are dropped. O(pairs). */
export function selectTasks(instance: Instance, tasks: readonly number[]): Instance {
  const newIndex = new Map(tasks.map((task, index) => [task, index]));
  const pairs: number[] = [];
  const pairStart = [0];
  const dependsOn: number[] = [];
  const dependsStart = [0];
  for (const task of tasks) {
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) pairs.push(pair);
    pairStart.push(pairs.length);
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      const before = newIndex.get(instance.dependsOn[d]!);
      if (before !== undefined) dependsOn.push(before);
    }
    dependsStart.push(dependsOn.length);
  }
  const ofPairs = (values: Float64Array): Float64Array => Float64Array.from(pairs, (pair) => values[pair]!);
  const ofTasks = (values: Float64Array): Float64Array => Float64Array.from(tasks, (task) => values[task]!);
  return {
    ...instance,
    numTasks: tasks.length,
    numPairs: pairs.length,
    taskIds: tasks.map((task) => instance.taskIds[task]!),
    pairStart: Int32Array.from(pairStart),
    pairTask: Int32Array.from(pairs, (pair) => newIndex.get(instance.pairTask[pair]!)!),
    pairAgent: Int32Array.from(pairs, (pair) => instance.pairAgent[pair]!),
    success: ofPairs(instance.success),
    retries: ofPairs(instance.retries),
    busyMs: ofPairs(instance.busyMs),
    confidenceDelta: ofPairs(instance.confidenceDelta),
    cost: ofPairs(instance.cost),
    belowGate: Uint8Array.from(pairs, (pair) => instance.belowGate[pair]!),
    weight: ofTasks(instance.weight),
    deadlineMs: ofTasks(instance.deadlineMs),
    isBlocked: Uint8Array.from(tasks, (task) => instance.isBlocked[task]!),
    dependsStart: Int32Array.from(dependsStart),
    dependsOn: Int32Array.from(dependsOn),
  };
}

/** A limit that can be lifted: a kind, and the agent it belongs to (deadlines and the budget belong to all). */
export interface LiftableLimit {
  readonly kind: "load" | "count" | "budget" | "deadlines";
  readonly agent: number | null;
}

/** Every limit in force. */
export function limitsInForce(instance: Instance): LiftableLimit[] {
  const limits: LiftableLimit[] = [];
  for (let agent = 0; agent < instance.numAgents; agent++) {
    if (instance.loadLimitMs[agent]! < Infinity) limits.push({ kind: "load", agent });
    if (instance.maxTasks[agent]! < Infinity) limits.push({ kind: "count", agent });
  }
  if (instance.budget < Infinity) limits.push({ kind: "budget", agent: null });
  if (instance.deadlineMs.some((deadline) => deadline < Infinity)) limits.push({ kind: "deadlines", agent: null });
  return limits;
}

/** The instance with only these limits; all others are lifted. */
export function keepLimits(instance: Instance, kept: readonly LiftableLimit[]): Instance {
  const holds = (kind: LiftableLimit["kind"], agent: number | null): boolean =>
    kept.some((limit) => limit.kind === kind && limit.agent === agent);
  return {
    ...instance,
    loadLimitMs: instance.loadLimitMs.map((limit, agent) => (holds("load", agent) ? limit : Infinity)),
    maxTasks: instance.maxTasks.map((limit, agent) => (holds("count", agent) ? limit : Infinity)),
    budget: holds("budget", null) ? instance.budget : Infinity,
    deadlineMs: instance.deadlineMs.map((limit) => (holds("deadlines", null) ? limit : Infinity)),
  };
}
