import { type Assignment, earliestStarts, findScheduleViolations, type Instance, type Timing } from "../../../models/index.js";
import type { OrderedWave } from "./task-order.js";
import { type Schedule, scheduleStarts, scheduleWave } from "./schedule-wave.js";

/** A plan and its schedule, which is the plan's own where it has start times. */
export interface ScheduledPlan {
  readonly plan: Assignment;
  readonly schedule: Schedule;
}

/**
 * The schedule of a plan. Where nothing of order binds it is laid out by rank, slot by slot. Else its start times are the schedule;
 * they follow the ranks (tardiness, H16_001 buckets, priority) as far as that delays nothing: a layout by rank takes their place where
 * it keeps every row, ends no later and is no tardier.
 */
export function schedulePlan(wave: OrderedWave, instance: Instance, plan: Assignment): ScheduledPlan {
  const { timing } = instance;
  const { startMs } = plan;
  const byRank = scheduleWave(wave, instance, plan);
  if (timing === null || startMs === undefined) return { plan, schedule: byRank };
  const own = scheduleStarts(wave, instance, { ...plan, startMs });
  const ranked = shiftLeft(wave, instance, timing, plan, byRank);
  if (ranked === null || ranked.schedule.makespanMs > own.makespanMs) return { plan, schedule: own };
  return ranked.schedule.totalTardinessMs <= own.totalTardinessMs ? ranked : { plan, schedule: own };
}

/** The layout by rank with releases, absences and pools; null where it breaks a row. */
function shiftLeft(
  wave: OrderedWave,
  instance: Instance,
  timing: Timing,
  plan: Assignment,
  byRank: Schedule,
): ScheduledPlan | null {
  const order = byRank.entries.map(({ task }) => task);
  const shifted = { ...plan, startMs: earliestStarts(instance, timing, plan, order) };
  if (findScheduleViolations(instance, timing, shifted, shifted.startMs).length > 0) return null;
  return { plan: shifted, schedule: scheduleStarts(wave, instance, shifted) };
}
