import { stat } from "node:fs/promises";
import type { z } from "zod";
import { InputError } from "../../domain/index.js";
import { check } from "../../domain/schemas/index.js";
import { asInputError, decodeUtf8, isPresent, parseJson, readChunks, readFileBytes } from "../../planner/index.js";
import { decodeLine, readLines, type Line } from "./jsonl.js";
import { contentOf, type ContentFacts, recognise } from "./known-content.js";
import type { PhaseLedger } from "./phase-report.js";

type Shaped<T> = z.ZodType<T> & { readonly shape: object };

/** What a malformed line does: stop the run, or be skipped, counted and named. */
export type LinePolicy = "refuse" | "skip";

/**
 * Rows of a JSONL file, each checked and handed on with its place `file:line`.
 *
 * @param onRow may throw an InputError: the line then counts as malformed
 * @returns whether the file was there; under `refuse` a missing or empty file is an error
 * @throws InputError by policy, and whatever the policy where a line has more than 16 MiB
 */
export async function readRows<T extends object>(
  file: string,
  schema: Shaped<T>,
  policy: LinePolicy,
  ledger: PhaseLedger,
  onRow: (row: T, place: string) => void,
): Promise<boolean> {
  if (policy === "skip" && !(await isPresent(file))) {
    ledger.addAbsent(file);
    return false;
  }
  const { facts, ...counts } = await scanRows(file, schema, policy, ledger, onRow);
  if (policy === "refuse" && counts.rows === 0) throw new InputError(file, "is empty; it needs at least one row");
  ledger.addFile(file, counts, facts);
  return true;
}

/** Rows of a history file as they were converted: those that are new, and those learned earlier. */
export interface HistoryRows<O> {
  readonly fresh: readonly O[];
  readonly known: readonly O[];
}

/**
 * Rows of an optional history file; both lists are empty where it is absent. A file learned earlier has known rows alone,
 * one that grew since has the rows behind them as fresh ones. A malformed line is skipped and reported.
 *
 * @param convert null leaves the row out; an InputError makes the line a malformed one
 * @throws InputError where a line has more than 16 MiB
 */
export async function readHistory<T extends object, O>(
  file: string,
  schema: Shaped<T>,
  ledger: PhaseLedger,
  convert: (row: T, place: string) => O | null,
): Promise<HistoryRows<O>> {
  if (!(await isPresent(file))) {
    ledger.addAbsent(file);
    return { fresh: [], known: [] };
  }
  if (ledger.skipsKnown && (await skipKnown(file, ledger))) return { fresh: [], known: [] };
  return scanHistory(file, schema, ledger, convert, "skip");
}

/** Notes a file that was learned whole, without reading its rows; false where it is another one. */
async function skipKnown(file: string, ledger: PhaseLedger): Promise<boolean> {
  try {
    const facts = await recognise((await stat(file)).size, () => readChunks(file), ledger.known);
    if (facts === null || facts.known === null) return false;
    ledger.addFile(file, { rows: facts.known.rows, skipped: 0 }, facts, true);
    return true;
  } catch (error) {
    throw asInputError(error, file);
  }
}

/**
 * Rows of outcomes that are the main input: every line must hold.
 *
 * @param source where the bytes come from; default the file of that name
 * @throws InputError `file:line` for the first malformed line; where the file cannot be read
 */
export async function readOutcomeRows<T extends object, O>(
  file: string,
  schema: Shaped<T>,
  ledger: PhaseLedger,
  convert: (row: T, place: string) => O | null,
  source?: AsyncIterable<Uint8Array>,
): Promise<HistoryRows<O>> {
  return scanHistory(file, schema, ledger, convert, "refuse", source);
}

async function scanHistory<T extends object, O>(
  file: string,
  schema: Shaped<T>,
  ledger: PhaseLedger,
  convert: (row: T, place: string) => O | null,
  policy: LinePolicy,
  source?: AsyncIterable<Uint8Array>,
): Promise<HistoryRows<O>> {
  const converted: O[] = [];
  const rowOf: number[] = [];
  const { facts, ...counts } = await scanRows(
    file,
    schema,
    policy,
    ledger,
    (document, place, row) => {
      const outcome = convert(document, place);
      if (outcome === null) return;
      converted.push(outcome);
      rowOf.push(row);
    },
    source,
  );
  ledger.addFile(file, counts, facts, true);
  const knownRows = facts.known?.rows ?? 0;
  const firstFresh = rowOf.findIndex((row) => row >= knownRows);
  const numKnown = firstFresh === -1 ? converted.length : firstFresh;
  return { fresh: converted.slice(numKnown), known: converted.slice(0, numKnown) };
}

/** @param onRow gets each row with its place and its number among the rows that hold, from 0 */
async function scanRows<T extends object>(
  file: string,
  schema: Shaped<T>,
  policy: LinePolicy,
  ledger: PhaseLedger,
  onRow: (row: T, place: string, index: number) => void,
  source?: AsyncIterable<Uint8Array>,
): Promise<{ facts: ContentFacts; rows: number; skipped: number }> {
  let rows = 0;
  let skipped = 0;
  const onLine = (line: Line, place: string): void => {
    if (policy === "skip") ledger.addHistoryLine();
    try {
      const row = parseRow(line, schema, place);
      onRow(row, place, rows);
      ledger.countUnknown(file, row, schema.shape);
      rows++;
    } catch (error) {
      if (policy === "refuse" || !(error instanceof InputError)) throw error;
      ledger.addSkipped(error);
      skipped++;
    }
  };
  const facts = await readLines(file, onLine, ledger.known, source);
  return { facts, rows, skipped };
}

function parseRow<T>(line: Line, schema: Shaped<T>, place: string): T {
  return check(schema, parseJson(decodeLine(line, place), place, "line"), place);
}

/**
 * A JSON file, checked; where its schema is an object's, unknown fields are counted.
 *
 * @returns null where an optional file is not there
 * @throws InputError where it cannot be read, does not parse or breaks its schema
 */
export async function readDocument<T>(
  file: string,
  schema: z.ZodType<T>,
  need: "required" | "optional",
  ledger: PhaseLedger,
): Promise<T | null> {
  return (await scanDocument(file, schema, need, ledger, false))?.document ?? null;
}

/** An optional JSON file whose figures count once: null where it is absent, and whether it was learned earlier. */
export async function readHistoryDocument<T>(
  file: string,
  schema: z.ZodType<T>,
  ledger: PhaseLedger,
): Promise<{ readonly document: T; readonly isKnown: boolean } | null> {
  return scanDocument(file, schema, "optional", ledger, true);
}

async function scanDocument<T>(
  file: string,
  schema: z.ZodType<T>,
  need: "required" | "optional",
  ledger: PhaseLedger,
  isHistory: boolean,
): Promise<{ document: T; isKnown: boolean } | null> {
  if (need === "optional" && !(await isPresent(file))) {
    ledger.addAbsent(file);
    return null;
  }
  const bytes = await readFileBytes(file);
  const document = check(schema, parseJson(decodeUtf8(bytes, file), file), file);
  if ("shape" in schema) ledger.countUnknown(file, document as object, schema.shape as object);
  const found = contentOf(bytes, ledger.known);
  // A document does not grow: what only begins like a known one is another one.
  const isKnown = found.known?.bytes === bytes.length;
  ledger.addFile(file, { rows: 1, skipped: 0 }, isKnown ? found : { ...found, known: null }, isHistory);
  return { document, isKnown };
}
