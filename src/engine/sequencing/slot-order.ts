import { isWithin } from "../../../models/index.js";
import { sortSteps } from "../threads/sort-steps.js";
import { IntHeap } from "./int-heap.js";

/** Times and ranks by task index. */
export interface SlotTasks {
  readonly busyMs: Float64Array;
  readonly deadlineMs: Float64Array;
  /** 1 = first. */
  readonly rank: Int32Array;
}

/** Tasks placed between two yields. */
const PIECE = 1_024;

/**
 * Order of the tasks of one slot that follows the ranks as far as hard deadlines allow. Built backward: of the tasks
 * that may end last, the one of the lowest rank does (Lawler, Management Science 1973, for 1 ‖ f_max). If any order
 * meets all deadlines, this one does; if none does, the task with the latest deadline is put last. O(k log k), in slices.
 */
export function* orderSlotSteps(
  tasks: readonly number[],
  data: SlotTasks,
  availableFromMs: number,
): Generator<void, number[]> {
  const { busyMs, deadlineMs, rank } = data;
  const taskOfRank = new Map(tasks.map((task) => [rank[task]!, task]));
  const byDeadline = yield* sortSteps(Int32Array.from(tasks), (a, b) => {
    if (deadlineMs[a] !== deadlineMs[b]) return deadlineMs[a]! > deadlineMs[b]! ? -1 : 1;
    return rank[b]! - rank[a]!;
  });
  const mayStandLast = new IntHeap(tasks.length);
  let endMs = tasks.reduce((sum, task) => sum + busyMs[task]!, availableFromMs);
  let next = 0;
  const order = new Array<number>(tasks.length);
  for (let place = tasks.length - 1; place >= 0; place--) {
    while (next < byDeadline.length && isWithin(endMs, deadlineMs[byDeadline[next]!]!)) {
      mayStandLast.push(-rank[byDeadline[next++]!]!);
    }
    const lowest = mayStandLast.pop();
    const task = lowest === undefined ? byDeadline[next++]! : taskOfRank.get(-lowest)!;
    order[place] = task;
    endMs -= busyMs[task]!;
    if (place % PIECE === 0) yield;
  }
  return order;
}
