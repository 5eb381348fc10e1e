import type { FullProblem } from "../../domain/index.js";
import { onlyTasks } from "../explain/conflict.js";

/** A task that is to be placed beside those that a plan places. */
export interface Wish {
  readonly taskId: string;
  readonly placed: ReadonlySet<string>;
}

/** The wave with what must be placed alone: all tasks, or those of the plan, the wish and all that the wish waits for. */
export function wantedTasks(problem: FullProblem, wish: Wish | null): FullProblem {
  if (wish === null) return problem;
  const before = ancestorsOf(problem, wish.taskId);
  const isWanted = (id: string): boolean => id === wish.taskId || wish.placed.has(id) || before.has(id);
  return onlyTasks(
    problem,
    problem.tasks.filter(({ taskId }) => isWanted(taskId)),
  );
}

/** Tasks of the wave that a task waits for, whether itself or through others. O(tasks + dependencies) */
export function ancestorsOf(problem: FullProblem, taskId: string): Set<string> {
  const byId = new Map(problem.tasks.map((task) => [task.taskId, task]));
  const found = new Set<string>();
  const open = [taskId];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const before of byId.get(id)?.dependsOn ?? []) {
      if (found.has(before) || !byId.has(before)) continue;
      found.add(before);
      open.push(before);
    }
  }
  return found;
}
