import type { ExecutionKind, MetricName } from "../../domain/index.js";
import type { MetricRow, SystemHealth } from "../../domain/schemas/index.js";
import { clamp } from "../measure/accuracy.js";

/** Weights of the components, of the file contract, §6. */
const HEALTH_WEIGHTS = {
  optimization_accuracy: 0.4,
  schedule_adherence: 0.3,
  throughput_efficiency: 0.2,
  system_stability: 0.1,
} as const;

const STABILITY_LOSS_PER_ANOMALY = 10;
const EXCELLENT_FROM = 85;
const GOOD_FROM = 70;
const FAIR_FROM = 55;

export interface HealthInputs {
  readonly metrics: readonly MetricRow[];
  readonly numAnomalies: number;
  /** Phase 18's own score before the run, null where it left none. */
  readonly phase18Health: number | null;
  readonly convergence: SystemHealth["convergence"];
  readonly execution: ExecutionKind;
  readonly timestamp: string;
}

/**
 * Health of the run in 0 … 100, from its metrics and the number of its anomalies. Not judged, and null, where no wave that ended has run a
 * task and nothing is known to be wrong.
 */
export function systemHealth(inputs: HealthInputs): SystemHealth {
  const { metrics, numAnomalies, phase18Health, convergence, execution, timestamp } = inputs;
  const components = componentsOf(metrics, numAnomalies, ({ value }) => value);
  const isJudged = components.optimization_accuracy !== null || numAnomalies > 0;
  const score = isJudged ? scoreOf(components) : null;
  const atBest = scoreOf(componentsOf(metrics, numAnomalies, ({ value, interval }) => interval?.[1] ?? value));
  return {
    overall_health_score: score,
    health_status: score === null ? "NOT_JUDGED" : healthStatus(score, atBest),
    component_scores: components,
    optimization_metrics: metrics.map(({ metric_name, value, status }) => ({ metric_name, value, status })),
    detected_anomalies: numAnomalies,
    timestamp,
    execution,
    baseline:
      phase18Health === null
        ? null
        : { overall_health_score: phase18Health, difference: score === null ? null : score - phase18Health },
    convergence,
  };
}

type Components = SystemHealth["component_scores"];

function componentsOf(
  metrics: readonly MetricRow[],
  numAnomalies: number,
  valueOf: (row: MetricRow) => number | null,
): Components {
  const percentOf = (name: MetricName): number | null => {
    const row = metrics.find(({ metric_name }) => metric_name === name);
    const value = row === undefined || row.value === null ? null : valueOf(row);
    return value === null ? null : clampPercent(100 * value);
  };
  return {
    optimization_accuracy: percentOf("schedule_accuracy"),
    schedule_adherence: percentOf("schedule_adherence"),
    throughput_efficiency: percentOf("throughput_efficiency"),
    system_stability: clampPercent(100 - STABILITY_LOSS_PER_ANOMALY * numAnomalies),
  };
}

/** Mean by weight of the components that were measured; where nothing ran though it should have, the others count as 0. */
function scoreOf(components: Components): number {
  if (components.optimization_accuracy === null) return HEALTH_WEIGHTS.system_stability * components.system_stability;
  let [sum, weights] = [0, 0];
  for (const name of Object.keys(HEALTH_WEIGHTS) as (keyof typeof HEALTH_WEIGHTS)[]) {
    const score = components[name];
    if (score === null) continue;
    sum += HEALTH_WEIGHTS[name] * score;
    weights += HEALTH_WEIGHTS[name];
  }
  return clampPercent(sum / weights);
}

/** The word for a score in 0 … 100; POOR only where even the best that chance leaves open would be. */
function healthStatus(score: number, atBest: number): "EXCELLENT" | "GOOD" | "FAIR" | "POOR" {
  if (score >= EXCELLENT_FROM) return "EXCELLENT";
  if (score >= GOOD_FROM) return "GOOD";
  return Math.max(score, atBest) >= FAIR_FROM ? "FAIR" : "POOR";
}

function clampPercent(value: number): number {
  return clamp(value, 0, 100);
}
