import type { LearnedStateDocument } from "../../domain/schemas/index.js";
import { parseLearnedState } from "./learned-state.js";

/**
 * A learned state of any schema version as one of the newest.
 *
 * @param json the document, parsed
 * @param place file name for the messages
 * @throws InputError as `parseLearnedState`
 */
export function migrateLearnedState(json: unknown, place: string): LearnedStateDocument {
  return parseLearnedState(JSON.stringify(json), place);
}
