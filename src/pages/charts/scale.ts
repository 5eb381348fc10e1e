/** Positions and round numbers on an axis; no document is needed. */

/** At most about `numTicks` round numbers from 0 to `max`. */
export function ticks(max: number, numTicks: number): number[] {
  return ticksBetween(0, max, numTicks);
}

/** Round numbers within [min, max], with steps of 1, 2 or 5 times a power of ten: at least two of them, for one tells no scale. */
export function ticksBetween(min: number, max: number, numTicks: number): number[] {
  if (!(max > min)) return [min];
  const rough = (max - min) / Math.max(1, numTicks);
  const power = 10 ** Math.floor(Math.log10(rough));
  const wide = [1, 2, 5, 10].findIndex((factor) => factor * power >= rough);
  const steps = [10, 5, 2, 1, 0.5, 0.2].slice(wide < 0 ? 0 : 3 - wide).map((factor) => factor * power);
  for (const step of steps) {
    const first = Math.ceil(min / step - 1e-9);
    const last = Math.floor(max / step + 1e-9);
    if (last > first) return Array.from({ length: last - first + 1 }, (_, k) => (first + k) * step);
  }
  return [min, max];
}

/** Maps [from, to] to [start, end]; a range without width to its middle. */
export function linear(from: number, to: number, start: number, end: number): (value: number) => number {
  if (from === to) return () => (start + end) / 2;
  return (value) => start + ((value - from) / (to - from)) * (end - start);
}

/** Position with at most two decimals, so that the page stays small. */
export function px(value: number): number {
  return Math.round(value * 100) / 100;
}
