import type { ExplorationReport, WaveRecord } from "../../domain/index.js";
import type { ComparisonRow, WaveSummary } from "../../domain/schemas/index.js";

/** JSON with two spaces and a newline at the end. */
export function toJsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Latest end of the tasks that were started, milliseconds from the start of the wave; null where none was. */
export function actualMakespanMs({ tasks }: Pick<WaveRecord, "tasks">): number | null {
  return tasks.length === 0 ? null : tasks.reduce((latest, { endMs }) => Math.max(latest, endMs), 0);
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Tasks the wave had to do with. A plan that somebody else ran has passed no gate of ours. */
function numTasks({ gate, planned, deferrals }: WaveRecord): number {
  return new Set([...gate, ...planned, ...deferrals].map(({ taskId }) => taskId)).size;
}

/** What exploring cost, without the base plan. */
function withoutPlaces({ cap, cost, scale, tasks_moved }: ExplorationReport): NonNullable<WaveSummary["exploration"]> {
  return { cap, cost, scale, tasks_moved };
}

/** `wave_summary.json`; the planned makespan is the forecast's mean. */
export function waveSummary(
  record: WaveRecord,
  comparison: ComparisonRow,
  adherence: number | null,
  timestamp: string,
): WaveSummary {
  const { result, tasks, deferrals, baseline, forecast } = record;
  const completed = tasks.filter(({ succeeded }) => succeeded).length;
  const { name, sense, value, bound, gap } = result.objective;
  const { exploration } = result;
  return {
    wave: record.wave,
    total_tasks: numTasks(record),
    agents: record.agents.map(({ agentId }) => agentId),
    actual_success_rate: comparison.actual_success_rate,
    actual_throughput: comparison.actual_throughput,
    schedule_adherence: adherence,
    planned_success_rate: comparison.planned_success_rate,
    planned_throughput: comparison.planned_throughput,
    planned_confidence_delta: comparison.planned_confidence_delta,
    actual_confidence_delta: comparison.actual_confidence_delta,
    planned_makespan_ms: forecast === null ? result.expected.makespan_ms : meanOf(forecast.makespanMs),
    actual_makespan_ms: actualMakespanMs(record),
    completed_tasks: completed,
    failed_tasks: tasks.length - completed,
    deferred_tasks: deferrals.length,
    retries: tasks.reduce((sum, { attempts }) => sum + attempts.length - 1, 0),
    strategy: record.strategy,
    strategy_reason: record.strategyReason,
    ...(record.heuristicsWithheld && { heuristics_withheld: copyLists(record.heuristicsWithheld) }),
    termination: result.termination,
    objective: { name, sense, value, bound, gap },
    baseline:
      baseline === null
        ? null
        : {
            name: baseline.name,
            goal: baseline.goal,
            sense: baseline.sense,
            value: baseline.value,
            own_value: baseline.ownValue,
            deferred_weight: baseline.deferredWeight,
            own_deferred_weight: baseline.ownDeferredWeight,
            success_rate: baseline.successRate,
            makespan_ms: baseline.makespanMs,
          },
    exploration: exploration === null ? null : withoutPlaces(exploration),
    execution: record.execution,
    timestamp,
  };
}

function copyLists(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, [...list]]));
}
