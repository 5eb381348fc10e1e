import {
  EMPTY_HISTORY,
  type FullProblem,
  InputError,
  NO_HEURISTICS,
  type ResultDocument,
  type WhatIf,
} from "../../domain/index.js";
import { readJson } from "./read-json.js";

/**
 * A result and the problem it is of, with the changes that it was solved with.
 *
 * @throws InputError where one of them cannot be read, both are standard input, or estimates came from history and are missing
 */
export async function readAsked(
  resultFile: string,
  problemFile: string,
  whatIf: WhatIf,
): Promise<{ readonly result: ResultDocument; readonly problem: FullProblem }> {
  if (problemFile === "-" && resultFile === "-") {
    throw new InputError("--problem", "only one of the two inputs can be - (standard input)");
  }
  const { parseResult } = await import("../../domain/schemas/index.js");
  const planner = await import("../../planner/index.js");
  const { json, place } = await readJson(resultFile);
  const result = parseResult(json, place);
  const given = await planner.readProblem(problemFile, { whatIf });
  const options = planner.resolveOptions(given.options, { maxRetries: result.options.max_retries });
  return { result, problem: planner.fillEstimates(given, EMPTY_HISTORY, NO_HEURISTICS, options) };
}
