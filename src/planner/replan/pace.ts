import type { PaceObservation } from "./wave-state.js";

/** An agent counts as slow from here on; what is less is luck. */
const SLOW_FROM = 1.5;
/** Weight of "as predicted" beside the latest observation: one attempt alone is half believed. */
const PRIOR_WEIGHT = 1;
/** Weight of an observation beside the next one of its agent: what an agent did before it became slow says little. */
const FADING = 0.5;

/**
 * How many times as long as predicted each slow agent takes; agents that are not slow are absent. O(observations)
 *
 * @param observations in the order in which they were made
 */
export function paceOf(observations: readonly PaceObservation[]): Map<string, number> {
  const sums = new Map<string, { sum: number; count: number }>();
  for (const { agentId, tookMs, predictedMs } of observations) {
    const { sum, count } = sums.get(agentId) ?? { sum: 0, count: 0 };
    sums.set(agentId, { sum: FADING * sum + tookMs / predictedMs, count: FADING * count + 1 });
  }
  const paces = [...sums].map(([agentId, { sum, count }]): [string, number] => [
    agentId,
    (sum + PRIOR_WEIGHT) / (count + PRIOR_WEIGHT),
  ]);
  return new Map(paces.filter(([, pace]) => pace >= SLOW_FROM));
}

/** What an attempt is expected to take from now on; one that is late, as long again as it has taken. */
export function restMs(elapsedMs: number, expectedMs: number): number {
  return elapsedMs < expectedMs ? expectedMs - elapsedMs : Math.max(elapsedMs, expectedMs);
}
