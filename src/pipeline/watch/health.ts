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

/** Health of the run in 0 … 100, from its metrics and the number of its anomalies. */
export function systemHealth(inputs: HealthInputs): SystemHealth {
  const { metrics, numAnomalies, phase18Health, convergence, execution, timestamp } = inputs;
  const percentOf = (name: MetricName): number =>
    clampPercent(100 * (metrics.find(({ metric_name }) => metric_name === name)?.value ?? 0));
  const components: SystemHealth["component_scores"] = {
    optimization_accuracy: percentOf("schedule_accuracy"),
    schedule_adherence: percentOf("schedule_adherence"),
    throughput_efficiency: percentOf("throughput_efficiency"),
    system_stability: clampPercent(100 - STABILITY_LOSS_PER_ANOMALY * numAnomalies),
  };
  const score = clampPercent(
    HEALTH_WEIGHTS.optimization_accuracy * components.optimization_accuracy +
      HEALTH_WEIGHTS.schedule_adherence * components.schedule_adherence +
      HEALTH_WEIGHTS.throughput_efficiency * components.throughput_efficiency +
      HEALTH_WEIGHTS.system_stability * components.system_stability,
  );
  return {
    overall_health_score: score,
    health_status: healthStatus(score),
    component_scores: components,
    optimization_metrics: metrics.map(({ metric_name, value, status }) => ({ metric_name, value, status })),
    detected_anomalies: numAnomalies,
    timestamp,
    execution,
    baseline:
      phase18Health === null ? null : { overall_health_score: phase18Health, difference: score - phase18Health },
    convergence,
  };
}

/** The word for a score in 0 … 100. */
function healthStatus(score: number): SystemHealth["health_status"] {
  if (score >= EXCELLENT_FROM) return "EXCELLENT";
  if (score >= GOOD_FROM) return "GOOD";
  return score >= FAIR_FROM ? "FAIR" : "POOR";
}

function clampPercent(value: number): number {
  return clamp(value, 0, 100);
}
