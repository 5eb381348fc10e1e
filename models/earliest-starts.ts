/** Start times of a plan whose order is known: each task as early as what stands before it allows. */
import { type Assignment, DEFERRED, findPair, type Instance, type Timing } from "./instance.js";
import { isWithin } from "./tolerance.js";

/** A task whose times are known. */
interface Run {
  readonly task: number;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Starts by serial generation (Kolisch, EJOR 90, 1996): tasks in the given order, each at the earliest time after its release, its
 * predecessors, the task before it on its slot and its agent's arrival, outside absences and within the pools. No task starts
 * later than in any possible schedule whose starts ascend in this order. NaN where a task is deferred. O(tasks² + dependencies).
 *
 * @param order every placed task after those it depends on
 */
export function earliestStarts(
  instance: Instance,
  timing: Timing,
  { agentOf, slotOf }: Assignment,
  order: readonly number[],
): Float64Array {
  const startMs = new Float64Array(instance.numTasks).fill(NaN);
  const freeAtMs = Array.from(instance.slots, (count, agent) =>
    new Float64Array(count).fill(instance.availableFromMs[agent]!),
  );
  const runs: Run[] = [];
  const endMs = new Float64Array(instance.numTasks);
  for (const task of order) {
    const [agent, slot] = [agentOf[task]!, slotOf[task]!];
    if (agent === DEFERRED) continue;
    const busyMs = instance.busyMs[findPair(instance, task, agent)!]!;
    let readyMs = Math.max(timing.releaseMs[task]!, freeAtMs[agent]![slot]!);
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      readyMs = Math.max(readyMs, endMs[instance.dependsOn[d]!]!);
    }
    const start = earliestFit(timing, agent, task, readyMs, busyMs, runs);
    startMs[task] = start;
    endMs[task] = freeAtMs[agent]![slot] = start + busyMs;
    if (usesPools(timing, task)) runs.push({ task, startMs: start, endMs: start + busyMs });
  }
  return startMs;
}

function usesPools({ useStart }: Timing, task: number): boolean {
  return useStart[task]! < useStart[task + 1]!;
}

/** The first time from `readyMs` on that lies outside the agent's absences and at which the pools have room for the task. */
function earliestFit(
  timing: Timing,
  agent: number,
  task: number,
  readyMs: number,
  busyMs: number,
  runs: readonly Run[],
): number {
  let start = afterAbsences(timing, agent, readyMs, busyMs);
  for (;;) {
    const blocker = usesPools(timing, task) ? nextEndWhereFull(timing, task, start, start + busyMs, runs) : null;
    if (blocker === null) return start;
    start = afterAbsences(timing, agent, blocker, busyMs);
  }
}

function afterAbsences(timing: Timing, agent: number, readyMs: number, busyMs: number): number {
  let start = readyMs;
  for (let a = timing.absenceStart[agent]!; a < timing.absenceStart[agent + 1]!; a++) {
    if (isWithin(start + busyMs, timing.absenceFromMs[a]!)) break;
    start = Math.max(start, timing.absenceToMs[a]!);
  }
  return start;
}

/** Where a pool is too full at some moment of the run, the next end of a task that uses it; null where all have room. */
function nextEndWhereFull(
  timing: Timing,
  task: number,
  startMs: number,
  endMs: number,
  runs: readonly Run[],
): number | null {
  const during = runs.filter((run) => !isWithin(run.endMs, startMs) && !isWithin(endMs, run.startMs));
  const moments = [startMs, ...during.map((run) => run.startMs)].filter((moment) => moment >= startMs);
  for (const moment of moments) {
    const running = during.filter((run) => run.startMs <= moment && !isWithin(run.endMs, moment));
    for (let use = timing.useStart[task]!; use < timing.useStart[task + 1]!; use++) {
      const pool = timing.usePool[use]!;
      const users = running.filter((run) => useOf(timing, run.task, pool) > 0);
      const used = users.reduce((sum, run) => sum + useOf(timing, run.task, pool), timing.useAmount[use]!);
      if (!isWithin(used, timing.poolLimit[pool]!)) return Math.min(...users.map((run) => run.endMs));
    }
  }
  return null;
}

function useOf({ useStart, usePool, useAmount }: Timing, task: number, pool: number): number {
  for (let use = useStart[task]!; use < useStart[task + 1]!; use++) if (usePool[use] === pool) return useAmount[use]!;
  return 0;
}
