import { compareIds, ModelError, type PlannedTaskRecord, type TaskRecord } from "../../domain/index.js";
import { INTERRUPTED } from "./attempt-outcome.js";
import type { NotStarted, WaveExecution } from "./settings.js";

/** What became of the tasks of a wave. */
interface WaveEnds {
  readonly planned: readonly PlannedTaskRecord[];
  /** Tasks that came while the wave ran and had a place. */
  readonly added: readonly PlannedTaskRecord[];
  readonly ended: readonly TaskRecord[];
  readonly skipped: ReadonlyMap<string, NotStarted>;
  /** Tasks that came, or were to come, and had no place. */
  readonly outside: readonly NotStarted[];
  readonly wasAborted: boolean;
}

/** Every task of a wave, by id: what ended, and what was not started and why. @throws ModelError where a task was forgotten */
export function reportWave({ planned, added, ended, skipped, outside, wasAborted }: WaveEnds): WaveExecution {
  const byId = (a: { taskId: string }, b: { taskId: string }): number => compareIds(a.taskId, b.taskId);
  const endedIds = new Set(ended.map(({ taskId }) => taskId));
  const others = [...planned, ...added].filter(({ taskId }) => !endedIds.has(taskId));
  if (!wasAborted && others.length > skipped.size)
    throw new ModelError(`${others.length - skipped.size} tasks of the plan were never started`);
  return {
    tasks: ended.toSorted(byId),
    notStarted: others
      .map(({ taskId }) => skipped.get(taskId) ?? { taskId, reason: INTERRUPTED, canChange: false })
      .concat(outside)
      .sort(byId),
    added,
    wasAborted,
  };
}
