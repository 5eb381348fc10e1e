import { countOf, InputError, toJsonText } from "../../domain/index.js";
import type { ProblemDocument } from "../../domain/schemas/index.js";

/** Beyond this many estimates nobody reads the text, and indentation would double it. */
const MAX_INDENTED_ESTIMATES = 100_000;

/**
 * A full problem as text: indented while it is small, else in one line.
 *
 * @param option whose file it is meant for, such as `--save-problem`
 * @throws InputError where the text would be longer than any string can be: about 1,700,000 estimates
 */
export function problemText(document: ProblemDocument, option: string): string {
  const numEstimates = document.tasks.reduce((sum, { estimates }) => sum + Object.keys(estimates ?? {}).length, 0);
  if (numEstimates <= MAX_INDENTED_ESTIMATES) return toJsonText(document);
  try {
    return `${JSON.stringify(document)}\n`;
  } catch (error) {
    // "Invalid string length".
    if (!(error instanceof RangeError)) throw error;
    const size = `${countOf(document.tasks.length, "task")} and ${countOf(document.agents.length, "agent")}`;
    throw new InputError(
      option,
      `${numEstimates} estimates (${size}) are too many for one document; leave the option out, or split the wave`,
      { cause: error },
    );
  }
}
