import {
  type Assignment,
  earliestStarts,
  findScheduleViolations,
  type Instance,
  type Timing,
} from "../../../models/index.js";
import { ModelError } from "../../domain/index.js";
import { type Schedule, scheduleSteps } from "./schedule-wave.js";
import type { OrderedWave } from "./task-order.js";

/** Tasks up to which a layout by rank is tried: its times take a while where many tasks use pools. */
const MAX_RANKED_TASKS = 2_000;

/** A plan and its schedule, which is the plan's own where it has start times. */
export interface ScheduledPlan {
  readonly plan: Assignment;
  readonly schedule: Schedule;
}

/**
 * The schedule of a plan. Where nothing of order binds it is laid out by rank, slot by slot. Else its start times are the schedule;
 * they follow the ranks (tardiness, H16_001 buckets, priority) as far as that delays nothing: a layout by rank takes their place where
 * it keeps every row, ends no later and is no tardier. In slices.
 *
 * @throws ModelError where a plan of an instance with timing has no start times
 */
export function* schedulePlanSteps(
  wave: OrderedWave,
  instance: Instance,
  plan: Assignment,
): Generator<void, ScheduledPlan> {
  const { timing } = instance;
  const own = { plan, schedule: yield* scheduleSteps(wave, instance, plan) };
  if (timing === null) return own;
  if (plan.startMs === undefined) throw new ModelError("a plan of a wave with timing has no start times");
  const ranked = instance.numTasks > MAX_RANKED_TASKS ? null : yield* layOutByRank(wave, instance, timing, plan);
  if (ranked === null || ranked.schedule.makespanMs > own.schedule.makespanMs) return own;
  return ranked.schedule.totalTardinessMs <= own.schedule.totalTardinessMs ? ranked : own;
}

/** The same tasks on the same slots by rank, with releases, absences and pools; null where that breaks a row. */
function* layOutByRank(
  wave: OrderedWave,
  instance: Instance,
  timing: Timing,
  { agentOf, slotOf }: Assignment,
): Generator<void, ScheduledPlan | null> {
  const { entries } = yield* scheduleSteps(wave, instance, { agentOf, slotOf });
  const order = entries.map(({ task }) => task);
  const startMs = earliestStarts(instance, timing, { agentOf, slotOf }, order);
  const plan = { agentOf, slotOf, startMs };
  if (findScheduleViolations(instance, timing, plan, startMs).length > 0) return null;
  return { plan, schedule: yield* scheduleSteps(wave, instance, plan) };
}
