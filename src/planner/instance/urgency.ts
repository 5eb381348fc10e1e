import type { Task } from "../../domain/index.js";
import { sortSteps } from "../../engine/index.js";

type UrgentTask = Pick<Task<unknown>, "priority" | "wavesWaited" | "dueMs">;

/** Place of each task by urgency, equal for equally urgent tasks: priority (1 first, none last), then waves waited, then due date. O(n log n), in slices */
export function* urgencySteps(tasks: readonly UrgentTask[]): Generator<void, Int32Array> {
  const inOrder = yield* sortSteps(Int32Array.from(tasks.keys()), (a, b) => compareUrgency(tasks[a]!, tasks[b]!));
  const rank = new Int32Array(tasks.length);
  for (let place = 1; place < inOrder.length; place++) {
    const [before, task] = [inOrder[place - 1]!, inOrder[place]!];
    rank[task] = compareUrgency(tasks[before]!, tasks[task]!) === 0 ? rank[before]! : place;
  }
  return rank;
}

/** Negative where a is the more urgent task. */
function compareUrgency(a: UrgentTask, b: UrgentTask): number {
  return (
    compareAscending(a.priority ?? Infinity, b.priority ?? Infinity) ||
    compareAscending(b.wavesWaited, a.wavesWaited) ||
    compareAscending(a.dueMs ?? Infinity, b.dueMs ?? Infinity)
  );
}

/** Unlike a difference, this tells two infinities to be equal. */
export function compareAscending(a: number, b: number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
