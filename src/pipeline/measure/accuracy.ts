/** How near what happened came to what was planned: each in [0, 1], 1 = exactly as planned. */

/** Smallest plan a change of confidence is compared with, so that a tiny plan does not blow up the ratio. */
const CONFIDENCE_SCALE_MIN = 0.01;
const MAX_TRAJECTORY = 2;

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

/** clamp(1 + (actual − planned) / max(|planned|, .01), 0, 2): 1 is as planned, more is better. */
export function confidenceTrajectory(planned: number, actual: number): number {
  const change = (actual - planned) / Math.max(Math.abs(planned), CONFIDENCE_SCALE_MIN);
  return clamp(1 + change, 0, MAX_TRAJECTORY);
}

/** Arithmetic mean of the values that are there, null of none. */
export function meanOf(values: ArrayLike<number | null>): number | null {
  let [sum, count] = [0, 0];
  for (let k = 0; k < values.length; k++) {
    const value = values[k] ?? null;
    if (value === null) continue;
    sum += value;
    count++;
  }
  return count === 0 ? null : sum / count;
}

export function sumOf<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((sum, item) => sum + value(item), 0);
}

export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
