import { NO_MOMENTS, type Moments } from "../domain/evidence.js";

/** Moments of values, summed in ascending order so that theirs is no matter. O(n log n). */
export function momentsOf(values: readonly number[]): Moments {
  const count = values.length;
  if (count === 0) return NO_MOMENTS;
  const sorted = Float64Array.from(values).sort();
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count;
  return { count, mean, squares: sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) };
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
