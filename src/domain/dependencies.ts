import type { Task } from "./problem.js";

/**
 * A cycle of dependencies inside one wave, as task ids with the first repeated at the end, or null where there is none.
 * Dependencies on tasks that are not listed are ignored. O(tasks + dependencies), without recursion.
 */
export function findDependencyCycle(tasks: readonly Pick<Task, "taskId" | "dependsOn">[]): string[] | null {
  const dependsOn = new Map(tasks.map((task) => [task.taskId, task.dependsOn]));
  const isDone = new Set<string>();
  for (const { taskId } of tasks) {
    const cycle = isDone.has(taskId) ? null : walk(taskId, dependsOn, isDone);
    if (cycle !== null) return cycle;
  }
  return null;
}

/** Depth-first walk; the path from the start is the stack, so meeting one of its tasks again closes a cycle. */
function walk(start: string, dependsOn: ReadonlyMap<string, readonly string[]>, isDone: Set<string>): string[] | null {
  const path: { taskId: string; next: number }[] = [{ taskId: start, next: 0 }];
  const isOnPath = new Set([start]);
  while (path.length > 0) {
    const top = path[path.length - 1]!;
    const child = dependsOn.get(top.taskId)?.[top.next++];
    if (child === undefined) {
      isDone.add(top.taskId);
      isOnPath.delete(top.taskId);
      path.pop();
    } else if (isOnPath.has(child)) {
      const ids = path.map((entry) => entry.taskId);
      return [...ids.slice(ids.indexOf(child)), child];
    } else if (dependsOn.has(child) && !isDone.has(child)) {
      path.push({ taskId: child, next: 0 });
      isOnPath.add(child);
    }
  }
  return null;
}
