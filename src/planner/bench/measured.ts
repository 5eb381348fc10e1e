import type { BenchInstance } from "./bench-instance.js";

/** One run of ours, or of a heuristic, on one instance. */
export interface Run {
  /** Of the random search; null for heuristics, which draw nothing. */
  readonly seed: number | null;
  /** Null where no plan was found, or where the one found did not pass our check. */
  readonly value: number | null;
  readonly bound: number | null;
  readonly isProven: boolean;
  /** From call to result, milliseconds. */
  readonly wallMs: number;
  /** What our check found wrong; null where it found nothing. */
  readonly fault: string | null;
}

export interface NamedRun extends Run {
  readonly name: string;
}

/** One instance, measured: a row of the report. */
export interface InstanceRow {
  readonly suite: BenchInstance["suite"];
  readonly name: string;
  readonly sense: BenchInstance["sense"];
  readonly bestKnown: number | null;
  /** One a seed; empty where nothing of ours takes the instance. */
  readonly runs: readonly Run[];
  /** The run in the middle by value, with the median of the times. */
  readonly ours: Run | null;
  /** Relative distance of ours to the best known value, a fraction; null where either is unknown. */
  readonly gapToBestKnown: number | null;
  /** Relative distance of ours to our own bound, a fraction. */
  readonly ownGap: number | null;
  readonly bestBaseline: NamedRun | null;
  /** Heuristics that keep the limits and are better than ours. */
  readonly betterThanOurs: readonly string[];
}

/** Difference below which two values are equal, relative to max(1, |a|, |b|). */
const VALUE_TOLERANCE = 1e-9;

/** Positive where `a` is worse than `b`, negative where better, 0 where they are equal; no value is worse than any. */
export function compareValues(sense: "min" | "max", a: number | null, b: number | null): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? Infinity : -Infinity;
  const worse = sense === "min" ? a - b : b - a;
  return Math.abs(worse) <= VALUE_TOLERANCE * Math.max(1, Math.abs(a), Math.abs(b)) ? 0 : worse;
}

/** |a − b| / max(|a|, |b|), a fraction; 0 where they are equal, null where either is unknown. */
export function relativeDistance(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return null;
  return a === b ? 0 : Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

/** The run in the middle by value, of two the worse, with the median of the times; null without runs. */
export function medianRun<R extends Run>(sense: "min" | "max", runs: readonly R[]): R | null {
  const byValue = [...runs].sort((a, b) => compareValues(sense, a.value, b.value));
  const middle = byValue[Math.floor(runs.length / 2)];
  if (middle === undefined) return null;
  const times = runs.map(({ wallMs }) => wallMs).sort((a, b) => a - b);
  return { ...middle, wallMs: times[Math.floor(times.length / 2)]! };
}
