import type { GoalWeights, StrategyName, WaveRecord } from "../../domain/index.js";
import { actualBusyMs, judgedTasks, plannedBusyMs, sumOf, type JudgedTask } from "./judged-tasks.js";

/** One quantity as the optimizer itself predicted it, and as it came. */
export interface PlannedActual {
  readonly planned: number;
  readonly actual: number;
}

/** A wave in numbers, over the tasks that ran to their end. */
export interface WaveOutcome {
  readonly wave: number;
  readonly strategy: StrategyName;
  /** Of `mix`. */
  readonly weights: GoalWeights;
  readonly tasks: number;
  /** ΣP and successes. */
  readonly successes: PlannedActual;
  /** Σ P (1 − P): how far the successes stray by chance. */
  readonly successVariance: number;
  /** Latest end, milliseconds. */
  readonly makespanMs: PlannedActual;
  /** Completed tasks a second; null where nothing took any time. */
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

/** Plan against outcome of one wave. O(tasks + attempts). */
export function measureWave(record: WaveRecord): WaveOutcome {
  const judged = judgedTasks(record);
  const actualCost = ({ plan, task }: JudgedTask): number =>
    plan.cost * (actualBusyMs(task.attempts) / Math.max(plannedBusyMs(plan), Number.MIN_VALUE));
  return {
    wave: record.wave,
    strategy: record.strategy,
    weights: record.result.options.weights,
    tasks: judged.length,
    successes: {
      planned: sumOf(judged, ({ plan }) => plan.successProbability),
      actual: sumOf(judged, ({ task }) => (task.succeeded ? 1 : 0)),
    },
    successVariance: sumOf(judged, ({ plan }) => plan.successProbability * (1 - plan.successProbability)),
    ...paceOf(record, judged),
    retries: {
      planned: sumOf(judged, ({ plan }) => plan.retries),
      actual: sumOf(judged, ({ task }) => task.attempts.length - 1),
    },
    confidenceDelta: confidenceDeltas(judged),
    largestLoadMs: largestLoads(record, judged),
    cost: { planned: sumOf(judged, ({ plan }) => plan.cost), actual: sumOf(judged, actualCost) },
  };
}

/**
 * Planned is what the forecast expects: the end of a schedule without chance is earlier than the mean end of one with
 * it, because the last agent to finish is the unluckiest. Without a forecast the schedule has to do.
 */
function paceOf(
  { forecast }: WaveRecord,
  judged: readonly JudgedTask[],
): Pick<WaveOutcome, "makespanMs" | "throughputPerS"> {
  const planned = {
    successes: sumOf(judged, ({ plan }) => plan.successProbability),
    makespanMs: judged.reduce((latest, { plan }) => Math.max(latest, plan.endMs), 0),
  };
  const actual = {
    successes: sumOf(judged, ({ task }) => (task.succeeded ? 1 : 0)),
    makespanMs: judged.reduce((latest, { task }) => Math.max(latest, task.endMs), 0),
  };
  if (forecast === null || judged.length === 0) {
    return {
      makespanMs: { planned: planned.makespanMs, actual: actual.makespanMs },
      throughputPerS: { planned: perSecond(planned), actual: perSecond(actual) },
    };
  }
  return {
    makespanMs: { planned: meanOfArray(forecast.makespanMs), actual: actual.makespanMs },
    throughputPerS: { planned: meanOfArray(forecast.throughputPerS), actual: perSecond(actual) },
  };
}

function perSecond({
  successes,
  makespanMs,
}: {
  readonly successes: number;
  readonly makespanMs: number;
}): number | null {
  return makespanMs > 0 ? (1000 * successes) / makespanMs : null;
}

function meanOfArray(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Over the tasks whose change is known, so that both means are of the same tasks. */
function confidenceDeltas(judged: readonly JudgedTask[]): WaveOutcome["confidenceDelta"] {
  const known = judged.filter(({ task }) => task.confidenceDelta !== null);
  const compared = known.length > 0 ? known : judged;
  if (compared.length === 0) return { planned: null, actual: null };
  return {
    planned: sumOf(compared, ({ plan }) => plan.confidenceDelta) / compared.length,
    actual: known.length === 0 ? null : sumOf(known, ({ task }) => task.confidenceDelta!) / known.length,
  };
}

function largestLoads(record: WaveRecord, judged: readonly JudgedTask[]): PlannedActual {
  const slots = new Map(record.agents.map((agent) => [agent.agentId, agent.slots]));
  const planned = new Map<string, number>();
  const actual = new Map<string, number>();
  const add = (loads: Map<string, number>, agentId: string, busyMs: number): void => {
    loads.set(agentId, (loads.get(agentId) ?? 0) + busyMs / (slots.get(agentId) ?? 1));
  };
  for (const { plan, task } of judged) {
    add(planned, plan.agentId, plannedBusyMs(plan));
    for (const { agentId, durationMs } of task.attempts) add(actual, agentId, durationMs);
  }
  return { planned: Math.max(0, ...planned.values()), actual: Math.max(0, ...actual.values()) };
}
