import type { PlannedTaskRecord, TaskRecord, WaveRecord } from "../../domain/index.js";
import { meanOf, sumOf } from "./accuracy.js";
import { plannedBusyMs, spentMs } from "./busy-time.js";
import { type DeferralKind, deferralKinds } from "./deferral-kinds.js";

/** A task that was started, beside its plan. */
export interface StartedTask {
  readonly plan: PlannedTaskRecord;
  readonly task: TaskRecord;
}

/** One quantity as the optimizer itself predicted it, and as it came. */
export interface PlannedActual {
  readonly planned: number;
  readonly actual: number;
}

/** Some tasks of a wave in numbers: what was planned of them and what came of them. */
export interface WaveOutcome {
  readonly tasks: number;
  /** ΣP and successes. */
  readonly successes: PlannedActual;
  /** Σ P (1 − P): how far the successes stray by chance. */
  readonly successVariance: number;
  /** Latest end, milliseconds. */
  readonly makespanMs: PlannedActual;
  /** Completed tasks a second; null where nothing took any time, or tasks were not reported or were cut off. */
  readonly throughputPerS: { readonly planned: number | null; readonly actual: number | null };
  /** Of all tasks together. */
  readonly retries: PlannedActual;
  /** Mean change; actual null where no executor said. */
  readonly confidenceDelta: { readonly planned: number | null; readonly actual: number | null };
  /** Busy time a slot of the busiest agent, milliseconds. */
  readonly largestLoadMs: PlannedActual;
  /** The actual one in proportion to busy time, at the planned agent's price. */
  readonly cost: PlannedActual;
}

/** Plan against outcome of these tasks of the wave. O(tasks + attempts). */
export function measureOutcome(record: WaveRecord, tasks: readonly StartedTask[]): WaveOutcome {
  const actualCost = ({ plan, task }: StartedTask): number =>
    plan.cost * (spentMs(task.attempts) / Math.max(plannedBusyMs(plan), Number.MIN_VALUE));
  const successes = {
    planned: sumOf(tasks, ({ plan }) => plan.successProbability),
    actual: sumOf(tasks, ({ task }) => (task.succeeded ? 1 : 0)),
  };
  return {
    tasks: tasks.length,
    successes,
    successVariance: sumOf(tasks, ({ plan }) => plan.successProbability * (1 - plan.successProbability)),
    ...paceOf(record, tasks, successes),
    retries: {
      planned: sumOf(tasks, ({ plan }) => plan.retries),
      actual: sumOf(tasks, ({ task }) => task.attempts.length - 1),
    },
    confidenceDelta: confidenceDeltas(tasks),
    largestLoadMs: largestLoads(record, tasks),
    cost: { planned: sumOf(tasks, ({ plan }) => plan.cost), actual: sumOf(tasks, actualCost) },
  };
}

/**
 * Planned is what the forecast expects: the end of a schedule without chance is earlier than the mean end of one with
 * it, because the last agent to finish is the unluckiest. Without a forecast the schedule has to do. Where tasks were not
 * reported or were cut off nobody knows the pace of the wave: the makespans are those of the others, and there is no throughput.
 */
function paceOf(
  record: WaveRecord,
  tasks: readonly StartedTask[],
  successes: PlannedActual,
): Pick<WaveOutcome, "makespanMs" | "throughputPerS"> {
  const scheduledMs = tasks.reduce((latest, { plan }) => Math.max(latest, plan.endMs), 0);
  const actualMs = tasks.reduce((latest, { task }) => Math.max(latest, task.endMs), 0);
  const { forecast } = record;
  if (!isKnownWhole(record)) {
    return {
      makespanMs: { planned: scheduledMs, actual: actualMs },
      throughputPerS: { planned: null, actual: null },
    };
  }
  const hasForecast = forecast !== null && tasks.length > 0;
  return {
    makespanMs: { planned: hasForecast ? meanOf(forecast.makespanMs)! : scheduledMs, actual: actualMs },
    throughputPerS: {
      planned: hasForecast ? meanOf(forecast.throughputPerS) : perSecond(successes.planned, scheduledMs),
      actual: perSecond(successes.actual, actualMs),
    },
  };
}

/** Whether the end of the wave is known: no task is unreported, and none was cut off. */
export function isKnownWhole(record: WaveRecord): boolean {
  const kindOf = deferralKinds(record);
  return record.deferrals.every((deferral) => !UNKNOWN_END.has(kindOf(deferral)));
}

const UNKNOWN_END: ReadonlySet<DeferralKind> = new Set(["unreported", "interrupted"]);

function perSecond(successes: number, makespanMs: number): number | null {
  return makespanMs > 0 ? (1000 * successes) / makespanMs : null;
}

/** Over the tasks whose change is known, so that both means are of the same tasks. */
function confidenceDeltas(tasks: readonly StartedTask[]): WaveOutcome["confidenceDelta"] {
  const known = tasks.filter(({ task }) => task.confidenceDelta !== null);
  const compared = known.length > 0 ? known : tasks;
  return {
    planned: meanOf(compared.map(({ plan }) => plan.confidenceDelta)),
    actual: meanOf(known.map(({ task }) => task.confidenceDelta)),
  };
}

function largestLoads(record: WaveRecord, tasks: readonly StartedTask[]): PlannedActual {
  const slots = new Map(record.agents.map((agent) => [agent.agentId, agent.slots]));
  const planned = new Map<string, number>();
  const actual = new Map<string, number>();
  const add = (loads: Map<string, number>, agentId: string, busyMs: number): void => {
    loads.set(agentId, (loads.get(agentId) ?? 0) + busyMs / (slots.get(agentId) ?? 1));
  };
  for (const { plan, task } of tasks) {
    add(planned, plan.agentId, plannedBusyMs(plan));
    for (const { agentId, durationMs } of task.attempts) add(actual, agentId, durationMs);
  }
  return { planned: Math.max(0, ...planned.values()), actual: Math.max(0, ...actual.values()) };
}
