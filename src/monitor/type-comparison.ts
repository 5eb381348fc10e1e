import type { KindEvidence } from "../domain/evidence.js";

/** Success of an agent before and after, at the types of task that it had on both sides. */
export interface Comparison {
  readonly triesBefore: number;
  readonly triesAfter: number;
  /** Shares of successes, types weighted alike on both sides; their difference is that of Mantel and Haenszel. */
  readonly rateBefore: number;
  readonly rateAfter: number;
}

interface Tally {
  tries: number;
  successes: number;
}

/**
 * Compares within types: each weighs n₀n₁ / (n₀ + n₁), n tries before and after (Cochran, Biometrics 10, 1954). Null where
 * no type is on both sides. O(kinds).
 */
export function compareWithinTypes(before: readonly KindEvidence[], after: readonly KindEvidence[]): Comparison | null {
  const [old, now] = [tallyByType(before), tallyByType(after)];
  let [weight, rateBefore, rateAfter, triesBefore, triesAfter] = [0, 0, 0, 0, 0];
  for (const [type, b] of now) {
    const a = old.get(type);
    if (a === undefined) continue;
    const w = (a.tries * b.tries) / (a.tries + b.tries);
    weight += w;
    rateBefore += (w * a.successes) / a.tries;
    rateAfter += (w * b.successes) / b.tries;
    triesBefore += a.tries;
    triesAfter += b.tries;
  }
  if (weight === 0) return null;
  return { triesBefore, triesAfter, rateBefore: rateBefore / weight, rateAfter: rateAfter / weight };
}

function tallyByType(evidence: readonly KindEvidence[]): Map<string | null, Tally> {
  const byType = new Map<string | null, Tally>();
  for (const { kind, trials } of evidence) {
    for (const { count, successes } of trials) {
      const tally = byType.get(kind.taskType) ?? { tries: 0, successes: 0 };
      tally.tries += count;
      tally.successes += successes;
      byType.set(kind.taskType, tally);
    }
  }
  return byType;
}
