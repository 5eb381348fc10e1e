/** The five metrics, in the order of the contract. */
export const METRIC_NAMES = [
  "schedule_accuracy",
  "throughput_efficiency",
  "agent_utilization",
  "confidence_trajectory",
  "schedule_adherence",
] as const;
export type MetricName = (typeof METRIC_NAMES)[number];

export const ANOMALY_TYPES = [
  "prediction_error",
  "schedule_drift",
  "performance_degradation",
  "optimization_failure",
] as const;
