/** What replications say of one quantity. */
export interface SpreadSummary {
  readonly mean: number;
  /** 5th and 95th percentile. */
  readonly interval: readonly [number, number];
}

/** Mean and 5–95 % interval, null of nothing. Sorts the values in place. O(n log n). */
export function summarize(values: Float64Array): SpreadSummary | null {
  if (values.length === 0) return null;
  values.sort();
  let total = 0;
  for (const value of values) total += value;
  return { mean: total / values.length, interval: [quantile(values, 0.05), quantile(values, 0.95)] };
}

/** Quantile of ascending values, interpolated between the neighbours (type 7 of Hyndman and Fan, 1996). */
export function quantile(sorted: Float64Array, share: number): number {
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(sorted.length - 1, below + 1);
  return sorted[below]! + (position - below) * (sorted[above]! - sorted[below]!);
}
