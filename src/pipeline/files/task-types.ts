import { InputError, suggestNearest } from "../../domain/index.js";
import type { PhaseLedger } from "./phase-report.js";

/** What stands for the type of a task, the first that serves. */
const CANDIDATES = ["task_type", "tool", "category", "title", "description"] as const;
/** Of these the first word counts: the rest of a sentence names the one task. */
const SENTENCES: readonly string[] = ["title", "description"];
/** A field that fewer of the rows have is taken only where no other serves. */
const MIN_SHARE = 0.5;
/** So many rows with as many values, nearly, tell nothing of kinds: the field names single tasks. */
const MIN_TO_JUDGE = 8;
const MAX_DISTINCT_SHARE = 0.9;
const FIRST_WORD = /\p{L}[\p{L}\p{N}_-]*/u;

/** The choice that no field stands for the type. */
export const NO_TYPE = "none";

type Row = Readonly<Record<string, unknown>>;

/** The type that a row gives in this field; null where it gives none. */
export function typeIn(row: Row, field: string): string | null {
  const value = row[field];
  if (typeof value !== "string") return null;
  if (!SENTENCES.includes(field)) return value.trim() === "" ? null : value;
  return FIRST_WORD.exec(value)?.[0].toLowerCase() ?? null;
}

/** The type of an outcome: as its row says in that field, as the task of its id has it, or as the row itself calls it. */
export function typeOfOutcome(row: Row, field: string, joined: string | null): string | null {
  return field === NO_TYPE ? null : (typeIn(row, field) ?? joined ?? typeIn(row, CANDIDATES[0]));
}

interface Usage {
  readonly field: string;
  readonly numGiven: number;
  readonly numDistinct: number;
}

/**
 * The field of the task rows that stands for the type, or `none`; what is odd about it is told.
 *
 * @param asked a field or `none`; default the first that serves of task_type, tool, category, first word of title or description
 * @throws InputError where no row has the field that was asked for. O(rows)
 */
export function chooseTypeField(
  rows: readonly Row[],
  asked: string | undefined,
  ledger: Pick<PhaseLedger, "note" | "warn">,
): string {
  if (asked === NO_TYPE || rows.length === 0) return asked ?? CANDIDATES[0];
  const usages = (asked === undefined ? CANDIDATES : [asked]).map((field) => usageOf(rows, field));
  const present = usages.filter(({ numGiven }) => numGiven > 0);
  if (asked !== undefined && present.length === 0) throw unknownField(rows, asked);
  const useful = present.filter((usage) => {
    if (!isUnique(usage)) return true;
    ledger.warn(
      `${describeField(usage.field)} has ${usage.numDistinct} values in ${usage.numGiven} tasks: it names single tasks and is not used as their type`,
    );
    return false;
  });
  const chosen = useful.find(({ numGiven }) => numGiven >= MIN_SHARE * rows.length) ?? useful[0];
  if (chosen === undefined) {
    ledger.note("no field of the tasks stands for their type: agents are told apart by risk alone");
    return NO_TYPE;
  }
  const { field, numGiven } = chosen;
  if (field !== CANDIDATES[0]) ledger.note(`${describeField(field)} stands for the type of a task`);
  if (numGiven < rows.length) {
    ledger.warn(`${rows.length - numGiven} of ${rows.length} tasks have no ${field}, which stands for their type`);
  }
  return field;
}

function describeField(field: string): string {
  return SENTENCES.includes(field) ? `the first word of ${field}` : field;
}

function usageOf(rows: readonly Row[], field: string): Usage {
  const values = rows.flatMap((row) => typeIn(row, field) ?? []);
  const distinct = new Set(values.map((value) => value.toLowerCase()));
  return { field, numGiven: values.length, numDistinct: distinct.size };
}

function isUnique({ numGiven, numDistinct }: Usage): boolean {
  return namesSingleTasks(numGiven, numDistinct);
}

/** Whether so many values of a field in so many rows name single tasks, and not kinds of task. */
export function namesSingleTasks(numGiven: number, numDistinct: number): boolean {
  return numGiven >= MIN_TO_JUDGE && numDistinct > MAX_DISTINCT_SHARE * numGiven;
}

function unknownField(rows: readonly Row[], asked: string): InputError {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return new InputError("options.typeFrom", `no task has a word in "${asked}"; ${suggestNearest(asked, fields)}`);
}
