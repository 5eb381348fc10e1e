/**
 * How often a run in which everything follows the predictions may raise any anomaly, and who may spend it. Error rates
 * add up (Boole's inequality), so the parts together bound the run, however the tests depend on each other.
 */
export const RUN_FALSE_ALARM_BUDGET = 0.03;

export const BUDGET = {
  /**
   * Success of single agents, against themselves and against the plan: most of it, since this is what a person acts on.
   * Plans leave an agent that declines within a few waves, so evidence against it soon stops coming. Measured in `degrades`
   * with 6 agents (seeds 3001–3020): named within five waves 15 times at .012, 16 times at .022, 17 times at .032 and at .042.
   * In stationary worlds (92 runs, seeds 3101–3204) 4 raised an alarm at .012 and at .022, 5 at the others.
   */
  agentDecline: 0.022,
  agentPrediction: 0.0025,
  fleetPrediction: 0.001,
  agentDrift: 0.0015,
  fleetDrift: 0.001,
  degradation: 0.001,
  strategyFailure: 0.001,
} as const;

/**
 * Exponent of the spending function α · t^ρ of Kim and DeMets (1987), t = share of the waves seen. 1 finds a bad agent
 * soonest. Measured against ρ = 2 and 3 over whole runs (`check:anomalies`), its power for agents is the same within two
 * points, for a decline over eight waves up to ten points less.
 */
const SPENDING_EXPONENT = 1;

/** The same exponent for changes, of which nothing can be seen until there is enough before them to compare with. */
const CHANGE_SPENDING_EXPONENT = 1.5;

/** One look at the evidence, after a wave. */
export interface Look {
  /** Share of each test's budget that is new at this look, in [0, 1]; over a run the shares sum to at most 1. */
  readonly share: number;
  /** The same for tests of changes under way, which spend less at first. */
  readonly changeShare: number;
}

/**
 * Share of the budget that may be spent in the first `numLooks` waves: t^ρ of the planned waves, or k/(k + 1), whose
 * increments 1/(k(k + 1)) sum to 1, where nobody knows how many will come.
 */
function spendableShare(numLooks: number, numWaves: number | null, exponent = SPENDING_EXPONENT): number {
  if (numWaves === null) return numLooks / (numLooks + 1);
  return Math.min(1, numLooks / Math.max(1, numWaves)) ** exponent;
}

/** The `numLook`-th look, from 1. */
export function lookAt(numLook: number, numWaves: number | null): Look {
  const shareOf = (exponent: number): number =>
    spendableShare(numLook, numWaves, exponent) - spendableShare(numLook - 1, numWaves, exponent);
  return { share: shareOf(SPENDING_EXPONENT), changeShare: shareOf(CHANGE_SPENDING_EXPONENT) };
}
