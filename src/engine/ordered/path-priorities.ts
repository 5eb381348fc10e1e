import { dependencyOrder, type Instance } from "../../../models/index.js";

/**
 * How early each task should be planned: the longest path of mean busy times from its start to an end, and more where a deadline on
 * that path is near. O(pairs + dependencies).
 */
export function pathPriorities(instance: Instance): Float64Array {
  const { numTasks, pairStart, busyMs, dependsStart, dependsOn, deadlineMs } = instance;
  const order = dependencyOrder(instance);
  const lastDeadline = deadlineMs.reduce((last, at) => (at < Infinity ? Math.max(last, at) : last), 0);
  const tail = deadlineMs.map((at) => Math.max(0, lastDeadline - at));
  const priority = new Float64Array(numTasks);
  for (let k = numTasks - 1; k >= 0; k--) {
    const task = order[k]!;
    const own = busyMs.subarray(pairStart[task]!, pairStart[task + 1]!);
    const mean = own.length === 0 ? 0 : own.reduce((sum, one) => sum + one, 0) / own.length;
    priority[task] = tail[task]! + mean;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      tail[dependsOn[d]!] = Math.max(tail[dependsOn[d]!]!, priority[task]!);
    }
  }
  return priority;
}
