import type { AttemptRecord, PlannedTaskRecord } from "../../domain/index.js";

/** Predicted busy time of a task: duration · (1 + retries), milliseconds. */
export function plannedBusyMs({ durationMs, retries }: PlannedTaskRecord): number {
  return durationMs * (1 + retries);
}

/** Time the attempts took as their executor measured it, milliseconds; one that nobody timed counts 0. */
export function spentMs(attempts: readonly AttemptRecord[]): number {
  return attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0);
}

/** Time the attempts held their slots, from start to end by the clock of the wave, milliseconds. */
export function heldMs(attempts: readonly AttemptRecord[]): number {
  return attempts.reduce((sum, { startMs, endMs }) => sum + Math.max(0, endMs - startMs), 0);
}
