import type { InstanceArrays } from "../models/index.js";
import type { ArraysResult, ProblemInput, ResultDocument, SolveResult } from "./domain/index.js";
import * as planner from "./planner/index.js";
import type {
  ArraysCallOptions,
  CompareCallOptions,
  ExplainCallOptions,
  Replanned,
  ReplanOptions,
  SolveCallOptions,
  VerifyReport,
} from "./planner/index.js";
import type { CompareReport, DiffReport, ExplainReport, WaveEvent } from "./domain/schemas/index.js";

/** The functions of the library as callers see them: the planner takes any JSON and checks it; here a wrong key does not compile. */

interface Solve {
  /**
   * Plans one wave of typed arrays, for what is too large for a document.
   *
   * @throws InputError where an array or an option breaks a rule
   */
  (arrays: InstanceArrays, options?: ArraysCallOptions): Promise<ArraysResult>;
  // Last, since a compiler that names one overload names the last: a misspelt key of a document is the usual mistake.
  /**
   * Plans one wave. What the document does not estimate is predicted from the prior. Never blocks the event loop for long;
   * limits, aborts and infeasibility are results, told apart by `termination`.
   *
   * @throws InputError where the document or an option breaks a rule
   */
  (problem: ProblemInput, options?: SolveCallOptions): Promise<SolveResult>;
}

/** Plans one wave. */
export const solve: Solve = planner.solve as Solve;

/**
 * Recomputes everything a result states from the problem document, trusting nothing in the result.
 *
 * @param options what the call of `solve` overrode; a result that states other options than document and call is invalid
 * @throws InputError where either document breaks its schema, or the problem was filled from history and is not the saved one
 */
export const verify: (result: ResultDocument, problem: ProblemInput, options?: SolveCallOptions) => VerifyReport =
  planner.verify;

/**
 * Explains a result of `solve` by solving again: why this agent, what each other agent would cost, which limits bind and what they
 * are worth, why tasks are deferred or nothing is possible, and what would change that.
 *
 * @param problem the document that the result is of
 * @throws InputError where a document breaks its schema, the result is of another problem, or a name is not in it
 */
export const explain: (
  result: ResultDocument,
  problem: ProblemInput,
  options?: ExplainCallOptions,
) => Promise<ExplainReport> = planner.explain;

/**
 * Every strategy, and heuristics where they are asked for, on one wave: each plan measured by every goal, and the trade between two
 * or three goals with a bound at every point.
 *
 * @throws InputError where the document or an option breaks a rule
 */
export const compare: (problem: ProblemInput, options?: CompareCallOptions) => Promise<CompareReport> = planner.compare;

/**
 * Two results side by side: what moved, what it costs and gains, and what both bounds prove of the best values.
 *
 * @throws InputError where one of them is no result
 */
export const diff: (first: ResultDocument, other: ResultDocument) => DiffReport = planner.diff;

/**
 * The plan that changes least given what has happened: what has ended stands, what runs goes on, and the rest is planned again with
 * a price on every changed assignment. Takes 150 ms, in which it looks near the present plan, unless `timeLimitMs` says otherwise: with
 * more time the whole search follows, and the plan that is better at the price of its changes stands.
 *
 * @param plan the present plan, a result of `solve` or `replan`
 * @param problem the document of the plan
 * @param events rows such as `{ at_ms: 1200, event: "agent_down", agent_id: "a" }`
 * @throws InputError where an input breaks a rule or an event cannot have happened
 */
export const replan: (
  plan: ResultDocument,
  problem: ProblemInput,
  events: readonly WaveEvent[],
  options?: ReplanOptions,
) => Promise<Replanned> = planner.replan;
