import {
  dependencyOrder,
  formOnPairs,
  type Goal,
  type GoalChain,
  type Instance,
  isWithin,
  keepPairs,
  type Timing,
} from "../../../models/index.js";
import { timingOf } from "./plan-decoder.js";

/** An instance without timing that every plan of the timed one is a plan of, and its goals. */
export interface RelaxedOrder {
  readonly instance: Instance;
  readonly chain: GoalChain;
}

/**
 * Leaves out the order of tasks, absences and pools. What is left of them: a pair on which the task cannot end in time, were it and all
 * before it alone, is not there; a slot is busy at most for what its agent's presence allows; and where every task must be placed, a
 * deadline reaches back over what waits for the task. Goals become their forms, over the pairs that are left.
 *
 * @param endsBehindAbsences for plans that end no earlier than the last absence: an agent then does no more until the end than one that arrives later by
 * all of its absences, and earlier deadlines are left out, which say nothing of such an agent. A makespan of these agents that lies behind the last absence is
 * a bound for all plans: one that ended earlier would do no more either, and so fit before the end of that absence.
 */
export function relaxOrder(instance: Instance, chain: GoalChain, endsBehindAbsences = false): RelaxedOrder {
  const timing = timingOf(instance);
  const headMs = headsOf(instance);
  const deadlineMs = instance.deferral.kind === "forbidden" ? reachBack(instance) : instance.deadlineMs;
  const kept: number[] = [];
  for (let pair = 0; pair < instance.numPairs; pair++) {
    const [task, agent] = [instance.pairTask[pair]!, instance.pairAgent[pair]!];
    const start = Math.max(headMs[task]!, instance.availableFromMs[agent]!);
    const latest = Math.min(deadlineMs[task]!, timing.availableUntilMs[agent]!);
    if (isWithin(start + instance.busyMs[pair]!, latest)) kept.push(pair);
  }
  const lastMs = endsBehindAbsences ? lastAbsenceMs(instance) : 0;
  const relaxed: Instance = {
    ...keepPairs(instance, kept),
    availableFromMs: instance.availableFromMs.map(
      (from, agent) => from + (lastMs > 0 ? absentMs(timing, agent, from) : 0),
    ),
    deadlineMs: deadlineMs.map((latest) => (latest < lastMs ? Infinity : latest)),
    loadLimitMs: instance.loadLimitMs.map((limit, agent) => Math.min(limit, presentMs(instance, timing, agent))),
    timing: null,
  };
  return { instance: relaxed, chain: { ...chain, goals: chain.goals.map((goal) => formOnPairs(relaxed, goal, kept)) } };
}

/** Whether bounds on the forms are bounds on the goals: a form that says nothing of its goal may forbid its best plans. */
export function areBounding(goals: readonly Goal[]): boolean {
  return goals.every(({ linearity }) => linearity !== "nothing");
}

/** The earliest start of each task with least busy times before it; Infinity where one of these has no pair. */
export function headsOf(instance: Instance): Float64Array {
  const { pairStart, pairAgent, busyMs, availableFromMs, dependsStart, dependsOn } = instance;
  const headMs = timingOf(instance).releaseMs.slice();
  const endMs = new Float64Array(instance.numTasks).fill(Infinity);
  for (const task of dependencyOrder(instance)) {
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      headMs[task] = Math.max(headMs[task]!, endMs[dependsOn[d]!]!);
    }
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const end = Math.max(headMs[task]!, availableFromMs[pairAgent[pair]!]!) + busyMs[pair]!;
      endMs[task] = Math.min(endMs[task]!, end);
    }
  }
  return headMs;
}

/** Deadlines of tasks that must all be placed: each task leaves those that wait for it their least busy times. */
function reachBack(instance: Instance): Float64Array {
  const { pairStart, busyMs, dependsStart, dependsOn } = instance;
  const deadlineMs = instance.deadlineMs.slice();
  const order = dependencyOrder(instance);
  for (let k = order.length - 1; k >= 0; k--) {
    const task = order[k]!;
    if (pairStart[task] === pairStart[task + 1]) continue;
    let least = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) least = Math.min(least, busyMs[pair]!);
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      deadlineMs[dependsOn[d]!] = Math.min(deadlineMs[dependsOn[d]!]!, deadlineMs[task]! - least);
    }
  }
  return deadlineMs;
}

/** The end of the last absence; 0 where there is none. */
export function lastAbsenceMs(instance: Instance): number {
  return timingOf(instance).absenceToMs.reduce((last, to) => Math.max(last, to), 0);
}

/** For how long an agent is away from a time on. */
function absentMs({ absenceStart, absenceFromMs, absenceToMs }: Timing, agent: number, fromMs: number): number {
  let absent = 0;
  for (let k = absenceStart[agent]!; k < absenceStart[agent + 1]!; k++) {
    absent += Math.max(0, absenceToMs[k]! - Math.max(fromMs, absenceFromMs[k]!));
  }
  return absent;
}

/** How long an agent is there; Infinity where it stays. */
function presentMs({ availableFromMs }: Instance, timing: Timing, agent: number): number {
  const [from, until] = [availableFromMs[agent]!, timing.availableUntilMs[agent]!];
  if (until === Infinity) return Infinity;
  let present = Math.max(0, until - from);
  for (let k = timing.absenceStart[agent]!; k < timing.absenceStart[agent + 1]!; k++) {
    const away = Math.min(until, timing.absenceToMs[k]!) - Math.max(from, timing.absenceFromMs[k]!);
    present -= Math.max(0, away);
  }
  return Math.max(0, present);
}
