import type { ArraysView } from "./arrays-view.js";

/** A goal on arrays to settle; plain data and shared memory, so that another thread can do it. */
export interface ArraysTask extends Pick<ArraysView, "problem" | "timing"> {
  /** Weights of tasks, which may be deferred where they must be; null where none may be. */
  readonly weight: Float64Array | null;
  readonly seed: number;
  /** Units of work at most. */
  readonly workLimit: number;
  /** Units of work to reckon with: stages take shares of it. */
  readonly expectedWork: number;
  /** On the clock of `monotonicNowMs`. */
  readonly deadlineMs: number;
  readonly gap: number;
}

/** What is told on the way; values are minimised ones. */
export type ArraysNews =
  | { readonly kind: "incumbent"; readonly stage: string; readonly agentOf: Int32Array; readonly value: number }
  | { readonly kind: "bound"; readonly stage: string; readonly bound: number };

export interface ArraysProof {
  readonly kind: "capacity_prices" | "task_prices" | "makespan_prices";
  readonly multipliers: Float64Array;
  readonly deferralPrice: number | null;
  readonly bound: number;
}

/** How it ended; values are minimised ones. */
export interface ArraysAnswer {
  /** Agent of each task of the problem, −1 where deferred; null where no plan was found. */
  readonly agentOf: Int32Array | null;
  /** No plan that defers no more is better; Infinity where there is no plan at all, −Infinity where nothing is known. */
  readonly bound: number;
  /** Whether no plan defers less. */
  readonly isDeferralProven: boolean;
  readonly proof: ArraysProof | null;
  readonly work: number;
  /** Whether a clock ended the work. */
  readonly wasStopped: boolean;
  readonly stages: readonly ArraysStage[];
}

/** One part of the work, for the record. */
export interface ArraysStage {
  readonly stage: string;
  readonly value: number | null;
  readonly bound: number | null;
  readonly note: string;
}
