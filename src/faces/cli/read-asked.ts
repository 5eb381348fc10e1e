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
  const { json, place } = await readJson(resultFile);
  const result = parseResult(json, place);
  return { result, problem: await readProblemOf({ result, place }, problemFile, whatIf) };
}

/**
 * The problem that a result is of, with the changes that it was solved with.
 *
 * @throws InputError where it cannot be read, or is another one
 */
export async function readProblemOf(
  { result, place }: { readonly result: ResultDocument; readonly place: string },
  problemFile: string,
  whatIf: WhatIf,
): Promise<FullProblem> {
  const planner = await import("../../planner/index.js");
  const given = await planner.readProblem(problemFile, { whatIf });
  const options = planner.resolveOptions(given.options, { maxRetries: result.options.max_retries });
  const problem = planner.fillEstimates(given, EMPTY_HISTORY, NO_HEURISTICS, options);
  const isOther = planner.problemSha256(problem) !== result.problem_sha256;
  const changes = isOther ? planner.missingChanges(result, planner.describeChanges(whatIf)) : null;
  if (changes !== null) throw new InputError(place, `is of another problem: ${changes}`);
  return problem;
}
