import type { FullProblem, WaveRecord } from "../../domain/index.js";
import type {
  MetricRow,
  OptimizationSummary,
  Phase19Summary,
  RecommendationRow,
  SummaryDocument19,
  WaveSummary,
} from "../../domain/schemas/index.js";
import type { PhaseReport } from "../files/phase-report.js";
import { recommend } from "../../planner/index.js";

type OptimizationEntry = OptimizationSummary["optimization_results"][number];

/** One wave's entry in `optimization_summary.json`. */
export function optimizationEntry({ wave, strategy, result }: WaveRecord): OptimizationEntry {
  return {
    strategy,
    wave,
    expected_success_rate: result.expected_success_rate,
    expected_throughput: result.expected_throughput,
    expected_confidence_delta: result.expected_confidence_delta,
    agent_assignments: mapValues(result.agent_assignments, (ids) => [...ids]),
    task_priorities: { ...result.task_priorities },
    confidence: result.confidence,
    timestamp: result.timestamp,
    objective: result.objective.value,
    bound: result.objective.bound,
    gap: result.objective.gap,
    termination: result.termination,
    limit: result.limit,
    solver: result.solver.name,
    attempts: result.attempts.map((attempt) => ({ ...attempt })),
  };
}

/** `schedule_recommendations.jsonl`: one row an agent. */
export function recommendationRows(problem: FullProblem, { wave, result }: WaveRecord): RecommendationRow[] {
  return recommend(problem, result).map((one) => ({
    recommendation_id: `REC_${wave}_${one.agent_id}`,
    wave,
    agent_id: one.agent_id,
    task_ids: [...one.task_ids],
    expected_completion_time_ms: one.expected_completion_time_ms,
    expected_success_probability: one.expected_success_probability,
    rationale: one.rationale,
    confidence: one.confidence,
    reasons: { ...one.reasons },
  }));
}

/** Metric values by name. */
export function metricValues(metrics: readonly MetricRow[]): OptimizationSummary["metrics"] {
  return Object.fromEntries(metrics.map(({ metric_name, value }) => [metric_name, value]));
}

/** The loaders' report as the summary holds it: roles of files, not where they are. */
export function describeInputs(report: PhaseReport): Phase19Summary["inputs"] {
  return {
    files: report.files.map(({ role, rows, skipped, sha256, knownRows }) => ({
      file: role,
      rows,
      skipped,
      sha256,
      known_rows: knownRows,
    })),
    absent: report.absent.map(report.byRole),
    skipped: report.skipped.map(({ place, reason }) => ({ place: report.byRole(place), reason })),
    unknown_fields: Object.fromEntries(
      Object.entries(report.unknownFields).map(([file, counts]) => [report.byRole(file), { ...counts }]),
    ),
    notes: report.notes.map(report.byRole),
  };
}

/** `summary.json`: the summary of the run, and its waves in short. */
export function summaryDocument(
  summary: Phase19Summary,
  waves: readonly WaveSummary[],
  timestamp: string,
): SummaryDocument19 {
  return {
    ...summary,
    timestamp,
    overall_health_score: summary.health_metrics.health.overall_health_score,
    waves: waves.map((wave) => ({
      wave: wave.wave,
      total_tasks: wave.total_tasks,
      completed_tasks: wave.completed_tasks,
      failed_tasks: wave.failed_tasks,
      deferred_tasks: wave.deferred_tasks,
      strategy: wave.strategy,
      success_rate: wave.actual_success_rate,
      makespan_ms: wave.actual_makespan_ms,
    })),
  };
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
