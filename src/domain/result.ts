import type { OptionsReport } from "./options/solve-options.js";
import type { Certificate } from "./certificates.js";
import { InputError } from "./errors.js";
import { CUSTOM_STRATEGY, type StrategyName } from "./problem.js";
import type {
  Attempt,
  Conflict,
  DeferredTask,
  ExpectedReport,
  ExplorationReport,
  ForecastReport,
  GateReport,
  Limit,
  LimitsReport,
  ObjectiveReport,
  ScheduledEntry,
  SolverReport,
  StayReport,
  Termination,
} from "./result-parts.js";

/** What every result document holds, however the solve ended, with the names it has on disk. Absent numbers are null, never 0. */
interface CommonResult {
  /** Version of this format. */
  readonly schema_version: 1;
  /** Strategy of the plan; `custom`: one that the caller defined, whose goal `objective.name` names. */
  readonly strategy: StrategyName | typeof CUSTOM_STRATEGY;
  /** Whether the same input, options and seed give the same bytes again. */
  readonly reproducible: boolean;
  /** Task ids in start order, by agent id; every agent has a key. */
  readonly agent_assignments: Readonly<Record<string, readonly string[]>>;
  /** Every placed task with its times. */
  readonly schedule: readonly ScheduledEntry[];
  /** Tasks that are not placed. */
  readonly deferred_tasks: readonly DeferredTask[];
  /** Rank in the wave by task id, 1 first. */
  readonly task_priorities: Readonly<Record<string, number>>;
  /** Limits of the agents' busy time. */
  readonly limits: LimitsReport;
  /** The gate's word on every task; empty where no gate was asked. */
  readonly gate: readonly GateReport[];
  /** What is expected of the placed tasks, without chance. */
  readonly expected: ExpectedReport;
  /** `expected.success_rate` again, for readers of the first format. */
  readonly expected_success_rate: number | null;
  /** `forecast.throughput_per_s.mean`: completed tasks for each second, with chance. */
  readonly expected_throughput: number | null;
  /** `expected.confidence_delta` again. */
  readonly expected_confidence_delta: number | null;
  /** Expected success rate within [0.1, 0.99]; 0.1 where nothing is placed. */
  readonly confidence: number;
  /** The plan played many times, with chance; null where nothing is placed. */
  readonly forecast: ForecastReport | null;
  /** What anyone can compute a bound again from; null where only a search proves one. */
  readonly certificate: Certificate | null;
  /** What exploring changed in the best plan; null where it was not asked for or there is no plan. */
  readonly exploration: ExplorationReport | null;
  /** What staying near a plan came to. Only where a plan to stay near was given. */
  readonly stay?: StayReport | undefined;
  /** Changes of the document that `solve` was asked for, as its flags; absent: none. */
  readonly what_if?: readonly string[] | undefined;
  /** The options as used. */
  readonly options: OptionsReport;
  /** Number of the wave; absent: nobody said. */
  readonly wave?: number | undefined;
  /** Field of the task rows that stood for the type, `none` where none did; absent: the problem was a document. */
  readonly type_from?: string | undefined;
  /** SHA-256 of the full problem document without options, keys sorted and without white space. */
  readonly problem_sha256: string;
  /** Who decided the plan. */
  readonly solver: SolverReport;
  /** Every stage of the search. */
  readonly attempts: readonly Attempt[];
  /** Time of the whole solve, milliseconds; null under a fixed clock. */
  readonly wall_ms: number | null;
  /** Seed of all that is random. */
  readonly seed: number;
  /** When the result was made, ISO-8601 in UTC. */
  readonly timestamp: string;
}

/** What depends on how a solve ended, as any file may state it: each field may be null. */
export interface ResultDocument extends CommonResult {
  /** Why the search stopped. */
  readonly termination: Termination;
  /** The limit that ended the search; null where none did. */
  readonly limit: Limit | null;
  /** The first goal and how good the plan is in it. */
  readonly objective: ObjectiveReport;
  /** Of `infeasible` only: tasks, agents and limits that cannot hold together. */
  readonly conflict: Conflict | null;
  /** Of `error` only: what went wrong. */
  readonly error: string | null;
}

