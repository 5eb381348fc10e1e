import { dependencyOrder, type Instance } from "../../../models/index.js";

/** Rounding that a due time may be exceeded by, relative to max(1, |time|): far below what rows allow. */
const DUE_ROUNDING = 1e-11;

/** What of an instance decides which tasks can be placed, computed once. */
export interface DeadlineWave {
  readonly instance: Instance;
  /** Tasks that take time where it is short: with a deadline or before one; all where loads, counts, costs or presence are limited. */
  readonly isUrgent: Uint8Array;
  /** Tasks that no plan places: no pair ends in time behind least busy times, or what they wait for is such a task. */
  readonly isHopeless: Uint8Array;
  /** The task's deadline. */
  readonly dueMs: Float64Array;
  /** The same, or that of the tightest task behind it less the least times between: how early the task is wanted. */
  readonly wantedMs: Float64Array;
  readonly leastBusyMs: Float64Array;
  readonly releaseMs: Float64Array;
  /** Latest end on each agent. */
  readonly untilMs: Float64Array;
  /** Tasks that wait for task i: dependents[dependentStart[i] … dependentStart[i + 1] − 1]. */
  readonly dependentStart: Int32Array;
  readonly dependents: Int32Array;
  /** What is lost with the task: its weight, and its share of what waits for it. */
  readonly lostWeight: Float64Array;
  /** Weight of the hopeless tasks: no plan defers less. */
  readonly hopelessWeight: number;
}

/** O(pairs + dependencies). */
export function readDeadlineWave(instance: Instance): DeadlineWave {
  const { numTasks, weight, deadlineMs, timing, numAgents } = instance;
  const order = dependencyOrder(instance);
  const { dependentStart, dependents } = dependentsOf(instance);
  const relaxed = (at: number): number => at + DUE_ROUNDING * Math.max(1, Math.abs(at));
  const untilMs = (timing?.availableUntilMs ?? new Float64Array(numAgents).fill(Infinity)).map(relaxed);
  const releaseMs = timing?.releaseMs ?? new Float64Array(numTasks);
  const given = { instance, releaseMs, untilMs, dependentStart, dependents };
  const dueMs = deadlineMs.map(relaxed);
  const { isHopeless, leastBusyMs } = findHopeless(given, dueMs, order);
  const isScarce = isAnythingScarce(instance);
  const isUrgent = new Uint8Array(numTasks);
  const wantedMs = dueMs.slice();
  const lostWeight = weight.slice();
  for (let k = numTasks - 1; k >= 0; k--) {
    const task = order[k]!;
    if (isScarce || wantedMs[task]! < Infinity) isUrgent[task] = 1;
    const [first, end] = [instance.dependsStart[task]!, instance.dependsStart[task + 1]!];
    for (let d = first; d < end; d++) {
      const before = instance.dependsOn[d]!;
      lostWeight[before]! += lostWeight[task]! / (end - first);
      if (isHopeless[task] === 1) continue;
      if (isUrgent[task] === 1) isUrgent[before] = 1;
      wantedMs[before] = Math.min(wantedMs[before]!, wantedMs[task]! - leastBusyMs[task]!);
    }
  }
  const hopelessWeight = weight.reduce((sum, own, task) => sum + isHopeless[task]! * own, 0);
  return { ...given, isUrgent, isHopeless, dueMs, wantedMs, leastBusyMs, lostWeight, hopelessWeight };
}

/** Whether more than deadlines can keep a task out. */
function isAnythingScarce({ loadLimitMs, maxTasks, budget, timing }: Instance): boolean {
  const isLimited = (limits: Float64Array): boolean => limits.some((limit) => limit < Infinity);
  return budget < Infinity || [loadLimitMs, maxTasks, timing?.availableUntilMs ?? loadLimitMs].some(isLimited);
}

function findHopeless(
  { instance, releaseMs, untilMs }: Pick<DeadlineWave, "instance" | "releaseMs" | "untilMs">,
  dueMs: Float64Array,
  order: Int32Array,
) {
  const { numTasks, pairStart, pairAgent, busyMs, availableFromMs, dependsStart, dependsOn } = instance;
  const isHopeless = new Uint8Array(numTasks);
  const leastBusyMs = new Float64Array(numTasks).fill(Infinity);
  const endMs = new Float64Array(numTasks).fill(Infinity);
  for (const task of order) {
    let head = releaseMs[task]!;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) head = Math.max(head, endMs[dependsOn[d]!]!);
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      const end = Math.max(head, availableFromMs[agent]!) + busyMs[pair]!;
      leastBusyMs[task] = Math.min(leastBusyMs[task]!, busyMs[pair]!);
      if (end <= Math.min(dueMs[task]!, untilMs[agent]!)) endMs[task] = Math.min(endMs[task]!, end);
    }
    if (endMs[task] === Infinity) isHopeless[task] = 1;
  }
  return { isHopeless, leastBusyMs };
}

function dependentsOf({ numTasks, dependsStart, dependsOn }: Instance) {
  const dependentStart = new Int32Array(numTasks + 1);
  for (const before of dependsOn) dependentStart[before + 1]!++;
  for (let task = 0; task < numTasks; task++) dependentStart[task + 1]! += dependentStart[task]!;
  const dependents = new Int32Array(dependsOn.length);
  const filled = dependentStart.slice();
  for (let task = 0; task < numTasks; task++) {
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) dependents[filled[dependsOn[d]!]!++] = task;
  }
  return { dependentStart, dependents };
}

/** Absences of an agent, by their place among all. */
export function absencesOf({ instance: { timing } }: DeadlineWave, agent: number): number[] {
  const [first, end] = [timing?.absenceStart[agent] ?? 0, timing?.absenceStart[agent + 1] ?? 0];
  return Array.from({ length: end - first }, (_, k) => first + k);
}

/** A placed task behind all placed ones that wait for it, each behind its own. Not by recursion: chains may be as long as the wave. */
export function withPlacedDependents(
  { dependentStart, dependents }: DeadlineWave,
  isIn: Uint8Array,
  task: number,
): Iterable<number> {
  const found = new Set<number>();
  const open = [task];
  const next = [dependentStart[task]!];
  while (open.length > 0) {
    const one = open.at(-1)!;
    const d = next[next.length - 1]!++;
    if (d >= dependentStart[one + 1]!) {
      found.add(one);
      open.pop();
      next.pop();
    } else if (isIn[dependents[d]!] === 1 && !found.has(dependents[d]!)) {
      open.push(dependents[d]!);
      next.push(dependentStart[dependents[d]!]!);
    }
  }
  return found;
}
