import { z } from "zod";
import { METRIC_NAMES, ANOMALY_TYPES } from "../monitoring.js";
import { text, wholeNumber, strict } from "./fields.js";
import {
  agentId,
  byAgent,
  count,
  execution,
  finite,
  rate,
  strategy,
  taskId,
  timestamp,
  waveNumber,
  words,
} from "./output-fields.js";

/** Files at the root of the output directory. */

const metricStatus = z.lazy(() => z.enum(["normal", "warning", "critical"]));

/** `metrics.jsonl`: five rows. A metric that no wave could measure has the value null and the status warning. */
export const metricRowSchema = strict(() => ({
  metric_name: z.enum(METRIC_NAMES),
  value: finite().nullable(),
  unit: z.literal("ratio"),
  target_value: finite(),
  threshold_min: finite(),
  threshold_max: finite(),
  status: metricStatus,
  timestamp: timestamp(),
  execution: execution(),
  /** Waves the mean is over. */
  waves: count(),
  /** Where a rate may lie by chance, with 95 % confidence; absent where nothing was measured or it is no rate. */
  interval: z.tuple([rate(), rate()]).optional(),
}));

/** `anomalies.jsonl`. */
export const anomalyRowSchema = strict(() => ({
  anomaly_id: text(),
  anomaly_type: z.enum(ANOMALY_TYPES),
  severity: z.enum(["low", "medium", "high"]),
  description: text(),
  affected_waves: z.array(waveNumber()).min(1),
  affected_agents: z.array(agentId()).min(1),
  recommendation: text(),
  timestamp: timestamp(),
  execution: execution(),
  evidence: z.strictObject({
    /** The test, in words. */
    test: text(),
    /** Size of the effect on the scale of the threshold. */
    effect: finite(),
    threshold: finite(),
    /** One-sided or two-sided as the test says; null where the fault is certain. */
    p_value: rate().nullable(),
    /** Share of the run's false-alarm budget this look had. */
    alpha: rate().nullable(),
    observations: count(),
  }),
}));

/** `alerts.json`: a list. */
export const alertSchema = strict(() => ({
  alert_id: text(),
  severity: z.enum(["info", "warning", "critical"]),
  source: text(),
  message: text(),
  action: text(),
  waves: z.array(waveNumber()),
  agents: z.array(agentId()),
  timestamp: timestamp(),
}));

/** A row of `learning_signals.jsonl` and of `optimization_feedback.jsonl`. */
export const p19SignalSchema = strict(() => ({
  feedback_id: text(),
  feedback_type: z.enum(["strategy_validation", "heuristic_update", "schedule_adjustment", "agent_performance"]),
  confidence: rate(),
  description: text(),
  recommendation: text(),
  supporting_evidence: words(),
  timestamp: timestamp(),
  execution: execution(),
}));

/** Null: not measured, and left out of the score. */
const componentScores = strict(() => ({
  optimization_accuracy: finite().nullable(),
  schedule_adherence: finite().nullable(),
  throughput_efficiency: finite().nullable(),
  system_stability: finite(),
}));

const trend = strict(() => ({
  /** Change a wave, by least squares. */
  slope: finite().nullable(),
  /** Two-sided; null with fewer than four waves. */
  p_value: rate().nullable(),
  direction: z.enum(["improving", "steady", "worsening", "unknown"]),
  waves: count(),
}));

/** `system_health.json`. */
export const p19HealthSchema = strict(() => ({
  overall_health_score: z.number().min(0).max(100).nullable(),
  health_status: z.enum(["EXCELLENT", "GOOD", "FAIR", "POOR", "NOT_JUDGED"]),
  component_scores: componentScores,
  optimization_metrics: z.array(
    z.strictObject({ metric_name: z.enum(METRIC_NAMES), value: finite().nullable(), status: metricStatus }),
  ),
  detected_anomalies: count(),
  timestamp: timestamp(),
  execution: execution(),
  /** Phase 18's own score before this run; null where it left none. */
  baseline: z.strictObject({ overall_health_score: finite(), difference: finite().nullable() }).nullable(),
  convergence: z.strictObject({ accuracy: trend, gap: trend }),
}));

