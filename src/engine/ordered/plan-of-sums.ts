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
  // Not by recursion: chains may be as long as the wave.
  const open = [task];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    for (let d = dependentStart[one]!; d < dependentStart[one + 1]!; d++) {
      const dependent = dependents[d]!;
      if (!schedule.isIn(dependent)) continue;
      schedule.take(dependent);
      open.push(dependent);
    }
  }
}

/** A task that is out, behind all that are out of what it waits for. */
export function behindItsOwn(schedule: SumSchedule, task: number): number[] {
  const { dependsStart, dependsOn } = schedule.wave.instance;
  const found = new Set<number>();
  const open = [task];
  while (open.length > 0) {
    const one = open.at(-1)!;
    const numOpen = open.length;
    for (let d = dependsStart[one]!; d < dependsStart[one + 1]!; d++) {
      const before = dependsOn[d]!;
      if (!schedule.isIn(before) && !found.has(before)) open.push(before);
    }
    if (open.length > numOpen) continue;
    found.add(one);
    open.pop();
  }
  schedule.numLooks += found.size;
  return [...found];
}
