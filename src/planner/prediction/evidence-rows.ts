import { compareIds } from "../../domain/index.js";
import { type EvidenceDocument, NO_EVIDENCE, type SumsRow, type TrialRow } from "../../domain/schemas/index.js";
import { mergeBands } from "./trial-bands.js";

/** Numbers at the head of a row that say what it is of. */
const TRIAL_KEYS = 4;
const SUMS_KEYS = 3;

type Row = readonly (number | null)[];

/** Evidence of both together, rows ascending. Rows of one alone are taken over as they stand. O(rows · log rows). */
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
 * the agents has rows. O(rows), and sorting where a row is marked.
 */
export function markBefore(document: EvidenceDocument, changed: ChangedAgents): EvidenceDocument {
  const isChanged = (ids: ReadonlySet<string>): readonly boolean[] =>
    document.agents.map((agentId) => ids.has(agentId));
  const [ofSuccess, ofTime] = [isChanged(changed.success), isChanged(changed.time)];
  if (!ofSuccess.includes(true) && !ofTime.includes(true)) return document;
  const mark = <T extends Row>(rows: readonly T[], at: number, isMarked: readonly boolean[]): T[] =>
    rows.flatMap((row) => {
      if (row[0] === null || isMarked[row[0]!] !== true) return [row];
      return row[at] === 1 ? [] : [row.with(at, 1) as unknown as T];
    });
  return mergeRows({
    ...document,
    trials: mark(document.trials, TRIAL_KEYS - 1, ofSuccess),
    log_times: mark(document.log_times, SUMS_KEYS - 1, ofTime),
  });
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

/** Two ascending lists as one; rows with equal keys are added. */
function merge<T extends Row>(a: readonly T[], b: readonly T[], numKeys: number, add: (a: T, b: T) => T): T[] {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const order = i === a.length ? 1 : j === b.length ? -1 : compareRows(a[i]!, b[j]!, numKeys);
    merged.push(order === 0 ? add(a[i]!, b[j]!) : order < 0 ? a[i]! : b[j]!);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return merged;
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
): Pick<EvidenceDocument, "trials" | "log_times" | "gains"> {
  const newAgent = document.agents.map((name) => agents.indexOf(name));
  const newType = document.task_types.map((name) => types.indexOf(name));
  const isSame = [newAgent, newType].every((places) => places.every((place, k) => place === k));
  const place = (places: readonly number[], k: number | null): number | null => (k === null ? null : places[k]!);
  const move = <T extends Row>(rows: readonly T[], numKeys: number): T[] => {
    const moved = isSame
      ? [...rows]
      : rows.map((row) => [place(newAgent, row[0]!), place(newType, row[1]!), ...row.slice(2)] as unknown as T);
    return moved.sort((x, y) => compareRows(x, y, numKeys));
  };
  return {
    trials: move(document.trials, TRIAL_KEYS),
    log_times: move(document.log_times, SUMS_KEYS),
    gains: move(document.gains, SUMS_KEYS),
  };
}
