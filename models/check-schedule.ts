/** Row (5): whether the times of a plan are possible, checked from its starts and the instance alone. */
import { type Assignment, DEFERRED, findPair, type Instance, type Timing } from "./instance.js";
import { label } from "./names.js";
import { isWithin, type Violation } from "./tolerance.js";

/** Times of a wave in which only slots, arrivals and deadlines bind: for a check of start times there too. */
export function plainTiming({ numTasks, numAgents }: Instance): Timing {
  return {
    releaseMs: new Float64Array(numTasks),
    availableUntilMs: new Float64Array(numAgents).fill(Infinity),
    absenceStart: new Int32Array(numAgents + 1),
    absenceFromMs: new Float64Array(0),
    absenceToMs: new Float64Array(0),
    poolNames: [],
    poolLimit: new Float64Array(0),
    useStart: new Int32Array(numTasks + 1),
    usePool: new Int32Array(0),
    useAmount: new Float64Array(0),
  };
}

/** A plan with its times, and where to tell what is wrong with them. */
interface TimedPlan {
  readonly instance: Instance;
  readonly timing: Timing;
  readonly agentOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly startMs: Float64Array;
  readonly endMs: Float64Array;
  readonly tell: (row: string, message: string) => void;
}

/**
 * Every row of times that a plan breaks: starts, releases, arrivals, departures, absences, deadlines, dependencies, slots without
 * overlap, pools. Every placed task has an eligible pair and a slot. O(pairs + n log n + dependencies + tasks · absences).
 */
export function findScheduleViolations(
  instance: Instance,
  timing: Timing,
  { agentOf, slotOf }: Assignment,
  startMs: Float64Array,
): Violation[] {
  const violations: Violation[] = [];
  const endMs = startMs.map((start, task) => {
    const pair = agentOf[task] === DEFERRED ? undefined : findPair(instance, task, agentOf[task]!);
    return pair === undefined ? NaN : start + instance.busyMs[pair]!;
  });
  const tell = (row: string, message: string): void => void violations.push({ row, message });
  const plan: TimedPlan = { instance, timing, agentOf, slotOf, startMs, endMs, tell };
  for (let task = 0; task < instance.numTasks; task++) {
    if (agentOf[task] === DEFERRED) continue;
    const name = instance.taskIds[task]!;
    if (!(startMs[task]! >= 0)) tell(label("start", name), `${name} is placed and starts at ${startMs[task]}`);
    else {
      checkTimes(plan, task);
      checkPresence(plan, task);
      checkPredecessors(plan, task);
    }
  }
  if (violations.length > 0) return violations;
  checkSlots(plan);
  timing.poolNames.forEach((_, pool) => checkPool(plan, pool));
  return violations;
}

function checkTimes({ instance, timing, startMs, endMs, tell }: TimedPlan, task: number): void {
  const name = instance.taskIds[task]!;
  const [start, end] = [startMs[task]!, endMs[task]!];
  const [release, deadline] = [timing.releaseMs[task]!, instance.deadlineMs[task]!];
  if (!isWithin(release, start)) {
    tell(label("release", name), `${name} starts at ${start} ms, before its release, ${release} ms`);
  }
  if (!isWithin(end, deadline)) {
    tell(label("deadline", name), `${name} ends at ${end} ms, after its deadline, ${deadline} ms`);
  }
}

function checkPresence({ instance, timing, agentOf, startMs, endMs, tell }: TimedPlan, task: number): void {
  const agent = agentOf[task]!;
  const [name, agentName] = [instance.taskIds[task]!, instance.agentIds[agent]!];
  const [start, end] = [startMs[task]!, endMs[task]!];
  const [arrival, departure] = [instance.availableFromMs[agent]!, timing.availableUntilMs[agent]!];
  if (!isWithin(arrival, start)) {
    tell(
      label("arrival", name, agentName),
      `${name} starts at ${start} ms, before ${agentName} comes at ${arrival} ms`,
    );
  }
  if (!isWithin(end, departure)) {
    tell(
      label("departure", name, agentName),
      `${name} ends at ${end} ms, after ${agentName} leaves at ${departure} ms`,
    );
  }
  for (let k = timing.absenceStart[agent]!; k < timing.absenceStart[agent + 1]!; k++) {
    const [from, to] = [timing.absenceFromMs[k]!, timing.absenceToMs[k]!];
    if (isWithin(end, from) || isWithin(to, start)) continue;
    const message = `${name} runs from ${start} to ${end} ms, while ${agentName} is away from ${from} to ${to} ms`;
    tell(label("absence", name, agentName), message);
  }
}

function checkPredecessors({ instance, agentOf, startMs, endMs, tell }: TimedPlan, task: number): void {
  const name = instance.taskIds[task]!;
  for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
    const before = instance.dependsOn[d]!;
    if (agentOf[before] === DEFERRED || isWithin(endMs[before]!, startMs[task]!)) continue;
    const beforeName = instance.taskIds[before]!;
    const message = `${name} starts at ${startMs[task]} ms, before ${beforeName} ends at ${endMs[before]} ms`;
    tell(label("precedes", beforeName, name), message);
  }
}

/** Tasks of one slot, by start: each begins when the one before has ended. */
function checkSlots({ instance, agentOf, slotOf, startMs, endMs, tell }: TimedPlan): void {
  const placed = Array.from(agentOf.keys()).filter((task) => agentOf[task] !== DEFERRED);
  placed.sort((a, b) => agentOf[a]! - agentOf[b]! || slotOf[a]! - slotOf[b]! || startMs[a]! - startMs[b]!);
  for (let k = 1; k < placed.length; k++) {
    const [before, task] = [placed[k - 1]!, placed[k]!];
    const isSameSlot = agentOf[before] === agentOf[task] && slotOf[before] === slotOf[task];
    if (!isSameSlot || isWithin(endMs[before]!, startMs[task]!)) continue;
    const [one, other] = [instance.taskIds[before]!, instance.taskIds[task]!];
    const row = label("overlap", instance.agentIds[agentOf[task]!]!, slotOf[task]!, one, other);
    tell(row, `${one} ends at ${endMs[before]} ms, after ${other} starts at ${startMs[task]} ms in the same slot`);
  }
}

/** At each start, what the running tasks use together. */
function checkPool({ instance, timing, agentOf, startMs, endMs, tell }: TimedPlan, pool: number): void {
  const amountOf = new Map<number, number>();
  for (let task = 0; task < instance.numTasks; task++) {
    for (let use = timing.useStart[task]!; use < timing.useStart[task + 1]!; use++) {
      if (timing.usePool[use] === pool && agentOf[task] !== DEFERRED) amountOf.set(task, timing.useAmount[use]!);
    }
  }
  const byStart = [...amountOf.keys()].sort((a, b) => startMs[a]! - startMs[b]!);
  const byEnd = [...amountOf.keys()].sort((a, b) => endMs[a]! - endMs[b]!);
  let [used, numEnded] = [0, 0];
  byStart.forEach((task, k) => {
    while (isWithin(endMs[byEnd[numEnded]!]!, startMs[task]!)) used -= amountOf.get(byEnd[numEnded++]!)!;
    // What has ended leaves nothing behind, not even the rounding of its sum.
    used = (k === numEnded ? 0 : used) + amountOf.get(task)!;
    if (isWithin(used, timing.poolLimit[pool]!)) return;
    const name = timing.poolNames[pool]!;
    const message = `at ${startMs[task]} ms, when ${instance.taskIds[task]} starts, running tasks use ${used} of ${name}, limit ${timing.poolLimit[pool]}`;
    tell(label("pool", name, instance.taskIds[task]!), message);
  });
}
