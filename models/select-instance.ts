import type { Instance, Timing } from "./instance.js";

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
  const ofTasks = (values: Float64Array): Float64Array => Float64Array.from(tasks, (task) => values[task]!);
  return {
    ...instance,
    numTasks: tasks.length,
    taskIds: tasks.map((task) => instance.taskIds[task]!),
    ...pickPairs(instance, pairs),
    pairStart: Int32Array.from(pairStart),
    pairTask: Int32Array.from(pairs, (pair) => newIndex.get(instance.pairTask[pair]!)!),
    weight: ofTasks(instance.weight),
    urgencyRank: Int32Array.from(tasks, (task) => instance.urgencyRank[task]!),
    deadlineMs: ofTasks(instance.deadlineMs),
    dependsStart: Int32Array.from(dependsStart),
    dependsOn: Int32Array.from(dependsOn),
    timing: instance.timing === null ? null : timingOfTasks(instance.timing, tasks),
  };
}

function timingOfTasks(timing: Timing, tasks: readonly number[]): Timing {
  const { useStart, usePool, useAmount } = timing;
  const uses = tasks.map((task) =>
    Array.from({ length: useStart[task + 1]! - useStart[task]! }, (_, k) => useStart[task]! + k),
  );
  const starts = new Int32Array(tasks.length + 1);
  uses.forEach((list, k) => (starts[k + 1] = starts[k]! + list.length));
  return {
    ...timing,
    releaseMs: Float64Array.from(tasks, (task) => timing.releaseMs[task]!),
    useStart: starts,
    usePool: Int32Array.from(uses.flat(), (use) => usePool[use]!),
    useAmount: Float64Array.from(uses.flat(), (use) => useAmount[use]!),
  };
}

/** The instance with only the pairs that are to stay; tasks may lose all of theirs. O(pairs). */
export function selectPairs(instance: Instance, isKept: (pair: number) => boolean): Instance {
  const pairs: number[] = [];
  const pairStart = [0];
  for (let task = 0; task < instance.numTasks; task++) {
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      if (isKept(pair)) pairs.push(pair);
    }
    pairStart.push(pairs.length);
  }
  return { ...instance, ...pickPairs(instance, pairs), pairStart: Int32Array.from(pairStart) };
}

/** The arrays of these pairs, in this order. */
function pickPairs(instance: Instance, pairs: readonly number[]) {
  const of = (values: Float64Array): Float64Array => Float64Array.from(pairs, (pair) => values[pair]!);
  return {
    numPairs: pairs.length,
    pairTask: Int32Array.from(pairs, (pair) => instance.pairTask[pair]!),
    pairAgent: Int32Array.from(pairs, (pair) => instance.pairAgent[pair]!),
    success: of(instance.success),
    retries: of(instance.retries),
    busyMs: of(instance.busyMs),
    confidenceDelta: of(instance.confidenceDelta),
    cost: of(instance.cost),
    belowGate: Uint8Array.from(pairs, (pair) => instance.belowGate[pair]!),
  };
}
