import { InputError, requireOptions, suggestNearest } from "../../domain/index.js";
import { parseResult, showValue } from "../../domain/schemas/index.js";
import { parseProblem } from "../documents/problem-document.js";
import type { SolveCallOptions } from "../solve/call-options.js";
import { resolveOptions } from "../solve/options.js";
import { contextOf, fillFromPrior } from "../solve/solve.js";
import { explainProblem, type Question } from "./explain-problem.js";
import type { ExplainReport } from "../../domain/schemas/index.js";

/** What is asked, and the time for all answers together. */
export interface ExplainCallOptions extends Question, Pick<SolveCallOptions, "signal" | "now"> {
  /** Default 2,000. */
  readonly timeLimitMs?: number;
}

/** Time for all answers together, milliseconds. */
const EXPLAIN_TIME_MS = 2_000;

const NAMES = ["task", "agent", "timeLimitMs", "signal", "now"];

/**
 * Explains a result of `solve` by solving again: why this agent, what each other agent would cost, which limits bind and what they are
 * worth, why tasks are deferred or nothing is possible, and what would change that.
 *
 * @param document the problem document that the result is of
 * @throws InputError where a document breaks its schema, the result is of another problem, or a name is not in it
 */
export async function explain(
  result: unknown,
  document: unknown,
  options: ExplainCallOptions = {},
): Promise<ExplainReport> {
  requireOptions("options", options);
  const stranger = Object.keys(options).find((name) => !NAMES.includes(name));
  if (stranger !== undefined) {
    throw new InputError("options", `"${stranger}" is not an option; ${suggestNearest(stranger, NAMES)}`);
  }
  const { task, agent, timeLimitMs = EXPLAIN_TIME_MS } = options;
  if (!(timeLimitMs > 0 && Number.isFinite(timeLimitMs))) {
    throw new InputError(
      "options.timeLimitMs",
      `${showValue(timeLimitMs)} is not a number of milliseconds greater than 0`,
    );
  }
  for (const [name, id] of Object.entries({ task, agent }) as [string, unknown][]) {
    if (id !== undefined && typeof id !== "string")
      throw new InputError(`options.${name}`, `${showValue(id)} is not a text; give an id`);
  }
  if (task !== undefined && agent !== undefined) throw new InputError("options", "takes task or agent, not both");
  const stated = parseResult(result, "result");
  const problem = parseProblem(document, "problem");
  const maxRetries = stated.options.max_retries;
  const full = fillFromPrior(problem, resolveOptions(problem.options, { maxRetries }));
  const question = { ...(task !== undefined && { task }), ...(agent !== undefined && { agent }) };
  return explainProblem(full, stated, question, { ...contextOf(options), timeLimitMs });
}
