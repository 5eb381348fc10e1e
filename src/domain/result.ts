import type { OptionsReport } from "./options/solve-options.js";
import type { GateApproval } from "./gate.js";
import type { StrategyName } from "./problem.js";

/** Why the search stopped being a search: the first of the three facts of an outcome. */
export type Termination = "optimal" | "feasible" | "infeasible" | "no_solution" | "error";
/** The limit that ended the search, null where none did. */
export type Limit = "time" | "work" | "gap" | "abort";

/** The result document of `solve`, with the names it has on disk. Absent numbers are null, never 0 or a sentinel. `schemas/result.ts` says what each field means. */
export interface SolveResult {
  readonly schema_version: 1;
  readonly strategy: StrategyName;
  readonly termination: Termination;
  readonly limit: Limit | null;
  readonly reproducible: boolean;
  readonly objective: ObjectiveReport;
  readonly agent_assignments: Readonly<Record<string, readonly string[]>>;
  readonly schedule: readonly ScheduledEntry[];
  readonly deferred_tasks: readonly DeferredTask[];
  readonly task_priorities: Readonly<Record<string, number>>;
  readonly limits: LimitsReport;
  readonly gate: readonly GateReport[];
  readonly expected: ExpectedReport;
  readonly expected_success_rate: number | null;
  readonly expected_throughput: number | null;
  readonly expected_confidence_delta: number | null;
  readonly confidence: number;
  readonly forecast: ForecastReport | null;
  readonly certificate: Certificate | null;
  readonly conflict: Conflict | null;
  readonly exploration: ExplorationReport | null;
  /** Only where a plan to stay near was given. */
  readonly stay?: StayReport | undefined;
  /** Changes of the document that `solve` was asked for, as its flags; absent: none. */
  readonly what_if?: readonly string[] | undefined;
  readonly options: OptionsReport;
  /** Field of the task rows that stood for the type, `none` where none did; absent: the problem was a document. */
  readonly type_from?: string | undefined;
  readonly problem_sha256: string;
  readonly solver: SolverReport;
  readonly attempts: readonly Attempt[];
  readonly wall_ms: number | null;
  readonly seed: number;
  readonly timestamp: string;
  readonly error: string | null;
}

/** What a bound rests on. */
export const BOUND_SOURCES = ["certificate", "search", "relaxation"] as const;
export type BoundBy = (typeof BOUND_SOURCES)[number];

export interface ObjectiveReport {
  readonly name: string;
  readonly sense: "min" | "max";
  readonly value: number | null;
  readonly bound: number | null;
  readonly bound_by: BoundBy | null;
  readonly gap: number | null;
  readonly secondary: { readonly name: string; readonly value: number; readonly proven: boolean } | null;
  readonly terms?: readonly MixTerm[];
}

export interface MixTerm {
  readonly name: string;
  readonly weight: number;
  readonly ideal: number;
  readonly nadir: number;
  readonly value: number | null;
}

export interface ScheduledEntry {
  readonly task_id: string;
  readonly agent_id: string;
  readonly slot: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly end_interval_ms: readonly [number, number];
  readonly success_probability: number;
  readonly retries: number;
  readonly confidence_delta: number;
}

export interface DeferredTask {
  readonly task_id: string;
  readonly reason: string;
}

/** The gate's word on one task. */
export interface GateReport {
  readonly task_id: string;
  readonly approval: GateApproval;
  readonly live_approval: GateApproval;
  readonly reason: string;
}

export interface LimitsReport {
  readonly factor: number | null;
  readonly reference_makespan_ms: number | null;
  readonly per_agent_ms: Readonly<Record<string, number | null>>;
  readonly costs: LimitCosts | null;
}

/** The first goal without the load limit, or a bound on it, and how far off the plan is, a fraction. */
interface LimitCosts {
  readonly without: number;
  readonly by: number;
}

export interface ExpectedReport {
  readonly success_rate: number | null;
  readonly throughput_per_s: number | null;
  readonly confidence_delta: number | null;
  readonly makespan_ms: number | null;
  readonly retries: number | null;
  readonly cost: number | null;
  readonly utilization: Readonly<Record<string, number | null>>;
}

