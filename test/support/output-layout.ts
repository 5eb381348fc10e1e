import type { SchemaName } from "../../src/domain/schemas/index.js";

/** Which schema a file of an output directory follows; a JSONL file by its rows. Null: text for people. */
export type Layout = Readonly<Record<string, SchemaName | null>>;

export const ROOT_FILES = {
  "optimization_summary.json": "phase19_optimization_summary",
  "system_health.json": "phase19_system_health",
  "coordination_patterns.json": "phase19_coordination_patterns",
  "learning_signals.jsonl": "phase19_learning_signals",
  "schedule_comparisons.jsonl": "phase19_schedule_comparisons",
  "optimization_feedback.jsonl": "phase19_learning_signals",
  "heuristic_weights.json": "phase19_heuristic_weights",
  "PHASE_19_AUTONOMOUS_OPTIMIZATION.html": null,
  "PHASE_19_AUTONOMOUS_OPTIMIZATION.md": null,
  "metrics.jsonl": "phase19_metrics",
  "anomalies.jsonl": "phase19_anomalies",
  "alerts.json": "phase19_alerts",
  "feedback_events.jsonl": "phase19_feedback_events",
  "strategy_effectiveness.json": "phase19_strategy_effectiveness",
  "schedule_recommendations.jsonl": "phase19_schedule_recommendations",
  "agent_assignments.json": "phase19_agent_assignments",
  "schedule_adherence.json": "phase19_adherence",
  "phase19_summary.json": "phase19_summary",
  "safety_gate_decisions.jsonl": "phase19_safety_gate_decisions",
  "deferred_tasks.jsonl": "phase19_deferred_tasks",
  "summary.json": "phase19_summary_document",
  "optimization_report.json": "phase19_optimization_report",
  "audit.jsonl": "phase19_audit",
  "calibration.jsonl": "phase19_calibration",
  "learned_state.json": "learned_state",
  "state_before.json": "learned_state",
} as const satisfies Layout;

/** Beside them, in trees that `evaluate` wrote. */
export const EVALUATED_FILES = { "evaluated_waves.jsonl": "phase19_evaluated_waves" } as const satisfies Layout;

/** Beside them, in trees of live runs. */
export const LIVE_FILES = { "journal.jsonl": "phase19_journal" } as const satisfies Layout;

export const WAVE_FILES = {
  "wave_summary.json": "phase19_wave_summary",
  "schedule_adherence.json": "phase19_wave_adherence",
} as const satisfies Layout;

/** Beside them, of waves that were planned by the run. */
export const PLANNED_FILES = { "problem.json": "problem" } as const satisfies Layout;

export const AGENT_FILES = {
  "planned_tasks.jsonl": "phase19_planned_tasks",
  "scheduled_tasks.jsonl": "phase19_scheduled_tasks",
  "execution_outcomes.jsonl": "phase19_execution_outcomes",
  "optimization_feedback.json": "phase19_agent_feedback",
} as const satisfies Layout;
