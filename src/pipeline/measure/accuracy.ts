/** How near what happened came to what was planned: each in [0, 1], 1 = exactly as planned. */

/** Smallest plan a change of confidence is measured against, so that a tiny plan does not blow up the ratio. */
export const CONFIDENCE_SCALE_MIN = 0.01;

/** 1 − |planned − actual| of two rates in [0, 1]; symmetric. */
export function successAccuracy(planned: number, actual: number): number {
  return clamp(1 - Math.abs(planned - actual), 0, 1);
}

/** min(r, 1/r) with r = actual / planned, both ≥ 0; 0 where one of them is 0; symmetric. */
export function ratioAccuracy(planned: number, actual: number): number {
  if (planned <= 0 || actual <= 0) return 0;
  return Math.min(planned / actual, actual / planned);
}

/** clamp(1 − |actual − planned| / max(|planned|, .01), 0, 1). */
export function confidenceAccuracy(planned: number, actual: number): number {
  return clamp(1 - Math.abs(actual - planned) / Math.max(Math.abs(planned), CONFIDENCE_SCALE_MIN), 0, 1);
}

/** Mean of the values that are there, null of none. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
