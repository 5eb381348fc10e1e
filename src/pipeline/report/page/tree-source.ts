import { join } from "node:path";
import { type z } from "zod";
import { InputError } from "../../../domain/index.js";
import { check } from "../../../domain/schemas/index.js";
import { asInputError, decodeUtf8 } from "../../../planner/index.js";
import type { FileFunctions } from "../../files/file-functions.js";

/** Files of a tree, by their path in it. */
export interface TreeSource {
  /** How messages name the file. */
  readonly placeOf: (relativePath: string) => string;
  /** The file's text; null where there is none. @throws InputError where it cannot be read */
  readonly read: (relativePath: string) => Promise<string | null>;
}

export function folderSource(folder: string, files: FileFunctions): TreeSource {
  const placeOf = (relativePath: string): string => join(folder, relativePath);
  return {
    placeOf,
    read: async (relativePath) => {
      const place = placeOf(relativePath);
      try {
        if ((await files.kindOf(place)) === "absent") return null;
        return decodeUtf8(await files.read(place), place);
      } catch (error) {
        throw asInputError(error, place);
      }
    },
  };
}

/** A JSON document of the tree, checked. @throws InputError where it is missing, no JSON or of another shape */
export async function readDocument<T>(source: TreeSource, path: string, schema: z.ZodType<T>): Promise<T> {
  const place = source.placeOf(path);
  const text = await source.read(path);
  if (text === null)
    throw new InputError(place, "is missing: the tree is not whole; run again, or name another folder");
  return check<T>(schema, parseJson(text, place), place);
}

/** The rows of a JSONL file of the tree, checked; none where there is no file. @throws InputError naming file and line */
export async function readRows<T>(source: TreeSource, path: string, schema: z.ZodType<T>): Promise<T[]> {
  const text = (await source.read(path)) ?? "";
  return text.split("\n").flatMap((line, k) => {
    if (line.trim() === "") return [];
    const place = `${source.placeOf(path)}:${k + 1}`;
    return [check<T>(schema, parseJson(line, place), place)];
  });
}

/** The value of a JSON text. @throws InputError naming `place` where it is none */
export function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError(place, `is not JSON: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}
