import { type Assignment, DEFERRED } from "../../../models/index.js";
import type { SumSchedule } from "./sum-schedule.js";

/** The plan that a schedule is. O(tasks). */
export function planOfSums(schedule: SumSchedule): Assignment {
  const { numTasks, pairAgent } = schedule.wave.instance;
  const agentOf = schedule.pairOf.map((pair) => (pair === DEFERRED ? DEFERRED : pairAgent[pair]!));
  const slotOf = agentOf.map((agent, task) =>
    agent === DEFERRED ? DEFERRED : schedule.slotOf[task]! - schedule.slotOf[schedule.headOf(agent, 0)]!,
  );
  const startMs = schedule.startMs.slice(0, numTasks).map((start, task) => (agentOf[task] === DEFERRED ? NaN : start));
  return { agentOf, slotOf, startMs };
}

/** Takes out all that waits for a task which is out, directly or through others. */
export function dropBehind(schedule: SumSchedule, task: number): void {
  const { dependents, dependentStart } = schedule.wave;
  for (let d = dependentStart[task]!; d < dependentStart[task + 1]!; d++) {
    if (!schedule.isIn(dependents[d]!)) continue;
    schedule.take(dependents[d]!);
    dropBehind(schedule, dependents[d]!);
  }
}
