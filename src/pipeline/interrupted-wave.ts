import type { TaskRecord } from "../domain/run.js";
import { INTERRUPTED } from "../execution/dispatcher.js";
import { hasOutcome, isEnded } from "../prediction/index.js";
import type { WaveRun } from "./run-wave.js";
import type { OpenDeferral } from "./wave-queue.js";

/** Whether any attempt came to an end of its own. */
export function hasOutcomes({ tasks }: WaveRun): boolean {
  return tasks.some(({ attempts }) => attempts.some(hasOutcome));
}

/** A wave that was cut off, as far as it came: what was cut off in the middle did not end, so it is deferred. */
export function withoutCutOff(ran: WaveRun, wave: number): WaveRun {
  const cut = ran.tasks.filter(wasCutOff).map(({ taskId }): OpenDeferral => {
    return { taskId, wave, stage: "execution", reason: INTERRUPTED, canChange: false };
  });
  return { ...ran, tasks: ran.tasks.filter((task) => !wasCutOff(task)), deferrals: [...ran.deferrals, ...cut] };
}

/** Its last attempt was told to stop, or failed when another could no longer be made. */
function wasCutOff(task: TaskRecord): boolean {
  return !isEnded(task) || task.failureReason?.startsWith(INTERRUPTED) === true;
}
