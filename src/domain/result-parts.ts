import type { GateApproval, GateHold } from "./gate.js";

/** The parts of a result document, with the names they have on disk. */

/** Why the search stopped being a search: the first of the three facts of an outcome. */
export type Termination = "optimal" | "feasible" | "infeasible" | "no_solution" | "error";
/** The limit that ended the search, null where none did. */
export type Limit = "time" | "work" | "gap" | "abort";

/** What a bound rests on. */
export const BOUND_SOURCES = ["certificate", "search", "relaxation"] as const;
export type BoundBy = (typeof BOUND_SOURCES)[number];

/** The first goal and how good the plan is in it. */
export interface ObjectiveReport {
  /** Name of the first goal. */
  readonly name: string;
  /** Whether the goal is minimized or maximized. */
  readonly sense: "min" | "max";
  /** Value of the plan; null without a plan. */
  readonly value: number | null;
  /** Best value that any plan could have, as far as proven; null where nothing is proven. */
  readonly bound: number | null;
  /** What the bound rests on: a certificate that anyone can evaluate again, a search that ruled out everything beyond it, or a relaxation of the problem that the result does not carry. */
  readonly bound_by: BoundBy | null;
  /** |value - bound| / max(|value|, |bound|, scale), a fraction. */
  readonly gap: number | null;
  /** The second goal, decided among plans that are best in the first. */
  readonly secondary: {
    /** Name of the second goal. */
    readonly name: string;
    /** Value of the plan in it. */
    readonly value: number;
    /** Whether no plan that is as good in the first goal is better in the second. */
    readonly proven: boolean;
  } | null;
  /** Of mix only: the payoff table that scales its terms. */
  readonly terms?: readonly MixTerm[];
}

/** One goal of a mix and what scales it. */
export interface MixTerm {
  /** Goal of the term. */
  readonly name: string;
  /** Its weight. */
  readonly weight: number;
  /** Best value of the goal alone. */
  readonly ideal: number;
  /** Worst value of the goal where another one is best. */
  readonly nadir: number;
  /** Value of the plan in this goal. */
  readonly value: number | null;
}

/** One placed task with its times. */
export interface ScheduledEntry {
  /** The task. */
  readonly task_id: string;
  /** Its agent. */
  readonly agent_id: string;
  /** Slot of the agent, from 0. */
  readonly slot: number;
  /** Planned start, milliseconds from the start of the wave. */
  readonly start_ms: number;
  /** Planned end, milliseconds from the start of the wave. */
  readonly end_ms: number;
  /** Predicted 5th and 95th percentile of the end, milliseconds. */
  readonly end_interval_ms: readonly [number, number];
  /** Probability of success after all attempts. */
  readonly success_probability: number;
  /** Expected retries. */
  readonly retries: number;
  /** Expected change of confidence. */
  readonly confidence_delta: number;
}

/** A task that is not placed. */
export interface DeferredTask {
  /** The task. */
  readonly task_id: string;
  /** Why it is deferred. */
  readonly reason: string;
}

/** The gate's word on one task. */
export interface GateReport {
  /** The task. */
  readonly task_id: string;
  /** What the gate said: deferred tasks are not in the plan. */
  readonly approval: GateApproval;
  /** What a live gate says. */
  readonly live_approval: GateApproval;
  /** What a live gate holds it back for; absent: it lets it through, or a result of an earlier version. */
  readonly hold?: GateHold;
  /** Why. */
  readonly reason: string;
}

/** Limits of the agents' busy time. */
export interface LimitsReport {
  /** Factor of the reference makespan; null where the limit is another. */
  readonly factor: number | null;
  /** Reference makespan, milliseconds. */
  readonly reference_makespan_ms: number | null;
  /** Busy time that each slot may have, milliseconds, by agent id; null where unlimited. */
  readonly per_agent_ms: Readonly<Record<string, number | null>>;
  /** What the load limit costs at most; null where at most 1 %, or not known. */
  readonly costs: LimitCosts | null;
}

/** The first goal without the load limit, or a bound on it, and how far off the plan is, a fraction. */
export interface LimitCosts {
  /** A bound on the first goal without the load limit: no plan is better. */
  readonly without: number;
  /** How far the plan's value is from it, a fraction. */
  readonly by: number;
}

