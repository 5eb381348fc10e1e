/** Spread of repeated measurements. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/** Median with the 10th and 90th percentile (nearest rank); at least one value. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
  return { median: at(0.5), low: at(0.1), high: at(0.9), count: sorted.length };
}

export function describeSpread({ median, low, high, count }: Spread): string {
  return `${median.toFixed(1)} ms (10–90 %: ${low.toFixed(1)}–${high.toFixed(1)}, ${count} runs)`;
}

/**
 * Chance of values at least this far from uniform on [0, 1] if they are, by the one-sample Kolmogorov–Smirnov test with
 * the asymptotic series under Stephens' correction (Journal of the Royal Statistical Society B, 1970). O(n log n).
 */
export function uniformityPValue(values: readonly number[]): number {
  const n = values.length;
  const sorted = [...values].sort((a, b) => a - b);
  const distance = Math.max(...sorted.map((value, k) => Math.max((k + 1) / n - value, value - k / n)));
  const lambda = distance * (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n));
  // Below this the series converges too slowly, and the chance is 1 to many digits.
  if (lambda < 0.3) return 1;
  let chance = 0;
  for (let k = 1; k <= 100; k++) chance += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * lambda * lambda);
  return Math.min(1, Math.max(0, chance));
}

/**
 * Where an outcome stands among ascending predicted values, in [0, 1]: uniform if it is one of them. Ties are broken by
 * `uniform` in [0, 1), so that discrete outcomes are uniform too (randomised probability integral transform).
 */
export function randomizedRank(sorted: Float64Array, outcome: number, uniform: number): number {
  let numBelow = 0;
  let numEqual = 0;
  for (const value of sorted) {
    if (value < outcome) numBelow++;
    else if (value === outcome) numEqual++;
  }
  return (numBelow + uniform * (numEqual + 1)) / (sorted.length + 1);
}
