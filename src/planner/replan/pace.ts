import type { PaceObservation } from "./wave-state.js";

/** An agent counts as slow from here on; what is less is luck. */
const SLOW_FROM = 1.5;
/** Weight of "as predicted" beside the latest observation: one attempt alone is half believed. */
const PRIOR_WEIGHT = 1;
/** Weight of an observation beside the next one of its agent: what an agent did before it became slow says little. */
const FADING = 0.5;

/** What the attempts of one agent say of its pace, in the order in which they were made. */
export class Pace {
  #sum = 0;
  #count = 0;

  add({ tookMs, predictedMs }: Omit<PaceObservation, "agentId">): void {
    this.#sum = FADING * this.#sum + tookMs / predictedMs;
    this.#count = FADING * this.#count + 1;
  }

  /** How many times as long as predicted the agent takes; 1 where it is not slow. */
  get factor(): number {
    const pace = (this.#sum + PRIOR_WEIGHT) / (this.#count + PRIOR_WEIGHT);
    return pace >= SLOW_FROM ? pace : 1;
  }
}

/**
 * How many times as long as predicted each slow agent takes; agents that are not slow are absent. O(observations)
 *
 * @param observations in the order in which they were made
 */
export function paceOf(observations: readonly PaceObservation[]): Map<string, number> {
  const paces = new Map<string, Pace>();
  for (const observation of observations) {
    const pace = paces.get(observation.agentId) ?? new Pace();
    pace.add(observation);
    paces.set(observation.agentId, pace);
  }
  return new Map([...paces].map(([agentId, pace]) => [agentId, pace.factor] as const).filter(([, f]) => f > 1));
}

/** What an attempt is expected to take from now on; one that is late, as long again as it has taken. */
export function restMs(elapsedMs: number, expectedMs: number): number {
  return elapsedMs < expectedMs ? expectedMs - elapsedMs : Math.max(elapsedMs, expectedMs);
}
