import { text } from "node:stream/consumers";
import { describeSystemError, InputError } from "../../domain/index.js";

export interface JsonInput {
  readonly json: unknown;
  /** How errors name the input. */
  readonly place: string;
}

/**
 * Reads a JSON document from a file, or from standard input for `-`.
 *
 * @throws InputError where it cannot be read or is no JSON
 */
export async function readJson(pathOrDash: string): Promise<JsonInput> {
  const place = pathOrDash === "-" ? "standard input" : pathOrDash;
  const content = await readContent(pathOrDash, place);
  try {
    return { json: JSON.parse(content), place };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(place, `is not JSON: ${content.trim() === "" ? "it is empty" : reason}`, { cause: error });
  }
}

/** The text of a file, or of standard input for `-`. @throws InputError where it cannot be read */
export async function readContent(pathOrDash: string, place: string): Promise<string> {
  try {
    if (pathOrDash === "-") return await text(process.stdin);
    const { readWhole } = await import("../../planner/index.js");
    return (await readWhole(pathOrDash)).toString("utf8");
  } catch (error) {
    throw new InputError(place, `cannot be read: ${describeSystemError(error)}`, { cause: error });
  }
}
