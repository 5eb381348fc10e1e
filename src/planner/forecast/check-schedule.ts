import { type Assignment, DEFERRED, findPair, type Instance, FEASIBILITY_TOLERANCE } from "../../../models/index.js";
import { roundShown } from "../../domain/index.js";
import type { Schedule, ScheduledTask } from "./schedule-wave.js";

/**
 * What is wrong with a schedule, one sentence each; empty where nothing is. Independent of how it was built: every
 * placed task once and on its slot, durations as in the instance, no overlap, availability, precedence, makespan.
 */
export function checkSchedule(instance: Instance, assignment: Assignment, schedule: Schedule): string[] {
  const faults: string[] = [];
  const entryOf = new Map<number, ScheduledTask>();
  for (const entry of schedule.entries) {
    if (entryOf.has(entry.task)) faults.push(`${instance.taskIds[entry.task]} is scheduled twice`);
    entryOf.set(entry.task, entry);
    faults.push(...checkEntry(instance, assignment, entry));
  }
  for (let task = 0; task < instance.numTasks; task++) {
    const isPlaced = assignment.agentOf[task] !== DEFERRED;
    if (isPlaced !== entryOf.has(task)) faults.push(`${instance.taskIds[task]} is placed or scheduled, but not both`);
  }
  faults.push(...checkOverlaps(instance, schedule), ...checkPrecedence(instance, entryOf));
  const latest = Math.max(0, ...schedule.entries.map(({ endMs }) => endMs));
  if (latest !== schedule.makespanMs) faults.push(`makespan is ${schedule.makespanMs}, the latest end ${latest}`);
  return faults;
}

function checkEntry(instance: Instance, assignment: Assignment, entry: ScheduledTask): string[] {
  const { task, agent, slot, startMs, endMs } = entry;
  const name = instance.taskIds[task]!;
  const faults: string[] = [];
  if (agent !== assignment.agentOf[task] || slot !== assignment.slotOf[task]) faults.push(`${name} left its slot`);
  if (slot < 0 || slot >= instance.slots[agent]!) faults.push(`${name} sits on slot ${slot}, which does not exist`);
  if (startMs < instance.availableFromMs[agent]!) faults.push(`${name} starts before its agent is available`);
  const pair = findPair(instance, task, agent);
  const busyMs = pair === undefined ? NaN : instance.busyMs[pair]!;
  const differs = Math.abs(endMs - startMs - busyMs) > FEASIBILITY_TOLERANCE * Math.max(1, busyMs);
  if (Number.isNaN(busyMs) || differs)
    faults.push(`${name} takes ${roundShown(endMs - startMs)} ms instead of ${roundShown(busyMs)} ms`);
  return faults;
}

function checkOverlaps(instance: Instance, schedule: Schedule): string[] {
  const bySlot = new Map<string, ScheduledTask[]>();
  for (const entry of schedule.entries) {
    const key = `${entry.agent}/${entry.slot}`;
    bySlot.set(key, [...(bySlot.get(key) ?? []), entry]);
  }
  return [...bySlot.values()].flatMap((entries) => {
    const sorted = entries.toSorted((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
    return sorted.slice(1).flatMap((entry, k) => {
      const before = sorted[k]!;
      if (entry.startMs >= before.endMs) return [];
      return [`${instance.taskIds[before.task]} and ${instance.taskIds[entry.task]} overlap`];
    });
  });
}

function checkPrecedence(instance: Instance, entryOf: ReadonlyMap<number, ScheduledTask>): string[] {
  const faults: string[] = [];
  for (const [task, { startMs }] of entryOf) {
    for (let k = instance.dependsStart[task]!; k < instance.dependsStart[task + 1]!; k++) {
      const predecessor = instance.dependsOn[k]!;
      const names = `${instance.taskIds[task]} depends on ${instance.taskIds[predecessor]}`;
      const before = entryOf.get(predecessor);
      if (before === undefined) faults.push(`${names}, which is not scheduled`);
      else if (startMs < before.endMs) faults.push(`${names}, but starts before it ends`);
    }
  }
  return faults;
}
