import type { ExecutionKind, PlannedTaskRecord } from "../../domain/index.js";
import { UNMEASURED_TIME_SPREAD } from "../../planner/index.js";

/**
 * Whether a real task's planned time was the default, because nothing told how long its kind takes. What it took then says nothing of
 * how a schedule was kept. A simulated task takes what was predicted, whatever that rests on.
 */
export function isTimeGuessed(plan: Pick<PlannedTaskRecord, "durationLogSpread">, execution: ExecutionKind): boolean {
  return execution === "real" && plan.durationLogSpread >= UNMEASURED_TIME_SPREAD;
}