const utilization = strict(() => ({
  planned: rate().nullable(),
  actual: rate().nullable(),
  busy_time_ms: z.number().min(0),
  tasks: count(),
}));

/** One stage of a solve, as a run reports it. */
export const reportedAttemptSchema = strict(() => ({
  stage: text(),
  solver: text(),
  termination: text(),
  limit: text().nullable(),
  value: finite().nullable(),
  bound: finite().nullable(),
  wall_ms: finite().nullable(),
  note: text(),
}));

const optimizationEntry = strict(() => ({
  strategy: strategy(),
  wave: waveNumber(),
  expected_success_rate: rate().nullable(),
  expected_throughput: finite().nullable(),
  expected_confidence_delta: finite().nullable(),
  agent_assignments: byAgent(z.array(taskId())),
  task_priorities: z.record(taskId(), wholeNumber(1)),
  confidence: rate(),
  timestamp: timestamp(),
  objective: finite().nullable(),
  bound: finite().nullable(),
  gap: finite().nullable(),
  termination: text(),
  limit: text().nullable(),
  solver: text(),
  attempts: z.array(reportedAttemptSchema),
}));

/** `optimization_summary.json`. */
export const optimizationSummarySchema = strict(() => ({
  phase: z.literal(19),
  timestamp: timestamp(),
  run_id: text(),
  execution: execution(),
  optimization_results: z.array(optimizationEntry),
  metrics: z.partialRecord(z.enum(METRIC_NAMES), finite().nullable()),
  agent_utilization: byAgent(utilization),
}));

/** `coordination_patterns.json`: patterns in the shape Phase 18 writes and we read. */
export const p19PatternSchema = strict(() => ({
  pattern_id: text(),
  pattern_type: z.enum(["load_balanced", "load_imbalance", "agent_specialization", "parallel_efficiency"]),
  description: text(),
  agent_assignments: byAgent(words()),
  success_rate: rate().nullable(),
  confidence: rate(),
  /** What a specialization rests on: the model's posterior, on equal tasks, or raw rates. */
  basis: z.enum(["model", "raw rates"]).optional(),
  execution: execution(),
  timestamp: timestamp(),
  /** A reader who has learned that run's outcomes knows the pattern already. */
  run_id: text().optional(),
}));

/** `heuristic_weights.json`. */
export const heuristicWeightsSchema = z.lazy(() => z.record(text(), z.number().min(0.5).max(1.5).describe("Weight of the heuristic with this id.")));
/** `strategy_effectiveness.json`: mean of achieved over planned, by strategy that ran. */
export const strategyEffectivenessSchema = z.lazy(() => z.partialRecord(strategy(), z.number().min(0).describe("Mean of achieved over planned under this strategy.")));
/** `agent_assignments.json`: by wave, then by agent. */
export const agentAssignmentsSchema = z.lazy(() => z.record(z.string().regex(/^\d+$/), byAgent(z.array(taskId()).describe("By wave, then by agent: its tasks in the order of their starts."))));
/** `schedule_adherence.json` at the root. */
export const runAdherenceSchema = strict(() => ({
  schedule_adherence: rate().nullable(),
  waves: z.record(z.string().regex(/^\d+$/), rate().nullable()),
  execution: execution(),
}));

/** `optimization_report.json`. */
export const optimizationReportSchema = strict(() => ({
  optimizations: z.array(
    z.strictObject({ issue: text(), analysis: text(), recommendation: text(), timestamp: timestamp() }),
  ),
  /** The advice of the report and the page, the most urgent first; absent in files of earlier versions. */
  what_to_do: z.exactOptional(words()),
}));

export type MetricRow = z.infer<typeof metricRowSchema>;
export type AnomalyRow = z.infer<typeof anomalyRowSchema>;
export type AlertRow = z.infer<typeof alertSchema>;
export type SignalRow19 = z.infer<typeof p19SignalSchema>;
export type SystemHealth = z.infer<typeof p19HealthSchema>;
export type OptimizationSummary = z.infer<typeof optimizationSummarySchema>;
export type PatternRow = z.infer<typeof p19PatternSchema>;
export type OptimizationReport = z.infer<typeof optimizationReportSchema>;
