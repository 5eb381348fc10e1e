import {
  requireNamed,
  type FullProblem,
  InputError,
  NO_HEURISTICS,
  type Problem,
  type SolveOptions,
  type ResultDocument,
  type SolveResult,
  EMPTY_HISTORY,
} from "../../domain/index.js";
import {
  check,
  parseResult,
  type ProblemDocument,
  showValue,
  type TaskDocument,
  waveEventSchema,
  type WaveEvent,
} from "../../domain/schemas/index.js";
import { parseProblem, problemToDocument } from "../documents/problem-document.js";
import { problemSha256 } from "../documents/problem-sha256.js";
import { fillEstimates } from "../prediction/fill-estimates.js";
import { checkStay, readCallOptions, type SolveCallOptions } from "../solve/call-options.js";
import { resolveOptions } from "../solve/options.js";
import type { PlanContext } from "../solve/plan-context.js";
import { contextOf, whileHeard } from "../solve/solve.js";
import { planRest } from "./plan-rest.js";
import { playEvents } from "./wave-state.js";

/** What each changed task costs unless the call says otherwise, a share of the first goal's value. */
export const DEFAULT_STAY = 0.0005;
/** What a plan may take while agents wait for it. */
export const REPLAN_TIME_LIMIT_MS = 150;

export type ReplanOptions = Omit<SolveCallOptions, "plan">;

/** A plan for what is left of a wave. */
export interface Replanned {
  /** Times are those of the wave. */
  readonly result: SolveResult;
  /** What is left, which the result is verified with. */
  readonly problem: ProblemDocument;
}

/**
 * The plan that changes least given what has happened: what has ended stands, what runs goes on, and the rest is planned again with a price
 * on every changed assignment. Takes 150 ms, in which it looks near the present plan, unless `timeLimitMs` says otherwise: with more time the
 * whole search follows, and the plan that is better at the price of its changes stands.
 *
 * @param plan the present plan, a result of `solve` or `replan`
 * @param document the problem of the plan
 * @param events rows such as `{ at_ms: 1200, event: "agent_down", agent_id: "a" }`
 * @throws InputError where an input breaks a rule or an event cannot have happened
 */
export async function replan(
  plan: unknown,
  document: unknown,
  events: readonly unknown[],
  options: ReplanOptions = {},
): Promise<Replanned> {
  const context = contextOf(options);
  const present = parseResult(plan, "plan");
  if (!Array.isArray(events))
    throw new InputError("events", `${showValue(events)} is not a list; give the rows of events`);
  const rows = (events as readonly unknown[]).map((event, k) =>
    check<WaveEvent>(waveEventSchema, event, `events[${k}]`),
  );
  const problem = parseProblem(withAdded(document, rows), "problem");
  const { stay = DEFAULT_STAY, ...others } = options;
  const call = readCallOptions(others);
  checkStay(stay);
  const startMs = context.clock();
  return whileHeard(context, (heard) =>
    replanProblem(present, problem, rows, { call, stay, context: { ...heard, startMs } }),
  );
}

interface ReplanCall {
  readonly call: Partial<SolveOptions>;
  readonly stay: number;
  readonly context: PlanContext;
}

async function replanProblem(
  plan: ResultDocument,
  problem: Problem,
  events: readonly WaveEvent[],
  { call, stay, context }: ReplanCall,
): Promise<Replanned> {
  const options = resolveOptions(
    { ...problem.options, strategy: requireNamed(plan, "planned again") },
    { timeLimitMs: REPLAN_TIME_LIMIT_MS, ...call },
  );
  const full: FullProblem = {
    ...fillEstimates(problem, EMPTY_HISTORY, NO_HEURISTICS, options),
    options: { ...problem.options, budget: options.budget, maxRetries: options.maxRetries },
  };
  requireOwnPlan(plan, problem, full, events);
  const state = playEvents(full, plan, events, "events");
  const {
    rest,
    options: restOptions,
    result,
  } = await planRest(full, state, plan, {
    ...{ options, stay, context, goesOn: options.timeLimitMs > REPLAN_TIME_LIMIT_MS },
  });
  // The short time is that of this call; who solves the rest later has the time the problem gives.
  const { timeLimitMs } = resolveOptions(problem.options, call);
  return { result, problem: problemToDocument(rest, { ...restOptions, timeLimitMs }) };
}

/** @throws InputError where the plan is of another problem: what has happened would be played on the wrong tasks */
function requireOwnPlan(plan: ResultDocument, problem: Problem, full: FullProblem, events: readonly WaveEvent[]): void {
  const added = new Set(events.flatMap((event) => (event.event === "task_added" ? [event.task.task_id] : [])));
  const hashOf = (one: FullProblem): string =>
    problemSha256({ ...one, tasks: one.tasks.filter(({ taskId }) => !added.has(taskId)) });
  // Estimates that the prior fills in depend on the retries that the plan was made with.
  const asPlanned = { maxRetries: plan.options.max_retries };
  if (hashOf(full) === plan.problem_sha256) return;
  if (hashOf(fillEstimates(problem, EMPTY_HISTORY, NO_HEURISTICS, asPlanned)) === plan.problem_sha256) return;
  throw new InputError(
    "plan.problem_sha256",
    `${plan.problem_sha256.slice(0, 12)}… is not the hash of this problem: the plan is of another one; give the document that it was solved from, or that --save-problem wrote beside it`,
  );
}

/** The document with the tasks that came since. Anything else is for the document's own check to refuse. */
function withAdded(document: unknown, events: readonly WaveEvent[]): unknown {
  const added = events.flatMap((event): TaskDocument[] => (event.event === "task_added" ? [event.task] : []));
  if (added.length === 0 || typeof document !== "object" || document === null) return document;
  const { tasks } = document as { readonly tasks?: unknown };
  return Array.isArray(tasks) ? { ...document, tasks: [...(tasks as unknown[]), ...added] } : document;
}