/** The plan is proven best on the goals up to the first. */
export interface OptimalResult extends CommonResult {
  /** Proven best. */
  readonly termination: "optimal";
  /** No limit ended the search. */
  readonly limit: null;
  /** The first goal and its proven value. */
  readonly objective: PlannedObjective;
  /** There is none. */
  readonly conflict: null;
  /** Nothing went wrong. */
  readonly error: null;
}

/** There is a plan, and `objective.gap` says how far from the best it may be. */
export interface FeasibleResult extends CommonResult {
  /** A plan, not proven best. */
  readonly termination: "feasible";
  /** The limit that ended the search; null where the search had nothing left to try. */
  readonly limit: Limit | null;
  /** The first goal and how good the plan is in it. */
  readonly objective: PlannedObjective;
  /** There is none. */
  readonly conflict: null;
  /** Nothing went wrong. */
  readonly error: null;
}

/** Proven: no plan keeps every limit. */
export interface InfeasibleResult extends CommonResult {
  /** Proven that there is no plan. */
  readonly termination: "infeasible";
  /** No limit ended the search. */
  readonly limit: null;
  /** The first goal, without a value. */
  readonly objective: UnplannedObjective;
  /** Tasks, agents and limits that cannot hold together. */
  readonly conflict: Conflict;
  /** Nothing went wrong. */
  readonly error: null;
}

/** No plan was found within the limit. */
export interface NoSolutionResult extends CommonResult {
  /** No plan was found. */
  readonly termination: "no_solution";
  /** The limit that ended the search; null where the search had nothing left to try. */
  readonly limit: Limit | null;
  /** The first goal, without a value. */
  readonly objective: UnplannedObjective;
  /** There is none. */
  readonly conflict: null;
  /** Nothing went wrong. */
  readonly error: null;
}

/** Every stage failed; `attempts` says how. */
export interface ErrorResult extends CommonResult {
  /** Every stage failed. */
  readonly termination: "error";
  /** No limit ended the search. */
  readonly limit: null;
  /** The first goal, without a value. */
  readonly objective: UnplannedObjective;
  /** There is none. */
  readonly conflict: null;
  /** What went wrong. */
  readonly error: string;
}

/** What `solve` returns. Ask `termination` first: what is there depends on it. */
export type SolveResult = OptimalResult | FeasibleResult | InfeasibleResult | NoSolutionResult | ErrorResult;

/** The objective of a result with a plan. */
export interface PlannedObjective extends ObjectiveReport {
  /** Value of the plan. */
  readonly value: number;
}

/** The objective of a result without a plan. */
export interface UnplannedObjective extends ObjectiveReport {
  /** There is no plan. */
  readonly value: null;
  /** There is no plan. */
  readonly gap: null;
  /** There is no plan. */
  readonly secondary: null;
}

/**
 * The named strategy of a result.
 *
 * @param what cannot be done with a result of another, such as "evaluated"
 * @throws InputError where its caller defined it
 */
export function requireNamed(
  { strategy, objective }: Pick<ResultDocument, "strategy" | "objective">,
  what: string,
): StrategyName {
  if (strategy !== CUSTOM_STRATEGY) return strategy;
  throw new InputError("result", `has the goal "${objective.name}", which its caller defined, so it cannot be ${what}`);
}

/** Whether what a document states goes with its termination, so that it may be read as what `solve` returns. */
export function isSolveResult(document: ResultDocument): document is SolveResult {
  const { termination, limit, conflict, error } = document;
  const { value, gap, secondary } = document.objective;
  const isPlanned = termination === "optimal" || termination === "feasible";
  const mayBeLimited = termination === "feasible" || termination === "no_solution";
  return (
    (isPlanned ? value !== null : value === null && gap === null && secondary === null) &&
    (mayBeLimited || limit === null) &&
    (conflict !== null) === (termination === "infeasible") &&
    (error !== null) === (termination === "error")
  );
}
