import type { GoalKey, ResultDocument } from "../../domain/index.js";

/** Strategies and heuristics on one wave, each plan measured by every goal, and the trade between goals. */
export interface CompareReport {
  readonly schema_version: 1;
  readonly problem_sha256: string;
  readonly goals: readonly ComparedGoalReport[];
  readonly plans: readonly ComparedPlan[];
  /** null where none was asked for. */
  readonly front: ParetoFront | null;
  /** Whether no clock shaped a plan. */
  readonly reproducible: boolean;
}

interface ComparedGoalReport {
  readonly key: GoalKey;
  readonly name: string;
  readonly sense: "min" | "max";
  /** Proven by the strategy whose first goal it is: no plan is better; null where that was not solved or has no bound. */
  readonly bound: number | null;
}

export interface ComparedPlan {
  readonly name: string;
  readonly kind: "strategy" | "baseline";
  /** null of a baseline. */
  readonly termination: ResultDocument["termination"] | null;
  readonly limit: ResultDocument["limit"];
  /** The first goal of the strategy; null of a baseline. */
  readonly objective: Pick<ResultDocument["objective"], "name" | "sense" | "value" | "bound" | "gap"> | null;
  /** By key of `goals`; null where there is no plan. */
  readonly values: Readonly<Partial<Record<GoalKey, number>>> | null;
  readonly deferred_weight: number | null;
  /** Why there is no plan, such as the first row that a heuristic breaks. */
  readonly fault: string | null;
  readonly wall_ms: number | null;
}

export interface ParetoFront {
  readonly goals: readonly { readonly key: GoalKey; readonly name: string; readonly sense: "min" | "max" }[];
  /** The worst on the first goal first. */
  readonly points: readonly FrontPoint[];
  /** Proven that there are no other points; with three goals never. */
  readonly complete: boolean;
}

export interface FrontPoint {
  readonly values: Readonly<Record<string, number>>;
  /** Limits it was solved within, by goal; null: none. */
  readonly within: Readonly<Record<string, number | null>>;
  /** On the second goal: no plan within the limits is better. */
  readonly bound: number | null;
  readonly gap: number | null;
  /** Proven that no plan is as good on all goals and better on one. */
  readonly proven: boolean;
  readonly deferred_weight: number;
  /** Agent of each task, null where it is deferred. */
  readonly agents: Readonly<Record<string, string | null>>;
}
