import {
  type AttemptRecord,
  ModelError,
  type PlannedTaskRecord,
  type TaskRecord,
  type WaveRecord,
} from "../../domain/index.js";
import { isEnded } from "../../planner/index.js";

/** A task that ran to its end, beside its plan. */
export interface JudgedTask {
  readonly plan: PlannedTaskRecord;
  readonly task: TaskRecord;
}

/**
 * The tasks of a wave that ran to their end, with their plans; a task cut off by an interruption says nothing.
 * @throws ModelError where a task ran that was not planned. O(tasks).
 */
export function judgedTasks(record: WaveRecord): readonly JudgedTask[] {
  const known = JUDGED.get(record);
  if (known !== undefined) return known;
  const judged = judge(record);
  JUDGED.set(record, judged);
  return judged;
}

/** Every figure of a wave asks for them, and records do not change. */
const JUDGED = new WeakMap<WaveRecord, readonly JudgedTask[]>();

function judge(record: WaveRecord): JudgedTask[] {
  const plans = new Map(record.planned.map((plan) => [plan.taskId, plan]));
  return record.tasks.filter(isEnded).map((task) => {
    const plan = plans.get(task.taskId);
    if (plan === undefined) throw new ModelError(`${task.taskId} ran in wave ${record.wave} but was not planned`);
    return { plan, task };
  });
}

/** Predicted busy time of a task: duration · (1 + retries), milliseconds. */
export function plannedBusyMs({ durationMs, retries }: PlannedTaskRecord): number {
  return durationMs * (1 + retries);
}

/** Time of all attempts together, milliseconds. */
export function actualBusyMs(attempts: readonly AttemptRecord[]): number {
  return attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0);
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

/** Attempts of all tasks by the agent that made them. */
export function attemptsByAgent(judged: readonly JudgedTask[]): ReadonlyMap<string, readonly AttemptRecord[]> {
  const byAgent = new Map<string, AttemptRecord[]>();
  for (const { task } of judged) {
    for (const attempt of task.attempts) {
      const known = byAgent.get(attempt.agentId);
      if (known === undefined) byAgent.set(attempt.agentId, [attempt]);
      else known.push(attempt);
    }
  }
  return byAgent;
}
