import type { Phase19Summary } from "../../src/domain/schemas/phase19-summary.js";

const COUNTS = { agents_loaded: 2, patterns_loaded: 0, signals_loaded: 0 };

/** A summary of a run that planned one wave of two tasks; each test changes what it is about. */
export function runSummary(changes: Partial<Phase19Summary> = {}): Phase19Summary {
  return {
    phase: 19,
    run_id: "0123456789ab",
    version: "0.1.0",
    partial: false,
    execution: "real",
    gate: "live",
    strategy: "maximize_success",
    seed: 1,
    start_time: "2026-01-01T00:00:00Z",
    end_time: "2026-01-01T00:00:01Z",
    duration_ms: 1000,
    phase18_counts: COUNTS,
    init_summary: { strategy: "maximize_success", load_counts: COUNTS },
    waves_planned: 1,
    waves_optimized: 1,
    tasks: { total: 2, completed: 2, failed: 0, deferred: 0, open: 0, reassigned: 0, retries: 0 },
    feedback_counts: { learning_signals: 1, feedback_events: 0 },
    exploration: null,
    health_metrics: { metrics: [], health: { overall_health_score: 90, health_status: "EXCELLENT" } },
    anomalies: 0,
    alerts: 0,
    inputs: { files: [], absent: [], skipped: [], unknown_fields: {}, notes: [] },
    feedback: { phase16: null, phase18: null },
    ...changes,
  };
}
