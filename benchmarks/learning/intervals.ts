/** A mean with its 95 % interval (Student's t over independent seeds). */
export interface MeanInterval {
  readonly mean: number;
  /** 0 where there is one value only. */
  readonly halfWidth: number;
  readonly least: number;
  readonly count: number;
}

const Z = 1.959964;
const ROUNDING = 1e-9;

/** @param values at least one */
export function meanInterval(values: readonly number[]): MeanInterval {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const halfWidth = count < 2 ? 0 : quantileOfT(count - 1) * Math.sqrt(squares / (count - 1) / count);
  return { mean, halfWidth, least: Math.min(...values), count };
}

/** `within_interval`: the mean is beyond the goal, by no more than its interval. */
export type Verdict = "met" | "within_interval" | "missed";

export function verdictIf(isMet: boolean): Verdict {
  return isMet ? "met" : "missed";
}

/** Whether a mean lies between `least` and `most`. */
export function verdictOn({ mean, halfWidth }: MeanInterval, least: number, most: number): Verdict {
  const beyond = Math.max(least - mean, mean - most);
  if (beyond <= ROUNDING) return "met";
  return beyond <= halfWidth + ROUNDING ? "within_interval" : "missed";
}

/** 97.5 % quantile of Student's t, by its expansion around the normal (Abramowitz, Stegun, 26.7.5). */
export function quantileOfT(freedom: number): number {
  const terms = [
    (Z ** 3 + Z) / 4,
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96,
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384,
    (79 * Z ** 9 + 776 * Z ** 7 + 1482 * Z ** 5 - 1920 * Z ** 3 - 945 * Z) / 92160,
  ];
  return terms.reduce((sum, term, k) => sum + term / freedom ** (k + 1), Z);
}

/** `91.2 ± 0.8` of a fraction, in per cent. */
export function percentOf({ mean, halfWidth }: MeanInterval): string {
  return `${(100 * mean).toFixed(1)} ± ${(100 * halfWidth).toFixed(1)} %`;
}

export function numberOf({ mean, halfWidth }: MeanInterval): string {
  return `${mean.toFixed(2)} ± ${halfWidth.toFixed(2)}`;
}
