import type { AnomalyRow, MetricRow, SystemHealth } from "../../../src/domain/schemas/phase19-run.js";
import type { CalibrationRow, ProbabilityScores } from "../../../src/domain/schemas/calibration.js";
import type { WaveSummary } from "../../../src/domain/schemas/phase19-wave.js";
import { METRIC_NAMES } from "../../../src/domain/monitoring.js";
import { CalibrationTally } from "../../../src/pipeline/measure/calibration-tally.js";
import type { RunDigest } from "../../../src/pipeline/report/digest.js";
import { buildOptimizationReport } from "../../../src/pipeline/report/optimization-report.js";
import { renderReport } from "../../../src/pipeline/report/markdown.js";
import { runSummary } from "../../support/run-summary.js";

export const AT = "2026-01-01T00:00:00Z";

export const METRICS: readonly MetricRow[] = METRIC_NAMES.map((metric_name) => ({
  metric_name,
  value: 0.95,
  unit: "ratio",
  target_value: 0.9,
  threshold_min: 0.85,
  threshold_max: 1,
  status: "normal",
  timestamp: AT,
  execution: "real",
  waves: 1,
}));

const trend = { slope: null, p_value: null, direction: "unknown", waves: 1 } as const;

const HEALTH: SystemHealth = {
  overall_health_score: 91.5,
  health_status: "EXCELLENT",
  component_scores: {
    optimization_accuracy: 90,
    schedule_adherence: 90,
    throughput_efficiency: 95,
    system_stability: 100,
  },
  optimization_metrics: [],
  detected_anomalies: 0,
  timestamp: AT,
  execution: "real",
  baseline: { overall_health_score: 88, difference: 3.5 },
  convergence: { accuracy: trend, gap: trend },
};

export function waveSummary(changes: Partial<WaveSummary> = {}): WaveSummary {
  return {
    wave: 1,
    total_tasks: 2,
    agents: ["a", "b"],
    actual_success_rate: 1,
    actual_throughput: 20,
    schedule_adherence: 0.9,
    planned_success_rate: 0.875,
    planned_throughput: 18,
    planned_confidence_delta: 0.02,
    actual_confidence_delta: 0.03,
    planned_makespan_ms: 95,
    planned_makespan_of: "forecast",
    actual_makespan_ms: 61_000,
    completed_tasks: 2,
    failed_tasks: 0,
    deferred_tasks: 0,
    retries: 0,
    strategy: "maximize_success",
    strategy_reason: "asked for",
    termination: "optimal",
    objective: { name: "success", sense: "max", value: 1.75, bound: 1.75, gap: 0 },
    baseline: {
      name: "greedy",
      goal: "success",
      sense: "max",
      value: 1.6,
      own_value: 1.75,
      deferred_weight: 0,
      own_deferred_weight: 0,
      success_rate: 0.8,
      makespan_ms: 100,
    },
    exploration: null,
    execution: "real",
    timestamp: AT,
    ...changes,
  };
}

export const ANOMALY: AnomalyRow = {
  anomaly_id: "AN_1",
  anomaly_type: "prediction_error",
  severity: "high",
  description: "a fails more often than predicted",
  affected_waves: [1, 2],
  affected_agents: ["a|b"],
  recommendation: "distrust a",
  timestamp: AT,
  execution: "real",
  evidence: { test: "exact binomial", effect: 0.3, threshold: 0.15, p_value: 0.0004, alpha: 0.01, observations: 40 },
};

/** A task at .95 that succeeded and one at .85 that failed. */
function pairScores(): ProbabilityScores {
  const tally = new CalibrationTally();
  tally.add(0.95, true);
  tally.add(0.85, false);
  return tally.scores();
}

export const CALIBRATION: CalibrationRow = {
  wave: 1,
  tasks: 2,
  ...pairScores(),
  brier_score: 0.1234567,
  duration_interval: { count: 2, covered: 2 },
  end_interval: { count: 2, covered: 1 },
  makespan_interval: { count: 1, covered: 1 },
  success_interval: { count: 0, covered: 0 },
  execution: "real",
  timestamp: AT,
};

/** A real run of one wave in which nothing went wrong; each test changes what it is about. */
export function digest(changes: Partial<RunDigest> = {}): RunDigest {
  return {
    summary: runSummary(),
    waves: [waveSummary()],
    health: HEALTH,
    metrics: METRICS,
    anomalies: [],
    alerts: [],
    signals: [],
    calibration: [CALIBRATION],
    gate: { approved: 2, deferred: 0, liveDeferred: 0, relaxedWaves: [] },
    deferrals: { total: 0, final: 0, topReasons: [] },
    weights: { before: { H16_001: 1, H16_002: 1.1 }, after: { H16_001: 1.05, H16_002: 1.1 } },
    heuristicUplift: [
      {
        ...{ heuristic_id: "H16_002", basis: "model-adjusted" as const, uplift: 0.031, standard_error: 0.024 },
        ...{ attempts: 40, withheld: 0, note: "each attempt against its chance unboosted" },
      },
    ],
    strategyEffectiveness: { maximize_success: 1.02 },
    failures: [],
    adjustments: [],
    agents: [
      {
        agentId: "a",
        tasks: 2,
        plannedSuccessRate: 0.875,
        actualSuccessRate: 1,
        plannedUtilization: 0.9,
        actualUtilization: null,
      },
    ],
    ...changes,
  };
}

/** The report of a run whose page says what the run's own report says. */
export function reportOf(run: RunDigest): string {
  const { optimizations: issues, what_to_do: advice = [] } = buildOptimizationReport(run, []);
  return renderReport(run, { headline: ["The verdict."], advice, issues, waves: [] });
}
