import type { PlanContext } from "./plan-context.js";
import { type InstanceArrays, runAtOnce } from "../../../models/index.js";
import {
  type ArraysResult,
  EMPTY_HISTORY,
  type FullProblem,
  InputError,
  listenTo,
  requireOptions,
  NO_HEURISTICS,
  type Problem,
  type SolveOptions,
  type SolveResult,
} from "../../domain/index.js";
import { parseProblem } from "../documents/problem-document.js";
import { parseResult } from "../../domain/schemas/index.js";
import { breathe, runInSlices } from "../../engine/index.js";
import { type PredictedProblem, predictionSteps } from "../prediction/fill-estimates.js";
import { isInstanceArrays } from "../instance/check-arrays.js";
import type { VerifyReport } from "../verify/report.js";
import { verifyResult } from "../verify/verify-result.js";
import { type ArraysCallOptions, solveArrays } from "./solve-arrays.js";
import { readCallOptions, readCustom, readStay, type SolveCallOptions } from "./call-options.js";
import { resolveOptions } from "./options.js";
import { solveProblem } from "./solve-problem.js";

/**
 * Plans one wave from a problem document. What the document does not estimate is predicted from the prior. Never blocks the
 * event loop for long; limits, aborts and infeasibility are results.
 *
 * @param document a problem document, as parsed JSON; or `InstanceArrays`, for what is too large for one
 * @throws InputError where the document, an array or an option breaks a rule
 */
export function solve(arrays: InstanceArrays, options?: ArraysCallOptions): Promise<ArraysResult>;
export function solve(document: unknown, options?: SolveCallOptions): Promise<SolveResult>;
export async function solve(document: unknown, options: SolveCallOptions = {}): Promise<SolveResult | ArraysResult> {
  return whileHeard(contextOf(options), (context) => solveAny(document, options, context));
}

async function solveAny(
  document: unknown,
  options: SolveCallOptions,
  context: PlanContext,
): Promise<SolveResult | ArraysResult> {
  if (isInstanceArrays(document)) return solveArrays(document, options, context);
  const startMs = context.clock();
  const call = readCallOptions(options);
  const stay = readStay(options);
  const custom = readCustom(options);
  const problem = parseProblem(document, "problem");
  const resolved = resolveOptions(problem.options, call);
  await breathe();
  const { full, sample } = await runInSlices(priorSteps(problem, resolved));
  await breathe();
  return solveProblem(full, resolved, {
    ...context,
    startMs,
    sample,
    ...(stay && { stay }),
    ...(custom && { custom }),
  });
}

/**
 * Recomputes everything a result states from the problem document, trusting nothing in the result.
 *
 * @param options what the call of `solve` overrode; a result that states other options than document and call is invalid
 * @throws InputError where either document breaks its schema, or the problem was filled from history and is not the saved one
 */
export function verify(result: unknown, document: unknown, options: SolveCallOptions = {}): VerifyReport {
  const stated = parseResult(result, "result");
  const problem = parseProblem(document, "problem");
  const asked = resolveOptions(problem.options, readCallOptions(options));
  return verifyResult(
    stated,
    fillFromPrior(problem, asked),
    asked,
    readStay(options) ?? null,
    readCustom(options) ?? null,
  );
}

/**
 * A problem with every estimate: its own where given, the prior's elsewhere.
 *
 * @throws InputError where its estimates came from history and some are missing: the prior cannot rebuild those
 */
export function fillFromPrior(problem: Problem, options: Pick<SolveOptions, "maxRetries">): FullProblem {
  return runAtOnce(priorSteps(problem, options)).full;
}

function priorSteps(problem: Problem, options: Pick<SolveOptions, "maxRetries">): Generator<void, PredictedProblem> {
  if (problem.usesHistory) {
    for (const task of problem.tasks) {
      const missing = problem.agents.find(({ agentId }) => !isComplete(task.estimates[agentId]));
      if (missing === undefined) continue;
      throw new InputError(
        `problem: task "${task.taskId}"`,
        `has no complete estimate for ${missing.agentId}, and uses_history is true; give the document that --save-problem wrote`,
      );
    }
  }
  return predictionSteps(problem, EMPTY_HISTORY, NO_HEURISTICS, options);
}

function isComplete(estimate: Problem["tasks"][number]["estimates"][string] | undefined): boolean {
  if (estimate === undefined) return false;
  const { successProbability, durationMs, retries, confidenceDelta, cost } = estimate;
  return [successProbability, durationMs, retries, confidenceDelta, cost].every((value) => value !== undefined);
}

/** Does the work of a library call with an ear for the promises of its listener. @throws what one of them is rejected with */
export function whileHeard<T>(context: PlanContext, work: (context: PlanContext) => Promise<T>): Promise<T> {
  if (context.onProgress === undefined) return work(context);
  const ears = listenTo("onProgress", context.onProgress);
  return ears.during(() => work({ ...context, onProgress: ears.hear }));
}

/** The clocks and ears of a library call. @throws InputError where the options are no object */
export function contextOf(options: SolveCallOptions): PlanContext {
  requireOptions("options", options);
  const { signal, onProgress, now } = options;
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onProgress }),
    now: () => now?.getTime() ?? Date.now(),
    clock: () => performance.now(),
    fixedNow: now !== undefined,
  };
}
