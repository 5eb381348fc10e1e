import type { Instance } from "../../../models/index.js";
import { ModelError, type PriorityBucket, type Problem, type Task } from "../../domain/index.js";
import { IntHeap, sortSteps } from "../../engine/index.js";
import { followersOf } from "../instance/topological-order.js";
import { compareAscending } from "../instance/urgency.js";

/** Tasks ranked between two yields. */
const PIECE = 1_024;

/** What the order of tasks needs beside the instance. */
export type OrderedWave = Pick<Problem<unknown>, "tasks" | "priorityOrder">;

/** Records of the wave by task index of the instance. @throws ModelError where the two name different tasks */
export function tasksByIndex(wave: OrderedWave, instance: Instance): Task<unknown>[] {
  const byId = new Map(wave.tasks.map((task) => [task.taskId, task]));
  return instance.taskIds.map((taskId) => {
    const task = byId.get(taskId);
    if (task === undefined) throw new ModelError(`task ${taskId} of the instance is not in the wave`);
    return task;
  });
}

/** Position of the first H16_001 bucket the task fits, `priorityOrder.length` where it fits none. */
export function bucketOf(
  task: Pick<Task<unknown>, "riskLevel" | "confidence">,
  priorityOrder: readonly PriorityBucket[],
): number {
  const bucket = priorityOrder.findIndex(
    ({ riskLevel, confidenceMin }) => task.riskLevel === riskLevel && task.confidence >= confidenceMin,
  );
  return bucket === -1 ? priorityOrder.length : bucket;
}

/**
 * Rank 1 … numTasks of each task: dependencies first, then H16_001 bucket, the earlier of deadline and due date (EDD),
 * `priority` (1 first, none last), weight over busy time (WSPT), id. `busyMs` is by task index. O(n log n), in slices.
 */
export function* rankSteps(wave: OrderedWave, instance: Instance, busyMs: Float64Array): Generator<void, Int32Array> {
  const preference = yield* preferredOrder(wave, instance, busyMs);
  const position = new Int32Array(instance.numTasks);
  preference.forEach((task, place) => (position[task] = place));

  const { dependsStart, dependsOn } = instance;
  yield;
  const followers = followersOf(instance);
  const numOpen = Int32Array.from(position, (_, task) => dependsStart[task + 1]! - dependsStart[task]!);
  const ready = new IntHeap(instance.numTasks);
  for (let task = 0; task < instance.numTasks; task++) if (numOpen[task] === 0) ready.push(position[task]!);
  const rank = new Int32Array(instance.numTasks);
  let numRanked = 0;
  for (let place = ready.pop(); place !== undefined; place = ready.pop()) {
    const task = preference[place]!;
    rank[task] = ++numRanked;
    for (const follower of followers[task]!) if (--numOpen[follower]! === 0) ready.push(position[follower]!);
    if (numRanked % PIECE === 0) yield;
  }
  if (numRanked < instance.numTasks) throw new ModelError(`the ${dependsOn.length} dependencies contain a cycle`);
  return rank;
}

/** Task indices, most preferred first, dependencies ignored. */
function* preferredOrder(wave: OrderedWave, instance: Instance, busyMs: Float64Array): Generator<void, Int32Array> {
  yield;
  const tasks = tasksByIndex(wave, instance);
  yield;
  const bucket = tasks.map((task) => bucketOf(task, wave.priorityOrder));
  yield;
  const endsBy = tasks.map((task, i) => Math.min(instance.deadlineMs[i]!, task.dueMs ?? Infinity));
  const priority = tasks.map((task) => task.priority ?? Infinity);
  const density = tasks.map((_, i) => instance.weight[i]! / busyMs[i]!);
  yield;
  return yield* sortSteps(
    Int32Array.from(tasks.keys()),
    (a, b) =>
      bucket[a]! - bucket[b]! ||
      compareAscending(endsBy[a]!, endsBy[b]!) ||
      compareAscending(priority[a]!, priority[b]!) ||
      compareAscending(density[b]!, density[a]!) ||
      a - b,
  );
}
