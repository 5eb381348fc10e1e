import { join } from "node:path";
import { InputError } from "../../domain/index.js";
import { asInputError, decodeUtf8, parseJson } from "../../planner/index.js";
import type { FileFunctions } from "./file-functions.js";

/** The file that makes a directory ours. */
export const MARK_FILE = "phase19_summary.json";

/** What a directory is, by its mark. `damaged`: the mark is there and cannot be read. */
export type Mark =
  | { readonly kind: "absent" | "empty" | "foreign" }
  | { readonly kind: "damaged"; readonly error: InputError }
  | { readonly kind: "ours"; readonly document: Readonly<Record<string, unknown>>; readonly isPartial: boolean };

/** @throws InputError where the directory or its mark cannot be read */
export async function readMark(directory: string, files: FileFunctions): Promise<Mark> {
  const file = join(directory, MARK_FILE);
  const reading = <T>(place: string, read: () => Promise<T>): Promise<T> =>
    read().catch((error: unknown) => Promise.reject(asInputError(error, place) as Error));
  if ((await reading(directory, () => files.kindOf(directory))) === "absent") return { kind: "absent" };
  if ((await reading(file, () => files.kindOf(file))) !== "file") {
    return { kind: (await reading(directory, () => files.list(directory))).length === 0 ? "empty" : "foreign" };
  }
  const bytes = await reading(file, () => files.read(file));
  try {
    const document = parseJson(decodeUtf8(bytes, file), file);
    if (typeof document !== "object" || document === null) return { kind: "foreign" };
    const fields = document as Record<string, unknown>;
    if (fields["phase"] !== 19) return { kind: "foreign" };
    return { kind: "ours", document: fields, isPartial: fields["partial"] === true };
  } catch (error) {
    if (error instanceof InputError) return { kind: "damaged", error };
    throw error;
  }
}
