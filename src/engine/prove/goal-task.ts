import type { Assignment, GoalForm, Instance, SettledForm } from "../../../models/index.js";
import type { GeneralizedAssignment } from "../bounds/generalized-assignment.js";
import type { HandOver } from "../timed/timed-engine.js";
import type { RowCertificate } from "../../domain/index.js";

/** One goal to settle on one instance; plain data, so that another thread can do it. */
export interface GoalTask {
  readonly instance: Instance;
  readonly goal: GoalForm;
  readonly settled: readonly SettledForm[];
  /** Multipliers by row name, each ≥ 0, of the rows that are no agent's load row: as good as they are known. */
  readonly multipliers: Readonly<Record<string, number>>;
  /** Agent of each task of a feasible plan, DEFERRED where left out; null where none is known. */
  readonly start: Int32Array | null;
  readonly seed: number;
  readonly maxMoves: number;
  /** Moves to reckon with: stages take shares of them. */
  readonly expectedMoves: number;
  /** On the clock of `monotonicNowMs`. */
  readonly deadlineMs: number;
  /** Relative gap at which the work may end. */
  readonly gap: number;
  /** Only looks for a plan that places every task that can be placed. Default: false. */
  readonly placesAll?: boolean;
  /** Goals of times: a bound that is known beforehand, in the goal's own sense. Default: none. */
  readonly knownBound?: number;
  /** Goals of times: when an open time is left to another solver. Default: never, and none is told. */
  readonly handOver?: HandOver;
}

/** What is told on the way, in the goal's own sense. */
export type GoalNews =
  | { readonly kind: "incumbent"; readonly stage: string; readonly plan: Assignment; readonly value: number }
  | { readonly kind: "bound"; readonly stage: string; readonly bound: number }
  | { readonly kind: "stage"; readonly stage: string };

/** Whether an assignment to slots exists that ends by a time: what a search left open. */
export interface OpenTime {
  readonly atTime: number;
  /** Pairs of tasks and slots in play; costs guide a search, capacities are the rooms until that time. */
  readonly core: GeneralizedAssignment;
  /** Task of the instance behind each task of the core; the others are deferred. */
  readonly taskOf: Int32Array;
  /** First slot of each agent; the last entry is where deferral stands, if it is open. */
  readonly firstSlot: Int32Array;
}

/** How the work on a goal ended; values in the goal's own sense. */
export interface GoalAnswer {
  /** Best plan found, null where none is better than the start, or none is known. */
  readonly plan: Assignment | null;
  /** Best bound known, by multipliers or by search; infinite where nothing is known, or where no plan exists at all. */
  readonly bound: number;
  readonly isInfeasible: boolean;
  /** Multipliers that prove their bound by themselves; null where there are none. */
  readonly certificate: RowCertificate | null;
  /** What is left of the last whole time that was not decided, where it may be handed over; null elsewhere. */
  readonly openLevel: OpenTime | null;
  readonly moves: number;
  /** Whether the moves were all made, or a clock ended the work: what it did not prove stays open. */
  readonly isSpent: boolean;
  /** Whether a clock ended the work. */
  readonly wasStopped: boolean;
  /** What was done, in a few words. */
  readonly note: string;
}
