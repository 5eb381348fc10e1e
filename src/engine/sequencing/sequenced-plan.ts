import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** A complete schedule: pair, slot and start of each task, and the end of the last. */
export interface SequencedPlan {
  readonly pairOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly startMs: Float64Array;
  readonly makespanMs: number;
}

/** The schedule in which every task starts as early as the tasks ahead of it in the order allow. O(tasks + dependencies). */
export function decodeOrder(problem: SequencingProblem, { order, pairOf, slotOf }: TaskOrder): SequencedPlan {
  const { predecessorStart, predecessors, releaseMs, busyMs, slotAgent, availableFromMs } = problem;
  const slotFree = Float64Array.from(slotAgent, (agent) => availableFromMs[agent]!);
  const startMs = new Float64Array(order.length);
  let makespanMs = 0;
  for (const task of order) {
    let start = Math.max(releaseMs[task]!, slotFree[slotOf[task]!]!);
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      const before = predecessors[k]!;
      start = Math.max(start, startMs[before]! + busyMs[pairOf[before]!]!);
    }
    startMs[task] = start;
    const end = start + busyMs[pairOf[task]!]!;
    slotFree[slotOf[task]!] = end;
    makespanMs = Math.max(makespanMs, end);
  }
  return { pairOf: pairOf.slice(), slotOf: slotOf.slice(), startMs, makespanMs };
}

/** The list whose schedule a plan is: its tasks by their starts. */
export function orderOf(
  { topologicalOrder }: SequencingProblem,
  { pairOf, slotOf, startMs }: Omit<SequencedPlan, "makespanMs">,
): TaskOrder {
  const order = topologicalOrder.slice();
  // Sorting is stable: of tasks that start together each stays behind those it waits for.
  order.sort((a, b) => startMs[a]! - startMs[b]!);
  return { order, pairOf: pairOf.slice(), slotOf: slotOf.slice() };
}
