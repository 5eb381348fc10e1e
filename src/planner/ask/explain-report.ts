import type { Conflict, ResultDocument } from "../../domain/index.js";

/** What `explain` answers. Values are in the units of the first goal unless a field names its own. */
export interface ExplainReport {
  readonly schema_version: 1;
  readonly strategy: ResultDocument["strategy"];
  readonly termination: ResultDocument["termination"];
  readonly objective: { readonly name: string; readonly sense: "min" | "max" } & Figures;
  /** Every goal that a strategy has, at this plan; null where there is no plan. */
  readonly goals: readonly GoalAtPlan[] | null;
  /** One line for each task that was asked about, or for every task. */
  readonly reasons: readonly { readonly task_id: string; readonly agent_id: string | null; readonly reason: string }[];
  readonly task: TaskExplanation | null;
  readonly agent: AgentExplanation | null;
  /** Limits that are reached, and what they are worth. */
  readonly limits: readonly LimitWorth[];
  /** Deferred tasks that were asked about, or all: why, and what would place them. */
  readonly deferred: readonly DeferredExplanation[];
  /** Where no plan exists: what clashes, and what would end it. */
  readonly infeasible: { readonly conflict: Conflict; readonly cures: readonly Cure[] } | null;
  /** Whether no clock shaped an answer. */
  readonly reproducible: boolean;
}

interface Figures {
  readonly value: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
}

interface GoalAtPlan {
  readonly name: string;
  readonly sense: "min" | "max";
  readonly value: number;
}

/** What a change does to the best plan. */
export interface Consequence {
  /** Best value found with the change, null where none was. */
  readonly value: number | null;
  /** No plan with the change is better. */
  readonly bound: number | null;
  /** Whether the value is proven best. */
  readonly proven: boolean;
  /** How much worse than the plan the value is; below 0 where it is better. */
  readonly costs: number | null;
  /** The same, proven: every plan with the change is at least so much worse. */
  readonly costs_at_least: number | null;
  readonly deferred_weight: number;
  /** Proven that no plan exists with the change. */
  readonly infeasible: boolean;
  readonly reproducible: boolean;
}

export interface Alternative {
  readonly agent_id: string;
  /** Flags of `solve` that ask the same. */
  readonly ask_again: string;
  /** Why the agent may not take it; null where it may. */
  readonly not_eligible: string | null;
  readonly note?: string;
  readonly consequence: (Consequence & { readonly defers_the_task: boolean }) | null;
}

export interface TaskExplanation {
  readonly task_id: string;
  readonly agent_id: string | null;
  readonly start_ms: number | null;
  readonly end_ms: number | null;
  readonly reason: string;
  readonly alternatives: readonly Alternative[];
}

export interface AgentExplanation {
  readonly agent_id: string;
  readonly tasks: readonly string[];
  readonly load_ms: number;
  /** The best plan without the agent, under the same limits. */
  readonly without: Consequence;
}

export interface LimitWorth {
  readonly limit: string;
  readonly used: number | null;
  readonly allowed: number | null;
  /** Most that one unit more (a millisecond, a task, a unit of cost) can gain, by the prices of the result beyond its gap; null where there is no price. */
  readonly price_per_unit: number | null;
  /** With one unit more, where units are whole. */
  readonly one_more: Gain | null;
  /** Without the limit. */
  readonly lifted: Gain;
}

export interface Gain {
  readonly value: number | null;
  readonly bound: number | null;
  readonly proven: boolean;
  /** How much better than the plan; 0 where the plan stays as good as it is. */
  readonly gains: number | null;
  /** No more can be gained. */
  readonly gains_at_most: number | null;
  readonly deferred_weight: number;
}

export interface DeferredExplanation {
  readonly task_id: string;
  readonly reason: string;
  readonly conflict: Conflict | null;
  readonly cures: readonly Cure[];
}

/** A single change after which every task in question has a place; checked by a plan that keeps every rule. */
export interface Cure {
  readonly change: string;
  /** Flags of `solve` that make the change; null where the document has to be changed. */
  readonly flags: string | null;
  readonly from: number | null;
  readonly to: number | null;
  /** Size of the change: a share of the limit, or of the weight of all tasks; null where it has no size. */
  readonly share: number | null;
  /** Proven that a smaller change of the same kind is not enough; null where it has no size. */
  readonly least: boolean | null;
}
