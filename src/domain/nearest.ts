import { closest, distance } from "fastest-levenshtein";

/** A word this long that others begin with is a part of one of them. */
const MIN_BEGINNING = 3;

/**
 * A cure for a misspelt word: the nearest of the valid ones, by edit distance, those first that begin with it; a different
 * case is near.
 *
 * @returns `did you mean "confidence"?`, a weaker wording where the nearest word is far off, or "" without candidates. O(candidates · length²)
 */
export function suggestNearest(word: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "";
  const lower = word.toLowerCase();
  const sameWord = candidates.find((candidate) => candidate.toLowerCase() === lower);
  const longer = candidates.filter((candidate) => candidate.toLowerCase().startsWith(lower));
  const isBeginning = longer.length > 0 && lower.replace(/^-+/, "").length >= MIN_BEGINNING;
  // `id` is the end of `task_id`: nearer than any other short word.
  const ending = candidates.find((candidate) => candidate.toLowerCase().endsWith(`_${lower}`));
  const among = isBeginning ? longer : candidates;
  const close = closest(word, among);
  // Of ids far from the word, edit distance prefers short ones to those that hold it.
  const holder = isNear(word, close) ? undefined : among.find((candidate) => holds(candidate, lower));
  const nearest = sameWord ?? (isBeginning ? null : ending) ?? holder ?? close;
  if (nearest === ending) return `did you mean "${nearest}"?`;
  return isNear(word, nearest) ? `did you mean "${nearest}"?` : `the nearest valid one is "${nearest}"`;
}

/** Of a short word more than half must be there: two letters of two that differ are another word. */
function isNear(word: string, candidate: string): boolean {
  const most = Math.min(Math.max(2, Math.ceil(word.length / 3)), Math.ceil(word.length / 2));
  const apart = distance(word.toLowerCase(), candidate.toLowerCase());
  return apart <= most && apart < Math.max(word.length, candidate.length);
}

function holds(candidate: string, part: string): boolean {
  return part.length >= MIN_BEGINNING && candidate.toLowerCase().includes(part);
}

/**
 * The valid word that another was probably meant to be, or null: the same in another case, one letter in four apart, or without its
 * unit (`capacity` for `capacity_ms`).
 */
export function findMisspelt(word: string, candidates: readonly string[]): string | null {
  return findAllMeant(word, candidates)[0] ?? null;
}

/** Every valid word that another may have been meant to be, by the rule of `findMisspelt`; only that one where it is the same in another case. */
export function findAllMeant(word: string, candidates: readonly string[]): string[] {
  const lower = word.toLowerCase();
  const isMeant = (candidate: string): boolean =>
    candidate.toLowerCase().startsWith(`${lower}_`) ||
    distance(lower, candidate.toLowerCase()) <= Math.max(1, Math.floor(word.length / 4));
  const sameWord = candidates.find((candidate) => candidate.toLowerCase() === lower);
  return sameWord === undefined ? candidates.filter(isMeant) : [sameWord];
}