/** What is expected of the placed tasks, without chance. */
export interface ExpectedReport {
  /** Mean success probability of the placed tasks, each times the chance that all it waits for succeed. */
  readonly success_rate: number | null;
  /** Expected successes for each second of the makespan. */
  readonly throughput_per_s: number | null;
  /** Mean expected change of confidence. */
  readonly confidence_delta: number | null;
  /** End of the last task, milliseconds. */
  readonly makespan_ms: number | null;
  /** Expected retries of all tasks. */
  readonly retries: number | null;
  /** Expected cost of all tasks. */
  readonly cost: number | null;
  /** Busy time / (slots x makespan), by agent id. */
  readonly utilization: Readonly<Record<string, number | null>>;
}

/** What chance makes of the plan. */
export interface ForecastReport {
  /** End of the last task, milliseconds. */
  readonly makespan_ms: SpreadReport;
  /** Share of the started tasks that succeed; a task whose predecessor fails is not started. */
  readonly success_rate: SpreadReport;
  /** Completed tasks for each second. */
  readonly throughput_per_s: SpreadReport;
  /** Mean change of confidence of the started tasks. */
  readonly confidence_delta: SpreadReport;
  /** How often the plan was played, where the time limit left time for fewer plays than its size gets; else absent. */
  readonly draws?: number | undefined;
}

/** Mean and percentiles of one figure. */
export interface SpreadReport {
  /** Mean over the times it was played. */
  readonly mean: number;
  /** 5th percentile. */
  readonly p5: number;
  /** 95th percentile. */
  readonly p95: number;
}

/** Tasks, agents and limits that cannot hold together. */
export interface Conflict {
  /** Tasks that take part. */
  readonly tasks: readonly string[];
  /** Agents that take part. */
  readonly agents: readonly string[];
  /** Row names of the limits that take part. */
  readonly limits: readonly string[];
  /** The conflict in words. */
  readonly explanation: string;
  /** Whether this subset was solved on its own and proven infeasible. */
  readonly verified: boolean;
  /** Whether the others fit without any one of these tasks or limits; the wave may have other conflicts. */
  readonly minimal: boolean;
}

/** Who decided the plan. */
export interface SolverReport {
  /** Name of the solver. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
}

/** A plan chosen to learn from: the best one for estimates drawn from what is believed, within a cap on its cost. */
export interface ExplorationReport {
  /** Largest cost accepted, a share of the base plan's first goal. */
  readonly cap: number;
  /** Loss of the first goal under the mean estimates, a share of the base plan's value; 0 where it is no worse. */
  readonly cost: number;
  /** Share of the drawn deviations that the plan was made for: 1, 1/2, 1/4 and so on; 0 where the base plan stands. */
  readonly scale: number;
  /** Tasks with another agent than in the base plan, or placed by only one of the two plans. */
  readonly tasks_moved: number;
  /** Where the base plan has the tasks that this plan has elsewhere. */
  readonly base_plan: readonly BasePlace[];
}

/** What staying near a plan came to. */
export interface StayReport {
  /** Of each changed task, a share of the first goal's value. */
  readonly price: number;
  /** Best value of the first goal that was found without looking at the plan before; null where none was. */
  readonly value_without: number | null;
  /** Tasks with another agent than in the plan before. */
  readonly tasks_moved: number;
  /** Those tasks, by id. */
  readonly moved: readonly MovedTask[];
}

/** A task that another plan has elsewhere; `to_agent_id` is null where it is deferred. */
export interface MovedTask {
  /** The task. */
  readonly task_id: string;
  /** Its agent in the plan before. */
  readonly from_agent_id: string;
  /** Its agent now; null where it is deferred. */
  readonly to_agent_id: string | null;
}

/** Agent and slot of a task in the base plan, both null where that defers it. */
export interface BasePlace {
  /** The task. */
  readonly task_id: string;
  /** Its agent in the base plan; null where that defers it. */
  readonly agent_id: string | null;
  /** Its slot in the base plan; null where that defers it. */
  readonly slot: number | null;
}

/** One stage of the chain: what ran, why, and what came of it. */
export interface Attempt {
  /** What ran. */
  readonly stage: string;
  /** Who ran it. */
  readonly solver: string;
  /** How it ended. */
  readonly termination: Termination;
  /** The limit that ended it. */
  readonly limit: Limit | null;
  /** Value of the goal it came to. */
  readonly value: number | null;
  /** Bound it came to. */
  readonly bound: number | null;
  /** Time it took, milliseconds; null under a fixed clock. */
  readonly wall_ms: number | null;
  /** Why it was run, skipped or left, in a few words. */
  readonly note: string;
}
