import { NO_SUMS, type Sums } from "../../domain/index.js";

/** Number, mean and sum of squared deviations of measurements, in their own unit. */
export interface Moments {
  readonly count: number;
  /** 0 of no measurement. */
  readonly mean: number;
  readonly squares: number;
}

/** Sums that are being added up, each value rounded to a whole number of `unit`. */
export class OpenSums implements Sums {
  count = 0;
  total = 0;
  squares = 0;

  constructor(readonly unit: number) {}

  add(value: number): void {
    const rounded = Math.round(value / this.unit);
    this.count++;
    this.total += rounded;
    this.squares += rounded * rounded;
  }

  close(): Sums {
    const { count, total, squares } = this;
    return { count, total, squares };
  }
}

/** Sums of values, each rounded to a whole number of `unit`. O(n). */
export function sumsOf(values: readonly number[], unit: number): Sums {
  const sums = new OpenSums(unit);
  for (const value of values) sums.add(value);
  return sums.close();
}

export function addSums(a: Sums, b: Sums): Sums {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  return { count: a.count + b.count, total: a.total + b.total, squares: a.squares + b.squares };
}

/** What the sums say of the values themselves, `unit` the one they were rounded to. */
export function momentsOf({ count, total, squares }: Sums, unit: number): Moments {
  if (count === 0) return { count: 0, mean: 0, squares: 0 };
  const mean = total / count;
  return { count, mean: mean * unit, squares: Math.max(0, squares - mean * total) * unit * unit };
}

/** The sums nearest to moments. */
export function sumsFromMoments({ count, mean, squares }: Moments, unit: number): Sums {
  if (count === 0) return NO_SUMS;
  const total = Math.round((count * mean) / unit);
  // Never below total² / count, or the spread would be negative.
  const least = Math.ceil((total * total) / count);
  return { count, total, squares: Math.max(least, Math.round((squares + count * mean * mean) / (unit * unit))) };
}

/** Moments of two samples together (Chan, Golub, LeVeque, The American Statistician 37, 1983). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const distance = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (distance * b.count) / count,
    squares: a.squares + b.squares + (distance * distance * a.count * b.count) / count,
  };
}
