import type { KindEvidence } from "../../domain/index.js";

/** Success of an agent before and after, at the types of task that it had on both sides. */
export interface Comparison {
  readonly triesBefore: number;
  readonly triesAfter: number;
  /** Shares of successes, types weighted alike on both sides; their difference is that of Mantel and Haenszel. */
  readonly rateBefore: number;
  readonly rateAfter: number;
  /** Standard error of that difference if nothing changed. */
  readonly lossError: number;
}

interface Tally {
  readonly tries: number;
  readonly successes: number;
}

/** By type of task; null for tasks without one. */
export type Tallies = ReadonlyMap<string | null, Tally>;

/**
 * Compares within types: each weighs n₀n₁ / (n₀ + n₁), n tries before and after (Cochran, Biometrics 10, 1954). Null where
 * no type is on both sides. O(types).
 */
export function compareWithinTypes(before: Tallies, after: Tallies): Comparison | null {
  let [weight, rateBefore, rateAfter, triesBefore, triesAfter, variance] = [0, 0, 0, 0, 0, 0];
  for (const [type, b] of after) {
    const a = before.get(type);
    if (a === undefined) continue;
    const w = (a.tries * b.tries) / (a.tries + b.tries);
    const rate = (a.successes + b.successes) / (a.tries + b.tries);
    weight += w;
    rateBefore += (w * a.successes) / a.tries;
    rateAfter += (w * b.successes) / b.tries;
    variance += w * rate * (1 - rate);
    triesBefore += a.tries;
    triesAfter += b.tries;
  }
  if (weight === 0) return null;
  return {
    ...{ triesBefore, triesAfter, rateBefore: rateBefore / weight, rateAfter: rateAfter / weight },
    lossError: Math.sqrt(variance) / weight,
  };
}

export function tallyByType(evidence: readonly KindEvidence[]): Tallies {
  return evidence.reduce<Tallies>((sum, { kind, trials }) => {
    const tries = trials.reduce((total, { count }) => total + count, 0);
    const successes = trials.reduce((total, band) => total + band.successes, 0);
    return addTallies(sum, new Map([[kind.taskType, { tries, successes }]]));
  }, new Map());
}

/** Both together. O(types) */
export function addTallies(a: Tallies, b: Tallies): Tallies {
  const sum = new Map(a);
  for (const [type, { tries, successes }] of b) {
    const known = sum.get(type);
    sum.set(type, { tries: tries + (known?.tries ?? 0), successes: successes + (known?.successes ?? 0) });
  }
  return sum;
}
