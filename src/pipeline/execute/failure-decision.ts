import type { AttemptRecord, PlannedTaskRecord } from "../../domain/index.js";

/** One of an agent's parallel places, from 0. */
export interface SlotPlace {
  readonly agentId: string;
  readonly slot: number;
}

/** A task whose last attempt has just failed. */
export interface FailureSituation {
  readonly task: PlannedTaskRecord;
  /** All attempts so far, the last one failed. */
  readonly attempts: readonly AttemptRecord[];
  /** False where the executor said that trying again is of no use. */
  readonly retryable: boolean;
  /** Milliseconds from the start of the wave. */
  readonly nowMs: number;
  /** Slots that are idle and have nothing left to run, so that using them delays nothing planned; in the order of the agents. */
  readonly idleSlots: readonly SlotPlace[];
}

/** What happens to a failed task: it is tried again at once, on its own slot or an idle one, or it is given up. */
export type FailureDecision =
  | {
      readonly kind: "retry";
      readonly agentId: string;
      readonly slot: number;
      readonly reason: string;
    }
  | { readonly kind: "give_up"; readonly reason: string };

/** Decides after every failed attempt; it never sees an interrupted run. */
export type FailurePolicy = (situation: FailureSituation) => FailureDecision;

/** A decision of the policy, for the audit. */
export interface ExecutionDecision {
  readonly kind: "retry" | "reassign" | "give_up";
  readonly taskId: string;
  /** Attempts made so far. */
  readonly attempts: number;
  readonly fromAgentId: string;
  /** Who makes the next attempt; null where there is none. */
  readonly toAgentId: string | null;
  readonly atMs: number;
  readonly reason: string;
}
