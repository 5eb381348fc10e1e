import { IntHeap } from "./int-heap.js";

/** A sum of busy times may pass a deadline by this much, relative to max(1 ms, deadline), and still counts as met. */
export const FEASIBILITY_TOLERANCE = 1e-6;

/** Whether something that ends at `endMs` meets the deadline, within the feasibility tolerance. */
export function meetsDeadline(endMs: number, deadlineMs: number): boolean {
  return endMs <= deadlineMs + FEASIBILITY_TOLERANCE * Math.max(1, deadlineMs);
}

/** Times and ranks by task index. */
export interface SlotTasks {
  readonly busyMs: Float64Array;
  readonly deadlineMs: Float64Array;
  /** 1 = first. */
  readonly rank: Int32Array;
}

/**
 * Order of the tasks of one slot that follows the ranks as far as hard deadlines allow. Built backward: of the tasks
 * that may end last, the one of the lowest rank does (Lawler, Management Science 1973, for 1 ‖ f_max). If any order
 * meets all deadlines, this one does; if none does, the task with the latest deadline is put last. O(k log k).
 */
export function orderSlot(tasks: readonly number[], data: SlotTasks, availableFromMs: number): number[] {
  const { busyMs, deadlineMs, rank } = data;
  const taskOfRank = new Map(tasks.map((task) => [rank[task]!, task]));
  const byDeadline = [...tasks].sort((a, b) => {
    if (deadlineMs[a] !== deadlineMs[b]) return deadlineMs[a]! > deadlineMs[b]! ? -1 : 1;
    return rank[b]! - rank[a]!;
  });
  const mayStandLast = new IntHeap(tasks.length);
  let endMs = tasks.reduce((sum, task) => sum + busyMs[task]!, availableFromMs);
  let next = 0;
  const order = new Array<number>(tasks.length);
  for (let place = tasks.length - 1; place >= 0; place--) {
    while (next < byDeadline.length && meetsDeadline(endMs, deadlineMs[byDeadline[next]!]!)) {
      mayStandLast.push(-rank[byDeadline[next++]!]!);
    }
    const lowest = mayStandLast.pop();
    const task = lowest === undefined ? byDeadline[next++]! : taskOfRank.get(-lowest)!;
    order[place] = task;
    endMs -= busyMs[task]!;
  }
  return order;
}
