import { EMPTY_STATE } from "../../src/domain/schemas/learned-state.js";
import { buildOptimizationReport } from "../../src/pipeline/report/optimization-report.js";
import { reportOf } from "../pipeline/report/digests.js";
import type { RunDigest } from "../../src/pipeline/report/digest.js";

const AT = "2026-01-01T00:00:00Z";
const common = { execution: "real", timestamp: AT } as const;
const text = (document: unknown): string => `${JSON.stringify(document)}\n`;

const final = {
  task_id: "t1",
  agent_id: "agent_0",
  wave: 1,
  scheduled_start_time: 0,
  scheduled_end_time: 30,
  actual_start_time: 0,
  actual_end_time: 60,
  priority: 1,
  status: "completed",
  confidence: 0.8,
  retry_count: 1,
  slot: 0,
  planned_agent_id: "agent_0",
  risk_level: "LOW",
  task_type: null,
  predicted_success_probability: 0.9,
  confidence_delta: 0.02,
  adhered: false,
  failure_reason: null,
  execution: "real",
};

const planned = {
  task_id: "t1",
  agent_id: "agent_0",
  wave: 1,
  slot: 0,
  priority: 1,
  risk_level: "LOW",
  task_type: null,
  confidence: 0.8,
  predicted_success_probability: 0.9,
  predicted_duration_ms: 30,
  predicted_retries: 0.1,
  predicted_confidence_delta: 0.02,
  planned_start_time: 0,
  planned_end_time: 30,
  end_interval_ms: [20, 50],
  reason: "free first",
  execution: "real",
};

const attempt = (number: number, status: string): object => ({
  task_id: "t1",
  agent_id: "agent_0",
  wave: 1,
  attempt: number,
  status,
  initial_confidence: 0.8,
  final_confidence: 0.8,
  confidence_delta: 0,
  execution_time_ms: 30,
  actual_start_time: 30 * (number - 1),
  actual_end_time: 30 * number,
  retry_count: number - 1,
  heuristics_applied: [],
  error_message: status === "failed" ? "no" : null,
  fault: null,
  ...{ error_kind: status === "failed" ? "task" : null, cost: null, output: null },
  ...common,
});

const totals = { tasks: 1, success_rate: 1, busy_time_ms: 60, retries: 1, confidence_delta: 0.02 };
const signal = {
  feedback_id: "P19_LS_STRATEGY_VALIDATION",
  feedback_type: "strategy_validation",
  confidence: 0.9,
  description: "d",
  recommendation: "r",
  supporting_evidence: [],
  ...common,
};

/**
 * The files of a run of one wave in which `t1` ran at its second attempt, `t2` was held back for good, and `agent_1` was idle.
 *
 * @param digest whose summary, metrics and health are to say the same
 */
export function sampleOutputs(digest: RunDigest): Record<string, string> {
  const { summary, health, waves } = digest;
  const [wave] = waves;
  const shared = { overall_health_score: health.overall_health_score, timestamp: AT };
  const waveRow = {
    wave: 1,
    total_tasks: 2,
    completed_tasks: 1,
    failed_tasks: 0,
    deferred_tasks: 1,
    strategy: "maximize_success",
    success_rate: 1,
    makespan_ms: 60,
  };
  const comparison = {
    wave: 1,
    planned_success_rate: 0.9,
    actual_success_rate: 1,
    planned_throughput: 30,
    actual_throughput: 16,
    planned_confidence_delta: 0.02,
    actual_confidence_delta: 0.02,
    accuracy_score: 0.8,
    success_accuracy: 0.9,
    throughput_efficiency: 0.5,
    confidence_accuracy: 1,
    strategy: "maximize_success",
    ...common,
  };
  const none = Object.fromEntries(
    ["anomalies", "feedback_events", "schedule_recommendations", "audit"].map((name) => [`${name}.jsonl`, ""]),
  );
  const summaryOfPlans = {
    phase: 19,
    run_id: summary.run_id,
    optimization_results: [],
    metrics: {},
    agent_utilization: {},
  };
  return {
    ...none,
    "optimization_summary.json": text({ ...summaryOfPlans, ...common }),
    "system_health.json": text(health),
    "coordination_patterns.json": text([]),
    "learning_signals.jsonl": text(signal),
    "schedule_comparisons.jsonl": text(comparison),
    "optimization_feedback.jsonl": text(signal),
    "heuristic_weights.json": text({ H16_001: 1.05 }),
    "PHASE_19_AUTONOMOUS_OPTIMIZATION.html": "<!doctype html>\n",
    "PHASE_19_AUTONOMOUS_OPTIMIZATION.md": reportOf(digest),
    "metrics.jsonl": digest.metrics.map(text).join(""),
    "alerts.json": text([]),
    "strategy_effectiveness.json": text({ maximize_success: 1 }),
    "agent_assignments.json": text({ 1: { agent_0: ["t1"], agent_1: [] } }),
    "schedule_adherence.json": text({ schedule_adherence: 0, waves: { 1: 0 }, execution: "real" }),
    "phase19_summary.json": text(summary),
    "safety_gate_decisions.jsonl": "",
    "deferred_tasks.jsonl": text({ task_id: "t2", wave: 1, stage: "gate", reason: "HIGH", final: true }),
    "summary.json": text({ ...summary, ...shared, waves: [waveRow] }),
    "optimization_report.json": text(buildOptimizationReport(digest, [])),
    "calibration.jsonl": digest.calibration.map(text).join(""),
    "learned_state.json": text(EMPTY_STATE),
    "state_before.json": text(EMPTY_STATE),
    "wave_1/wave_summary.json": text(wave),
    "wave_1/schedule_adherence.json": text({
      wave: 1,
      schedule_adherence: 0,
      agents: { agent_0: 0 },
      execution: "real",
    }),
    "wave_1/agent_0/planned_tasks.jsonl": text(planned),
    "wave_1/agent_0/scheduled_tasks.jsonl": text(final),
    "wave_1/agent_0/execution_outcomes.jsonl": text(attempt(1, "failed")) + text(attempt(2, "completed")),
    "wave_1/agent_0/optimization_feedback.json": text({
      agent_id: "agent_0",
      wave: 1,
      planned: totals,
      actual: totals,
      schedule_adherence: 0,
      performance_score: 0.9,
      recommendations: [],
      ...common,
    }),
    "wave_1/agent_1/planned_tasks.jsonl": "",
    "wave_1/agent_1/scheduled_tasks.jsonl": "",
    "wave_1/agent_1/execution_outcomes.jsonl": "",
    "wave_1/agent_1/optimization_feedback.json": "",
  };
}
