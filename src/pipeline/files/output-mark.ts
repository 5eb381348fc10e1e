import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../../domain/index.js";
import { asInputError, isPresent, readJson } from "../../planner/index.js";

/** The file that makes a directory ours. */
export const MARK_FILE = "phase19_summary.json";

/** What a directory is, by its mark. `damaged`: the mark is there and cannot be read. */
export type Mark =
  | { readonly kind: "absent" | "empty" | "foreign" }
  | { readonly kind: "damaged"; readonly error: InputError }
  | { readonly kind: "ours"; readonly document: Readonly<Record<string, unknown>>; readonly isPartial: boolean };

/** @throws InputError where the directory cannot be read */
export async function readMark(directory: string): Promise<Mark> {
  const file = join(directory, MARK_FILE);
  if (!(await isPresent(directory))) return { kind: "absent" };
  if (!(await isPresent(file))) return { kind: (await isEmpty(directory)) ? "empty" : "foreign" };
  try {
    const document = await readJson(file);
    if (typeof document !== "object" || document === null) return { kind: "foreign" };
    const fields = document as Record<string, unknown>;
    if (fields["phase"] !== 19) return { kind: "foreign" };
    return { kind: "ours", document: fields, isPartial: fields["partial"] === true };
  } catch (error) {
    if (error instanceof InputError) return { kind: "damaged", error };
    throw error;
  }
}

async function isEmpty(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).length === 0;
  } catch (error) {
    throw asInputError(error, directory);
  }
}
