import type { TaskRecord } from "../../domain/index.js";
import { hasOutcome, isEnded } from "../../planner/index.js";
import type { WaveRun } from "./run-wave.js";
import type { OpenDeferral } from "./wave-queue.js";
import { INTERRUPTED } from "../execute/attempt-outcome.js";

/** What remains of a wave that was cut off. */
export interface InterruptedWave {
  /** The tasks that ended; those that were cut off are deferred. */
  readonly ran: WaveRun;
  /** What can be learned: with the attempts that ended before theirs was cut off. */
  readonly tasks: readonly TaskRecord[];
}

/** Null where no attempt came to an end of its own: a failure after the interrupt is none. */
export function salvage(ran: WaveRun, wave: number): InterruptedWave | null {
  const tasks = ran.tasks.map((task) => (wasCutOff(task) ? markCutOff(task) : task));
  if (!tasks.some(({ attempts }) => attempts.some(hasOutcome))) return null;
  const cut = tasks
    .filter((task) => !isEnded(task))
    .map(({ taskId }): OpenDeferral => {
      return { taskId, wave, stage: "execution", reason: INTERRUPTED, canChange: false };
    });
  return { tasks, ran: { ...ran, tasks: tasks.filter(isEnded), deferrals: [...ran.deferrals, ...cut] } };
}

/** Its last attempt was told to stop, or failed when another could no longer be made. */
function wasCutOff(task: TaskRecord): boolean {
  return !isEnded(task) || task.failureReason?.startsWith(INTERRUPTED) === true;
}

function markCutOff(task: TaskRecord): TaskRecord {
  return { ...task, attempts: task.attempts.with(-1, { ...task.attempts.at(-1)!, fault: "aborted" }) };
}
