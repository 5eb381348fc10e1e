import { compareIds } from "../../domain/index.js";
import { type EvidenceDocument, NO_EVIDENCE, type SumsRow, type TrialRow } from "../../domain/schemas/index.js";
import { mergeBands } from "./trial-bands.js";

/** Numbers at the head of a row that say what it is of. */
const TRIAL_KEYS = 4;
const SUMS_KEYS = 3;

type Row = readonly (number | null)[];

/**
 * Evidence of both together, rows ascending. Rows of one alone are taken over as they stand. O(rows of one · log rows of the
 * other), and copying; sorting where a list is not ascending.
 */
export function mergeRows(a: EvidenceDocument, b: EvidenceDocument = NO_EVIDENCE): EvidenceDocument {
  const agents = unionOf(a.agents, b.agents);
  const types = unionOf(a.task_types, b.task_types);
  const [ofA, ofB] = [renumber(a, agents, types), renumber(b, agents, types)];
  return {
    agents,
    task_types: types,
    trials: merge(ofA.trials, ofB.trials, TRIAL_KEYS, addTrials),
    log_times: merge(ofA.log_times, ofB.log_times, SUMS_KEYS, addSumsRows),
    gains: merge(ofA.gains, ofB.gains, SUMS_KEYS, addSumsRows),
  };
}

/** Agents whose rows are from before a change of theirs, by what changed. */
export interface ChangedAgents {
  readonly success: ReadonlySet<string>;
  readonly time: ReadonlySet<string>;
}

/**
 * The rows of these agents as from before a change: trials of those whose success changed, times of those whose times did.
 * Rows that were from before an earlier change are dropped: what is two changes old tells nothing. Unchanged where none of
 * the agents has rows. Rows that were ascending still are. O(rows).
 */
export function markBefore(document: EvidenceDocument, changed: ChangedAgents): EvidenceDocument {
  const isChanged = (ids: ReadonlySet<string>): readonly boolean[] =>
    document.agents.map((agentId) => ids.has(agentId));
  const [ofSuccess, ofTime] = [isChanged(changed.success), isChanged(changed.time)];
  if (!ofSuccess.includes(true) && !ofTime.includes(true)) return document;
  return {
    ...document,
    trials: markRows(document.trials, TRIAL_KEYS - 1, ofSuccess),
    log_times: markRows(document.log_times, SUMS_KEYS - 1, ofTime),
  };
}

/** @param at place of the number that says whether a row is from before a change */
function markRows<T extends Row>(rows: readonly T[], at: number, isMarked: readonly boolean[]): T[] {
  const marked: T[] = [];
  for (const row of rows) {
    const [agent] = row;
    if (agent === null || agent === undefined || isMarked[agent] !== true) marked.push(row);
    else if (row[at] !== 1) marked.push(row.with(at, 1) as unknown as T);
  }
  return marked;
}

function addTrials(a: TrialRow, b: TrialRow): TrialRow {
  const [agent, type, risk, before] = a;
  const row: TrialRow = [agent, type, risk, before];
  for (const { count, successes, confidences } of mergeBands(bandsOf(a), bandsOf(b))) {
    row.push(count, successes, confidences);
  }
  return row;
}

/** The bands of a row of trials. */
export function bandsOf(row: TrialRow): { count: number; successes: number; confidences: number }[] {
  const bands: { count: number; successes: number; confidences: number }[] = [];
  const numbers = row as readonly number[];
  for (let k = TRIAL_KEYS; k < row.length; k += 3) {
    bands.push({ count: numbers[k]!, successes: numbers[k + 1]!, confidences: numbers[k + 2]! });
  }
  return bands;
}

function addSumsRows(a: SumsRow, b: SumsRow): SumsRow {
  return [a[0], a[1], a[2], a[3] + b[3], a[4] + b[4], a[5] + b[5]];
}

/** Two ascending lists as one; rows with equal keys are added. Quickest where the second is the shorter. */
function merge<T extends Row>(a: readonly T[], b: readonly T[], numKeys: number, add: (a: T, b: T) => T): T[] {
  const merged: T[] = [];
  let next = 0;
  for (const row of b) {
    const place = firstFrom(a, row, numKeys, next);
    while (next < place) merged.push(a[next++]!);
    const isKnown = next < a.length && compareRows(a[next]!, row, numKeys) === 0;
    merged.push(isKnown ? add(a[next++]!, row) : row);
  }
  while (next < a.length) merged.push(a[next++]!);
  return merged;
}

/** First place from `low` on whose row is not below the given one: in steps that double, then by halves. */
function firstFrom(rows: readonly Row[], row: Row, numKeys: number, low: number): number {
  let step = 1;
  while (low + step <= rows.length && compareRows(rows[low + step - 1]!, row, numKeys) < 0) {
    low += step;
    step *= 2;
  }
  let high = Math.min(rows.length, low + step - 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareRows(rows[middle]!, row, numKeys) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** By the keys in turn; null comes first. */
function compareRows(a: Row, b: Row, numKeys: number): number {
  for (let k = 0; k < numKeys; k++) {
    const [left, right] = [a[k]!, b[k]!];
    if (left === right) continue;
    if (left === null) return -1;
    return right === null ? 1 : left - right;
  }
  return 0;
}

function unionOf(a: readonly string[], b: readonly string[]): string[] {
  if (b.every((name) => a.includes(name))) return [...a];
  return [...new Set([...a, ...b])].sort(compareIds);
}

/** The rows with places in these longer lists, ascending. */
function renumber(
  document: EvidenceDocument,
  agents: readonly string[],
  types: readonly string[],
): {
  readonly trials: readonly TrialRow[];
  readonly log_times: readonly SumsRow[];
  readonly gains: readonly SumsRow[];
} {
  const newAgent = document.agents.map((name) => agents.indexOf(name));
  const newType = document.task_types.map((name) => types.indexOf(name));
  const isSame = [newAgent, newType].every((places) => places.every((place, k) => place === k));
  const place = (places: readonly number[], k: number | null): number | null => (k === null ? null : places[k]!);
  const move = <T extends Row>(rows: readonly T[], numKeys: number): readonly T[] => {
    const moved = isSame
      ? rows
      : rows.map((row) => [place(newAgent, row[0]!), place(newType, row[1]!), ...row.slice(2)] as unknown as T);
    return isAscending(moved, numKeys) ? moved : moved.toSorted((x, y) => compareRows(x, y, numKeys));
  };
  return {
    trials: move(document.trials, TRIAL_KEYS),
    log_times: move(document.log_times, SUMS_KEYS),
    gains: move(document.gains, SUMS_KEYS),
  };
}

function isAscending(rows: readonly Row[], numKeys: number): boolean {
  for (let k = 1; k < rows.length; k++) if (compareRows(rows[k - 1]!, rows[k]!, numKeys) > 0) return false;
  return true;
}
