import type { Instance, InstanceArrays, NumberArray } from "../../../../models/index.js";

/** The arrays as an instance with ids, for the general chain of goals: what it can do, at its sizes. O(pairs). */
export function instanceOfArrays(arrays: InstanceArrays): Instance {
  const { numTasks, numAgents } = arrays;
  const pairs = eligiblePairs(arrays);
  const numPairs = pairs.pair.length;
  const take = (values: NumberArray | undefined, absent: number): Float64Array =>
    Float64Array.from(pairs.pair, (pair) => values?.[pair] ?? absent);
  const fill = (values: NumberArray | undefined, length: number, absent: number): Float64Array =>
    Float64Array.from({ length }, (_, k) => values?.[k] ?? absent);
  const slots = fill(arrays.slots, numAgents, 1);
  return {
    numTasks,
    numAgents,
    numPairs,
    taskIds: ids("task", numTasks),
    agentIds: ids("agent", numAgents),
    pairStart: pairs.start,
    pairTask: pairs.task,
    pairAgent: Int32Array.from(pairs.pair, (pair) => arrays.pairAgent[pair]!),
    success: take(arrays.success, 1),
    retries: take(arrays.retries, 0),
    busyMs: take(arrays.busyMs, 0),
    confidenceDelta: take(arrays.confidenceDelta, 0),
    cost: take(arrays.cost, 0),
    belowGate: new Uint8Array(numPairs),
    weight: fill(arrays.weight, numTasks, 1),
    deadlineMs: fill(arrays.deadlineMs, numTasks, Infinity),
    isBlocked: new Uint8Array(numTasks),
    dependsStart: new Int32Array(numTasks + 1),
    dependsOn: new Int32Array(0),
    slots: Int32Array.from(slots, (count) => Math.min(count, numTasks + 1)),
    loadSlots: Int32Array.from(slots),
    loadLimitMs: fill(arrays.capacityMs, numAgents, Infinity),
    maxTasks: fill(arrays.maxTasks, numAgents, Infinity),
    availableFromMs: fill(arrays.availableFromMs, numAgents, 0),
    budget: arrays.budget ?? Infinity,
    deferral: { kind: arrays.noDefer === true ? "forbidden" : "first" },
  };
}

/** Pairs that end by the deadline of their task. */
function eligiblePairs({ numTasks, pairStart, pairAgent, busyMs, deadlineMs, availableFromMs }: InstanceArrays): {
  readonly start: Int32Array;
  readonly task: Int32Array;
  readonly pair: Int32Array;
} {
  const start = new Int32Array(numTasks + 1);
  const kept: number[] = [];
  const tasks: number[] = [];
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const room = (deadlineMs?.[task] ?? Infinity) - (availableFromMs?.[pairAgent[pair]!] ?? 0);
      if (busyMs[pair]! > room) continue;
      kept.push(pair);
      tasks.push(task);
    }
    start[task + 1] = kept.length;
  }
  return { start, task: Int32Array.from(tasks), pair: Int32Array.from(kept) };
}

/** Padded, so that ids ascend as indices do. */
function ids(word: string, count: number): string[] {
  const width = String(Math.max(0, count - 1)).length;
  return Array.from({ length: count }, (_, index) => `${word}_${String(index).padStart(width, "0")}`);
}
