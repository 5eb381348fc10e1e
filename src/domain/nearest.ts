import { closest, distance } from "fastest-levenshtein";

/**
 * A cure for a misspelt word: the nearest of the valid ones, by edit distance.
 *
 * @returns `did you mean "confidence"?`, a weaker wording where the nearest word is far off, or "" without candidates. O(candidates · length²)
 */
export function suggestNearest(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "";
  const nearest = closest(word, candidates);
  const isClose = distance(word, nearest) <= Math.max(2, Math.ceil(word.length / 3));
  return isClose ? `did you mean "${nearest}"?` : `the nearest valid one is "${nearest}"`;
}
