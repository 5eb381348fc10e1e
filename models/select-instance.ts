import { evaluateForm, type Goal, type GoalForm } from "./goal.js";
import type { Instance, Timing } from "./instance.js";
import { runAtOnce } from "./steps.js";

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
  return runAtOnce(pairSelectionSteps(instance, isKept));
}

/** `selectPairs` in steps, so that a caller with a large instance can let others run between them. */
export function* pairSelectionSteps(instance: Instance, isKept: (pair: number) => boolean): Generator<void, Instance> {
  const kept = new Int32Array(instance.numPairs);
  const pairStart = new Int32Array(instance.numTasks + 1);
  let numKept = 0;
  for (let task = 0; task < instance.numTasks; task++) {
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      if (isKept(pair)) kept[numKept++] = pair;
    }
    pairStart[task + 1] = numKept;
  }
  yield;
  return { ...instance, ...pickPairs(instance, kept.subarray(0, numKept)), pairStart };
}

/** The instance with only these pairs (ascending); tasks may lose all of theirs. O(pairs). */
export function keepPairs(instance: Instance, kept: readonly number[]): Instance {
  const pairStart = new Int32Array(instance.numTasks + 1);
  for (const pair of kept) pairStart[instance.pairTask[pair]! + 1]!++;
  for (let task = 0; task < instance.numTasks; task++) pairStart[task + 1]! += pairStart[task]!;
  return { ...instance, ...pickPairs(instance, kept), pairStart };
}

/** A goal's form over the pairs that `keepPairs` kept, as a goal of its own on what is left. O(pairs). */
export function formOnPairs(selected: Instance, goal: GoalForm, kept: readonly number[]): Goal {
  const { name, sense, perDeferral, makespan, maxLoad, minLoad, constant } = goal;
  const perPair = goal.perPair === null ? null : Float64Array.from(kept, (pair) => goal.perPair![pair]!);
  const form = { name, sense, perPair, perDeferral, makespan, maxLoad, minLoad, constant };
  return { ...form, evaluate: (assignment) => evaluateForm(selected, form, assignment) };
}

/** A goal's form on the tasks that `selectTasks` kept, as a goal of its own on them. O(pairs of the tasks). */
export function formOnTasks(selected: Instance, goal: GoalForm, instance: Instance, tasks: readonly number[]): Goal {
  const { name, sense, makespan, maxLoad, minLoad, constant } = goal;
  const pairs = tasks.flatMap((task) =>
    Array.from(
      { length: instance.pairStart[task + 1]! - instance.pairStart[task]! },
      (_, k) => instance.pairStart[task]! + k,
    ),
  );
  const perPair = goal.perPair === null ? null : Float64Array.from(pairs, (pair) => goal.perPair![pair]!);
  const perDeferral = goal.perDeferral === null ? null : Float64Array.from(tasks, (task) => goal.perDeferral![task]!);
  const form = { name, sense, perPair, perDeferral, makespan, maxLoad, minLoad, constant };
  return { ...form, evaluate: (assignment) => evaluateForm(selected, form, assignment) };
}

/** The arrays of these pairs, in this order. */
function pickPairs(instance: Instance, pairs: ArrayLike<number>) {
  const pick = <Values extends Float64Array | Int32Array | Uint8Array>(values: Values, picked: Values): Values => {
    for (let k = 0; k < pairs.length; k++) picked[k] = values[pairs[k]!]!;
    return picked;
  };
  const numbers = (values: Float64Array): Float64Array => pick(values, new Float64Array(pairs.length));
  return {
    numPairs: pairs.length,
    pairTask: pick(instance.pairTask, new Int32Array(pairs.length)),
    pairAgent: pick(instance.pairAgent, new Int32Array(pairs.length)),
    success: numbers(instance.success),
    retries: numbers(instance.retries),
    busyMs: numbers(instance.busyMs),
    confidenceDelta: numbers(instance.confidenceDelta),
    cost: numbers(instance.cost),
    belowGate: pick(instance.belowGate, new Uint8Array(pairs.length)),
  };
}
