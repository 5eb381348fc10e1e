/** Thresholds and cutoffs of the first dives, from narrow to wide: units beyond the bound, and cost beyond it, relative. */
export const QUICK_DIVES = [
  { units: 1, margin: 0.005 },
  { units: 2, margin: 0.01 },
  { units: 4, margin: 0.03 },
  { units: 16, margin: 0.1 },
  { units: Infinity, margin: Infinity },
] as const;
const DIVE_THRESHOLDS = [2, 1, 4] as const;
export const DIVE_SHARES = [0.05, 0.1] as const;
/** Open tasks from which on a dive is complete. */
export const DIVE_TAILS = [60, 90] as const;
/** The same where dives aim low: many short ones find more than a few that search their tails at length. Measured on class d of generalized assignment. */
export const SHORT_TAILS = [30, 45] as const;
/**
 * What dives that aim low are after, in turn: shares of what the incumbent is above the root's bound, but never below so many levels. A low aim closes poor
 * dives early, and one that succeeds gains more than a unit. Measured likewise.
 */
export const DIVE_AIMS = [0.8, 0.6, 0.5, 0.7] as const;
export const LEAST_AIM = 6;
/**
 * The same where what dives find is merged, in turn: the incumbent is bettered, or another assignment nearly as good is found. Measured likewise, as
 * are the nodes of each.
 */
export const ELITE_DIVES = [
  { aim: 0.95, nodeLimit: 600 },
  { aim: 1.3, nodeLimit: 200 },
] as const;

/** Units beyond the bound that the pairs of the dive of this round may have. */
export function thresholdOf(round: number): number {
  return DIVE_THRESHOLDS[round % DIVE_THRESHOLDS.length]!;
}

/** Pairs per task in play in a dive of so many units, where agents are roomy: conditional bounds hardly differ in size then. */
export function pairsPerTask(units: number): number {
  return 2 + 2 * Math.log2(units);
}
