import { type ExecutionKind, METRIC_NAMES, type MetricName } from "../../domain/index.js";
import type { MetricRow } from "../../domain/schemas/index.js";
import { clamp, meanOf, sumOf } from "../measure/accuracy.js";
import type { WaveStats } from "../measure/measured-wave.js";
import { wilsonInterval } from "../measure/wilson.js";

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
    const interval = intervalOf(name, waves);
    return {
      metric_name: name,
      value,
      unit: "ratio",
      target_value: target,
      threshold_min: min,
      threshold_max: max,
      status: statusOf(value, min, interval),
      timestamp,
      execution,
      waves: values.length,
      ...(interval && { interval }),
    };
  });
}

/** Critical only where chance alone does not bring it: what was not measured, or may be chance, is a warning. */
function statusOf(value: number | null, min: number, interval: MetricInterval | null): MetricRow["status"] {
  if (value === null) return "warning";
  if (value >= min) return "normal";
  return Math.max(value, interval?.[1] ?? value) >= WARNING_SHARE * min ? "warning" : "critical";
}

type MetricInterval = [number, number];

/** Where the metric may lie by 95 % intervals of the rates behind it, over all tasks; null where it is no rate. */
function intervalOf(name: MetricName, waves: readonly WaveStats[]): MetricInterval | null {
  if (name === "schedule_adherence")
    return wilsonInterval(
      sumOf(waves, (wave) => wave.numAdhered),
      sumOf(waves, (wave) => wave.numTimed),
    );
  if (name !== "schedule_accuracy") return null;
  const tasks = sumOf(waves, ({ assigned }) => assigned.tasks);
  const ends = wilsonInterval(
    sumOf(waves, ({ assigned }) => assigned.completed),
    tasks,
  );
  if (ends === null) return null;
  const planned = sumOf(waves, ({ assigned }) => assigned.planned) / tasks;
  const nearest = clamp(planned, ends[0], ends[1]);
  const farthest = Math.max(Math.abs(planned - ends[0]), Math.abs(planned - ends[1]));
  return [clamp(1 - farthest, 0, 1), clamp(1 - Math.abs(planned - nearest), 0, 1)];
}
