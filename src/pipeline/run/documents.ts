import type { ExplorationReport } from "../../domain/index.js";
import type { ComparisonRow, WaveSummary } from "../../domain/schemas/index.js";
import { lateFields } from "../measure/late-tasks.js";
import type { MeasuredWave } from "../measure/measured-wave.js";
import { isKnownWhole } from "../measure/wave-outcome.js";

/** What exploring cost, without the base plan. */
function withoutPlaces({ cap, cost, scale, tasks_moved }: ExplorationReport): NonNullable<WaveSummary["exploration"]> {
  return { cap, cost, scale, tasks_moved };
}

/** `wave_summary.json`; the planned makespan is the forecast's mean; `problemFile` is null where the wave leaves none. */
export function waveSummary(
  { record, stats, adherence }: MeasuredWave,
  comparison: ComparisonRow,
  { timestamp, problemFile }: { readonly timestamp: string; readonly problemFile: string | null },
): WaveSummary {
  const { result, deferrals, baseline } = record;
  const { tasks, successes, retries, makespanMs } = stats.started;
  const { name, sense, value, bound, gap } = result.objective;
  const { exploration } = result;
  return {
    wave: record.wave,
    total_tasks: stats.numTasks,
    agents: [...stats.agentIds],
    actual_success_rate: comparison.actual_success_rate,
    actual_throughput: comparison.actual_throughput,
    schedule_adherence: adherence.overall,
    planned_success_rate: comparison.planned_success_rate,
    planned_throughput: comparison.planned_throughput,
    planned_confidence_delta: comparison.planned_confidence_delta,
    actual_confidence_delta: comparison.actual_confidence_delta,
    planned_makespan_ms: stats.expectedMakespanMs,
    planned_makespan_of: stats.expectedMakespanMs === null ? null : record.forecast === null ? "schedule" : "forecast",
    actual_makespan_ms: tasks === 0 || !isKnownWhole(record) ? null : makespanMs.actual,
    completed_tasks: successes.actual,
    failed_tasks: tasks - successes.actual,
    deferred_tasks: deferrals.length,
    assigned_tasks: stats.assigned.tasks,
    ...lateFields(stats.late),
    retries: retries.actual,
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
    load_limits_ms: { ...result.limits.per_agent_ms },
    ...(problemFile !== null && { problem_file: problemFile }),
    execution: record.execution,
    timestamp,
  };
}

function copyLists(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([key, list]) => [key, [...list]]));
}
