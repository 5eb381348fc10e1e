import { isSolverLog, RELATIVE_TOLERANCE, SENTENCE_KEYS, TIME_KEYS } from "./rules.js";

/** Stands for a key, row or file that one side does not have. */
export const ABSENT = Symbol("absent");

/** One place where two records disagree, or differ as they may. */
export interface Difference {
  /** Below the record. */
  readonly file: string;
  /** JSON path, `$` for the whole file. */
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** What was found so far. */
export interface Comparison {
  readonly differences: Difference[];
  /** Sentences that are worded otherwise. */
  readonly sentences: Difference[];
  numFiles: number;
  numValues: number;
  numSolverLogs: number;
  numWallTimes: number;
}

export function emptyComparison(): Comparison {
  return { differences: [], sentences: [], numFiles: 0, numValues: 0, numSolverLogs: 0, numWallTimes: 0 };
}

interface Place {
  readonly file: string;
  readonly path: string;
  /** The nearest key above, which a list hands on to its items and a map of sentences to its values. */
  readonly key: string;
}

/** Compares two JSON values and adds what differs to the comparison. O(size). */
export function compareJson(comparison: Comparison, file: string, a: unknown, b: unknown): void {
  compareValues(comparison, { file, path: "$", key: "" }, a, b);
}

function compareValues(comparison: Comparison, place: Place, a: unknown, b: unknown): void {
  if (Array.isArray(a) && Array.isArray(b)) return compareLists(comparison, place, a, b);
  if (isRecord(a) && isRecord(b)) return compareMaps(comparison, place, a, b);
  comparison.numValues++;
  if (areEqual(a, b)) return;
  const { file, path, key } = place;
  const isFree = SENTENCE_KEYS.has(key) && areSentences(a, b);
  (isFree ? comparison.sentences : comparison.differences).push({ file, path, a, b });
}

function compareLists(comparison: Comparison, place: Place, a: readonly unknown[], b: readonly unknown[]): void {
  for (let k = 0; k < Math.max(a.length, b.length); k++) {
    const item = { ...place, path: `${place.path}[${k}]` };
    compareValues(comparison, item, k < a.length ? a[k] : ABSENT, k < b.length ? b[k] : ABSENT);
  }
}

function compareMaps(comparison: Comparison, place: Place, a: JsonMap, b: JsonMap): void {
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const path = `${place.path}${/^\w+$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`}`;
    const [inA, inB] = [Object.hasOwn(a, name) ? a[name] : ABSENT, Object.hasOwn(b, name) ? b[name] : ABSENT];
    if (isSolverLog(name, inA) && isSolverLog(name, inB)) {
      if (JSON.stringify(inA) !== JSON.stringify(inB)) comparison.numSolverLogs++;
    } else if (TIME_KEYS.has(name) && inA !== ABSENT && inB !== ABSENT) {
      if (inA !== inB) comparison.numWallTimes++;
    } else {
      // The values of a map of sentences, such as the reasons by task, are sentences like those of a list.
      const isBelowSentence = SENTENCE_KEYS.has(place.key) && typeof inA === "string";
      compareValues(comparison, { ...place, path, key: isBelowSentence ? place.key : name }, inA, inB);
    }
  }
}

function areEqual(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === "number" && typeof b === "number" && areEqualNumbers(a, b));
}

export function areEqualNumbers(a: number, b: number): boolean {
  return Math.abs(a - b) <= RELATIVE_TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

/** Two texts of which at least one has more than one word. */
function areSentences(a: unknown, b: unknown): boolean {
  return typeof a === "string" && typeof b === "string" && (/\s/.test(a) || /\s/.test(b));
}

type JsonMap = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is JsonMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
