import type { ForecastReport, SpreadReport } from "../../domain/index.js";
import { replicationsFor, type SimulationResult } from "./simulate-schedule.js";
import type { SpreadSummary } from "./spread-summary.js";

/** What a simulation says of the wave, as results state it; null where nothing is placed. */
export function forecastReport(simulated: SimulationResult): ForecastReport | null {
  const { makespanMs, successRate, throughputPerS, confidenceDelta, replications, tasks } = simulated;
  if (makespanMs === null || successRate === null || throughputPerS === null || confidenceDelta === null) return null;
  return {
    makespan_ms: spreadReport(makespanMs),
    success_rate: spreadReport(successRate),
    throughput_per_s: spreadReport(throughputPerS),
    confidence_delta: spreadReport(confidenceDelta),
    ...(replications < replicationsFor(tasks.length) && { draws: replications }),
  };
}

function spreadReport({ mean, interval: [p5, p95] }: SpreadSummary): SpreadReport {
  return { mean, p5, p95 };
}
