import type { Instance, InstanceArrays, NumberArray } from "../../../models/index.js";

/**
 * A caller's arrays, checked, as the instance. What lies in shared memory in the right type is used as it is, everything else about
 * pairs is copied there once, so that threads share it. Values that were left out and that no goal counts are zeros; zeros that nobody
 * reads take no memory. O(pairs).
 */
export function instanceOfArrays(arrays: InstanceArrays): Instance {
  const { numTasks, numAgents } = arrays;
  const pairs = eligiblePairs(arrays);
  const { length: numPairs } = pairs.pairAgent;
  const zeros = sharedFloats(numPairs);
  const take = (values: NumberArray | undefined): Float64Array =>
    values === undefined ? zeros : asSharedFloats(pairs.pick(values));
  const fill = (values: NumberArray | undefined, length: number, absent: number): Float64Array =>
    values === undefined ? new Float64Array(length).fill(absent) : Float64Array.from(values);
  const slots = fill(arrays.slots, numAgents, 1);
  return {
    ...{ numTasks, numAgents, numPairs },
    taskIds: ids("task", numTasks),
    agentIds: ids("agent", numAgents),
    pairStart: pairs.pairStart,
    pairTask: tasksOfPairs(pairs.pairStart, numPairs),
    pairAgent: pairs.pairAgent,
    success: take(arrays.success),
    retries: take(arrays.retries),
    busyMs: take(arrays.busyMs),
    confidenceDelta: take(arrays.confidenceDelta),
    cost: take(arrays.cost),
    belowGate: new Uint8Array(zeros.buffer, 0, numPairs),
    weight: fill(arrays.weight, numTasks, 1),
    urgencyRank: new Int32Array(numTasks),
    deadlineMs: fill(arrays.deadlineMs, numTasks, Infinity),
    dependsStart: new Int32Array(numTasks + 1),
    dependsOn: new Int32Array(0),
    slots: Int32Array.from(slots, (count) => Math.min(count, numTasks + 1)),
    loadLimitMs: fill(arrays.capacityMs, numAgents, Infinity),
    maxTasks: fill(arrays.maxTasks, numAgents, Infinity),
    availableFromMs: fill(arrays.availableFromMs, numAgents, 0),
    timing: null,
    budget: arrays.budget ?? Infinity,
    deferral: { kind: arrays.noDefer === true ? "forbidden" : "first" },
  };
}

interface EligiblePairs {
  readonly pairStart: Int32Array;
  readonly pairAgent: Int32Array;
  /** The values of these pairs alone. */
  readonly pick: (values: NumberArray) => NumberArray;
}

/** Pairs that end by the deadline of their task: all of them where there is none. */
function eligiblePairs(arrays: InstanceArrays): EligiblePairs {
  const { numTasks, pairStart, pairAgent, busyMs, deadlineMs, availableFromMs } = arrays;
  if (deadlineMs === undefined) {
    return { pairStart: asSharedInts(pairStart), pairAgent: asSharedInts(pairAgent), pick: (values) => values };
  }
  const start = sharedInts(numTasks + 1);
  const kept: number[] = [];
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const room = deadlineMs[task]! - (availableFromMs?.[pairAgent[pair]!] ?? 0);
      if (busyMs[pair]! <= room) kept.push(pair);
    }
    start[task + 1] = kept.length;
  }
  const pick = (values: NumberArray): number[] => kept.map((pair) => values[pair]!);
  return { pairStart: start, pairAgent: asSharedInts(pick(pairAgent)), pick };
}

function tasksOfPairs(pairStart: Int32Array, numPairs: number): Int32Array {
  const pairTask = sharedInts(numPairs);
  for (let task = 0; task + 1 < pairStart.length; task++) pairTask.fill(task, pairStart[task], pairStart[task + 1]);
  return pairTask;
}

function asSharedFloats(values: NumberArray): Float64Array {
  if (values instanceof Float64Array && values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedFloats(values.length);
  copy.set(values);
  return copy;
}

function asSharedInts(values: NumberArray): Int32Array {
  if (values instanceof Int32Array && values.buffer instanceof SharedArrayBuffer) return values;
  const copy = sharedInts(values.length);
  copy.set(values);
  return copy;
}

function sharedFloats(length: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));
}

function sharedInts(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

/** Padded, so that ids ascend as indices do. */
function ids(word: string, count: number): string[] {
  const width = String(Math.max(0, count - 1)).length;
  return Array.from({ length: count }, (_, index) => `${word}_${String(index).padStart(width, "0")}`);
}
