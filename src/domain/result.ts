import type { OptionsReport } from "./options/solve-options.js";
import type { StrategyName } from "./problem.js";

/** Why the search stopped being a search: the first of the three facts of an outcome. */
export type Termination = "optimal" | "feasible" | "infeasible" | "no_solution" | "error";
/** The limit that ended the search, null where none did. */
export type Limit = "time" | "work" | "gap" | "abort";

/** The result document of `solve`, with the names it has on disk. Absent numbers are null, never 0 or a sentinel. */
export interface SolveResult {
  readonly schema_version: 1;
  readonly strategy: StrategyName;
  readonly termination: Termination;
  readonly limit: Limit | null;
  /** True where the same input, options and seed give the same bytes again. */
  readonly reproducible: boolean;
  readonly objective: ObjectiveReport;
  readonly agent_assignments: Readonly<Record<string, readonly string[]>>;
  readonly schedule: readonly ScheduledEntry[];
  readonly dependencies_ignored: boolean;
  readonly deferred_tasks: readonly DeferredTask[];
  readonly task_priorities: Readonly<Record<string, number>>;
  readonly limits: LimitsReport;
  readonly expected: ExpectedReport;
  readonly expected_success_rate: number | null;
  readonly expected_throughput: number | null;
  readonly expected_confidence_delta: number | null;
  /** clamp(expected success rate, .1, .99); .1 when nothing is assigned. */
  readonly confidence: number;
  readonly certificate: Certificate | null;
  /** Infeasible only: tasks, agents and limits that cannot hold together. */
  readonly conflict: Conflict | null;
  /** What exploring changed in the best plan found, and what that is expected to cost; null where it was not asked for or there is no plan. */
  readonly exploration: ExplorationReport | null;
  readonly options: OptionsReport;
  readonly problem_sha256: string;
  readonly solver: SolverReport;
  readonly attempts: readonly Attempt[];
  readonly wall_ms: number | null;
  readonly seed: number;
  /** ISO-8601 UTC. */
  readonly timestamp: string;
  /** Termination `error` only. */
  readonly error: string | null;
}

export interface ObjectiveReport {
  readonly name: string;
  readonly sense: "min" | "max";
  readonly value: number | null;
  readonly bound: number | null;
  /** What the bound rests on: multipliers that anyone can evaluate again, or a search that ruled out everything beyond it. */
  readonly bound_by: "certificate" | "search" | null;
  /** |value − bound| / max(|value|, |bound|, scale), a fraction. */
  readonly gap: number | null;
  readonly secondary: { readonly name: string; readonly value: number; readonly proven: boolean } | null;
  /** `mix` only: the payoff table that scales its terms. */
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
  /** From 0. */
  readonly slot: number;
  readonly start_ms: number;
  readonly end_ms: number;
  /** Predicted 5th and 95th percentile of the end. */
  readonly end_interval_ms: readonly [number, number];
  readonly success_probability: number;
  readonly retries: number;
  readonly confidence_delta: number;
}

export interface DeferredTask {
  readonly task_id: string;
  readonly reason: string;
}

export interface LimitsReport {
  readonly factor: number | null;
  readonly reference_makespan_ms: number | null;
  /** Busy time per slot each agent may have; null where unlimited. */
  readonly per_agent_ms: Readonly<Record<string, number | null>>;
}

export interface ExpectedReport {
  readonly success_rate: number | null;
  readonly throughput_per_s: number | null;
  readonly confidence_delta: number | null;
  readonly makespan_ms: number | null;
  readonly retries: number | null;
  readonly cost: number | null;
  /** Busy time / (slots × makespan) of each agent. */
  readonly utilization: Readonly<Record<string, number | null>>;
}

/** Multipliers anyone can put into the Lagrangian function to obtain the bound again. */
export type Certificate = MultiplierCertificate | TimeCertificate;

export interface MultiplierCertificate {
  /**
   * `lagrangian`: multipliers ≥ 0 on rows other than the assignment rows, which are kept. `knapsack`: of any sign on
   * assign[task] too; what is kept is every agent's load row, a knapsack, and the deferred weight, another.
   */
  readonly kind: "lagrangian" | "knapsack";
  readonly multipliers: Readonly<Record<string, number>>;
  /** Bound on the first goal, in its own sense. */
  readonly bound: number;
}

/** Proof by knapsacks that no plan has a makespan, or a largest load, of at most `at_ms`. */
export interface TimeCertificate {
  readonly kind: "makespan_knapsack" | "max_load_knapsack";
  readonly at_ms: number;
  readonly multipliers: Readonly<Record<string, number>>;
  /** `at_ms`, or the next whole number where all times are whole. */
  readonly bound: number;
}

export interface Conflict {
  readonly tasks: readonly string[];
  readonly agents: readonly string[];
  /** Row names of the limits that take part. */
  readonly limits: readonly string[];
  readonly explanation: string;
  /** True where this subset was solved on its own and proven infeasible. */
  readonly verified: boolean;
  /** True where leaving out any one task or limit makes it feasible. */
  readonly minimal: boolean;
}

export interface SolverReport {
  readonly name: string;
  readonly version: string;
}

/** A plan chosen to learn from: the best one for estimates drawn from what is believed, within a cap on its cost. */
export interface ExplorationReport {
  /** Largest cost accepted. */
  readonly cap: number;
  /** Loss of the first goal against the base plan under the mean estimates, as a share of the base plan's value; 0 where it is no worse. */
  readonly cost: number;
  /** Share of the drawn deviations the plan was made for: 1, 1/2, 1/4, …; 0 where the base plan stands. */
  readonly scale: number;
  /** Tasks with another agent than in the base plan, tasks placed by only one of the two included. */
  readonly tasks_moved: number;
  /** Where the base plan has the tasks that this plan has elsewhere; anyone can rebuild the base plan from it. */
  readonly base_plan: readonly BasePlace[];
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
  /** Why this stage was run, skipped or left, in a few words. */
  readonly note: string;
}
