import { createHash } from "node:crypto";
import type { z } from "zod";
import { InputError } from "../domain/errors.js";
import { check } from "../domain/schemas/check.js";
import { parseJson } from "./json.js";
import { decodeLine, readLines, type Line } from "./jsonl.js";
import type { PhaseLedger } from "./phase-report.js";
import { decodeUtf8, isPresent, readFileBytes } from "./read.js";

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
  let rows = 0;
  let skipped = 0;
  const facts = await readLines(file, (line, place) => {
    if (policy === "skip") ledger.addHistoryLine();
    try {
      const row = parseRow(line, schema, place);
      onRow(row, place);
      ledger.countUnknown(file, row, schema.shape);
      rows++;
    } catch (error) {
      if (policy === "refuse" || !(error instanceof InputError)) throw error;
      ledger.addSkipped(error);
      skipped++;
    }
  });
  if (policy === "refuse" && rows === 0) throw new InputError(file, "is empty; it needs at least one row");
  ledger.addFile({ file, rows, skipped, bytes: facts.numBytes, sha256: facts.sha256 });
  return true;
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
  if (need === "optional" && !(await isPresent(file))) {
    ledger.addAbsent(file);
    return null;
  }
  const bytes = await readFileBytes(file);
  const document = check(schema, parseJson(decodeUtf8(bytes, file), file), file);
  if ("shape" in schema) ledger.countUnknown(file, document as object, schema.shape as object);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  ledger.addFile({ file, rows: 1, skipped: 0, bytes: bytes.length, sha256 });
  return document;
}
