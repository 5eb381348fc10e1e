import type { Assignment, Goal, Instance, SettledGoal } from "../../../models/index.js";
import type { Certificate, Limit } from "../../domain/index.js";

/** A goal whose turn is over. */
export interface SettledStep extends SettledGoal {
  /** What proves that no plan is better on it: an exhausted search, a bound that meets it, or nothing. */
  readonly proof: "search" | "bound" | null;
}

/** A search that ruled out everything beyond it, or a relaxation of the problem. */
type BoundSource = "search" | "relaxation";

export interface ChainOutcome {
  /** The instance that was planned. */
  readonly instance: Instance;
  /** All goals, the most important first. */
  readonly goals: readonly Goal[];
  /** Index of the first goal of the strategy among them. */
  readonly firstIndex: number;
  /** null where no plan was found. */
  readonly plan: Assignment | null;
  /** One for each goal reached, in order. */
  readonly steps: readonly SettledStep[];
  /** Multipliers that prove a bound on the first goal. */
  readonly certificate: Certificate | null;
  /** Best bound on the first goal, by multipliers or by search; null where none is known. */
  readonly bound: number | null;
  /** Proven that no plan exists; only where deferral is forbidden. */
  readonly isInfeasible: boolean;
  /** What the bound rests on where no certificate proves it; null where there is no bound. */
  readonly boundBy: BoundSource | null;
  /** The limit that ended the work on the goals up to the first, null where none did. */
  readonly limit: Limit | null;
  /** Whose work the final word on the first goal is. */
  readonly decidedBy: string;
}
