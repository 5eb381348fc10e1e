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
