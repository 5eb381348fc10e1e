import { buffer } from "node:stream/consumers";
import { describeReadError, InputError } from "../../domain/index.js";

export interface JsonInput {
  readonly json: unknown;
  /** How errors name the input. */
  readonly place: string;
}

/**
 * Reads a JSON document from a file, or from standard input for `-`.
 *
 * @throws InputError where it cannot be read or is not JSON
 */
export async function readJson(pathOrDash: string): Promise<JsonInput> {
  const place = pathOrDash === "-" ? "standard input" : pathOrDash;
  const { parseJson } = await import("../../planner/index.js");
  return { json: parseJson(await readContent(pathOrDash, place), place), place };
}

/** The text of a file, or of standard input for `-`. @throws InputError where it cannot be read, or is not UTF-8 */
export async function readContent(pathOrDash: string, place: string): Promise<string> {
  const { decodeUtf8, readWhole } = await import("../../planner/index.js");
  try {
    const bytes = pathOrDash === "-" ? await buffer(process.stdin) : await readWhole(pathOrDash);
    return decodeUtf8(bytes, place);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(place, `cannot be read: ${describeReadError(error)}`, { cause: error });
  }
}