/** What chance makes of the plan. */
export interface ForecastReport {
  readonly makespan_ms: SpreadReport;
  readonly success_rate: SpreadReport;
  readonly throughput_per_s: SpreadReport;
  readonly confidence_delta: SpreadReport;
}

export interface SpreadReport {
  readonly mean: number;
  readonly p5: number;
  readonly p95: number;
}

/** What anyone can compute the bound again from. */
export type Certificate = RowCertificate | OrderCertificate;

/** Multipliers on the rows of the program without start times, to put into the Lagrangian function. */
export type RowCertificate = MultiplierCertificate | TimeCertificate;

/** Proof that no schedule ends before a time, from the order of tasks and the time of agents and pools. */
export type OrderCertificate = PathCertificate | FleetIntervalCertificate | RefutedWindowsCertificate;

export interface MultiplierCertificate {
  readonly kind: "lagrangian" | "knapsack";
  readonly multipliers: Readonly<Record<string, number>>;
  readonly bound: number;
}

/** Proof by knapsacks that no plan has a makespan, or a largest load, of at most `at_ms`. */
export interface TimeCertificate {
  readonly kind: "makespan_knapsack" | "max_load_knapsack";
  readonly at_ms: number;
  readonly multipliers: Readonly<Record<string, number>>;
  readonly bound: number;
}

/** Tasks that each wait for the one before: their least busy times add up, from the release or the first agent's arrival on. */
export interface PathCertificate {
  readonly kind: "path";
  readonly tasks: readonly string[];
  /** Empty: a path prices nothing. */
  readonly multipliers: Readonly<Record<string, number>>;
  readonly bound: number;
}

/** Tasks between `head_ms` and the end less `tail_ms`: they need time of agents and pools, at these prices, that is not there sooner. */
export interface FleetIntervalCertificate {
  readonly kind: "fleet_interval";
  readonly tasks: readonly string[];
  readonly head_ms: number;
  readonly tail_ms: number;
  readonly multipliers: Readonly<Record<string, number>>;
  readonly bound: number;
}

/** Proof that no schedule ends by `at_ms`: windows of starts, each refuted by propagation after those before it, until none is left. */
export interface RefutedWindowsCertificate {
  readonly kind: "refuted_windows";
  readonly at_ms: number;
  readonly refuted: readonly RefutedStarts[];
  readonly multipliers: Readonly<Record<string, number>>;
  readonly bound: number;
}

/** Starts of a task on an agent. */
export interface RefutedStarts {
  readonly task_id: string;
  readonly agent_id: string;
  readonly from_ms: number;
  readonly to_ms: number;
}

export interface Conflict {
  readonly tasks: readonly string[];
  readonly agents: readonly string[];
  readonly limits: readonly string[];
  readonly explanation: string;
  readonly verified: boolean;
  readonly minimal: boolean;
}

export interface SolverReport {
  readonly name: string;
  readonly version: string;
}

/** A plan chosen to learn from: the best one for estimates drawn from what is believed, within a cap on its cost. */
export interface ExplorationReport {
  readonly cap: number;
  readonly cost: number;
  readonly scale: number;
  readonly tasks_moved: number;
  readonly base_plan: readonly BasePlace[];
}

/** What staying near a plan came to. */
export interface StayReport {
  /** Of each changed task, a share of the first goal's value. */
  readonly price: number;
  /** Best value of the first goal that was found without looking at the plan before; null where none was. */
  readonly value_without: number | null;
  readonly tasks_moved: number;
  readonly moved: readonly MovedTask[];
}

/** A task that another plan has elsewhere; `to_agent_id` is null where it is deferred. */
export interface MovedTask {
  readonly task_id: string;
  readonly from_agent_id: string;
  readonly to_agent_id: string | null;
}

/** Agent and slot of a task in the base plan, both null where that defers it. */
export interface BasePlace {
  readonly task_id: string;
  readonly agent_id: string | null;
  readonly slot: number | null;
}

/** One stage of the chain: what ran, why, and what came of it. */
export interface Attempt {
  readonly stage: string;
  readonly solver: string;
  readonly termination: Termination;
  readonly limit: Limit | null;
  readonly value: number | null;
  readonly bound: number | null;
  readonly wall_ms: number | null;
  readonly note: string;
}
