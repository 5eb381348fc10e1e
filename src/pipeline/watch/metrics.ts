import { type ExecutionKind, METRIC_NAMES, type MetricName } from "../../domain/index.js";
import type { MetricRow } from "../../domain/schemas/index.js";
import { meanOf } from "../measure/accuracy.js";
import type { WaveStats } from "../measure/measured-wave.js";

interface MetricRule {
  readonly target: number;
  readonly min: number;
  readonly max: number;
}

/** Targets and thresholds of the file contract, §6. */
export const METRIC_RULES: Readonly<Record<MetricName, MetricRule>> = {
  schedule_accuracy: { target: 0.9, min: 0.85, max: 1 },
  throughput_efficiency: { target: 0.95, min: 0.85, max: 1 },
  agent_utilization: { target: 0.8, min: 0.6, max: 1 },
  confidence_trajectory: { target: 1, min: 0.9, max: 1.1 },
  schedule_adherence: { target: 0.9, min: 0.85, max: 1 },
};

/** Below this share of its minimum a metric is critical. */
const WARNING_SHARE = 0.9;

/** The five metrics in the order of the contract: means over the waves that could measure them. O(waves). */
export function metricRows(waves: readonly WaveStats[], execution: ExecutionKind, timestamp: string): MetricRow[] {
  return METRIC_NAMES.map((name) => {
    const { target, min, max } = METRIC_RULES[name];
    const values = waves.map(({ metrics }) => metrics[name]).filter((value) => value !== null);
    const value = meanOf(values);
    return {
      metric_name: name,
      value: value ?? 0,
      unit: "ratio",
      target_value: target,
      threshold_min: min,
      threshold_max: max,
      status: value === null ? "critical" : statusOf(value, min),
      timestamp,
      execution,
      waves: values.length,
    };
  });
}

function statusOf(value: number, min: number): MetricRow["status"] {
  if (value >= min) return "normal";
  return value >= WARNING_SHARE * min ? "warning" : "critical";
}
