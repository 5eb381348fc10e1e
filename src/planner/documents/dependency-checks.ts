import { findDependencyCycle, InputError, type Problem, suggestNearest } from "../../domain/index.js";
import type { LocateTaskField } from "./problem-checks.js";

/** Most tasks of a cycle that a message names. */
const MAX_NAMED = 20;

/**
 * Dependencies on the task itself, on nothing there is, or in a circle. O(tasks + dependencies), without recursion.
 *
 * @throws InputError with the place of the first such dependency
 */
export function checkDependencies(problem: Problem, locate: LocateTaskField): void {
  const taskIds = new Set(problem.tasks.map((task) => task.taskId));
  for (const task of problem.tasks) {
    const place = locate(task.taskId, "depends_on");
    for (const id of task.dependsOn) {
      if (id === task.taskId) throw new InputError(place, `"${id}" depends on itself; remove it`);
      const isEarlier = Object.hasOwn(problem.earlierTasks, id);
      if (isEarlier && taskIds.has(id)) {
        throw new InputError(place, `"${id}" is both a task of this wave and in earlier_tasks; remove one of them`);
      }
      if (!isEarlier && !taskIds.has(id)) {
        const known = [...taskIds, ...Object.keys(problem.earlierTasks)];
        throw new InputError(
          place,
          `"${id}" is not a task of this wave and not in earlier_tasks; ${
            suggestNearest(
              id,
              known.filter((other) => other !== task.taskId),
            ) || "remove it"
          }`,
        );
      }
    }
  }
  const cycle = findDependencyCycle(problem.tasks);
  if (cycle === null) return;
  throw new InputError(
    locate(cycle[0]!, "depends_on"),
    `dependencies form a cycle: ${nameCycle(cycle)}; remove one of them`,
  );
}

/** `a -> b -> c -> a`; of a long cycle the first tasks and how many more there are. */
function nameCycle(cycle: readonly string[]): string {
  const names = cycle.slice(0, -1);
  if (names.length <= MAX_NAMED) return cycle.join(" -> ");
  return `${names.slice(0, MAX_NAMED).join(" -> ")} -> ${names.length - MAX_NAMED} more -> ${cycle[0]}`;
}
