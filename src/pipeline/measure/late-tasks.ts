import { isWithin } from "../../../models/index.js";
import type { PlannedTaskRecord, TaskRecord } from "../../domain/index.js";
import type { ComparisonRow } from "../../domain/schemas/index.js";

/** Tasks of a wave and their deadlines, which bind its plan and not its run. Ids ascend. */
export interface LateTasks {
  /** Planned tasks that have a deadline. */
  readonly numDeadlines: number;
  /** Those that the plan ends after it. */
  readonly planned: readonly string[];
  /** Those that ended after it, whatever came of them. */
  readonly actual: readonly string[];
}

/** @param planned ascending by task id. O(tasks) */
export function lateTasks(planned: readonly PlannedTaskRecord[], tasks: readonly TaskRecord[]): LateTasks {
  const ends = new Map(tasks.map(({ taskId, endMs }) => [taskId, endMs]));
  const timed = planned.filter(({ deadlineMs }) => deadlineMs !== undefined);
  const lateBy = (endOf: (task: PlannedTaskRecord) => number | undefined): string[] =>
    timed.filter((task) => isLate(endOf(task) ?? 0, task.deadlineMs)).map(({ taskId }) => taskId);
  return {
    numDeadlines: timed.length,
    planned: lateBy(({ endMs }) => endMs),
    actual: lateBy(({ taskId }) => ends.get(taskId)),
  };
}

/** Whether an end is after a deadline, beyond the rounding of times. */
export function isLate(endMs: number, deadlineMs: number | undefined): boolean {
  return deadlineMs !== undefined && !isWithin(endMs, deadlineMs);
}

/** As the rows of files have it. */
export function lateFields({
  numDeadlines,
  planned,
  actual,
}: LateTasks): Required<Pick<ComparisonRow, "tasks_with_deadline" | "planned_late_tasks" | "actual_late_tasks">> {
  return { tasks_with_deadline: numDeadlines, planned_late_tasks: [...planned], actual_late_tasks: [...actual] };
}
