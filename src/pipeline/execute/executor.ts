import type { ExecutionKind, RiskLevel } from "../../domain/index.js";

/** One attempt an executor is asked to make. */
export interface AttemptRequest {
  readonly runId: string;
  readonly wave: number;
  readonly taskId: string;
  readonly taskType: string | null;
  readonly riskLevel: RiskLevel;
  readonly agentId: string;
  /** From 0. */
  readonly slot: number;
  /** From 1. */
  readonly attempt: number;
  /** Confidence the attempt is made at, after penalties and boosts, in [0, 1]. */
  readonly confidence: number;
  /** Start of the attempt, milliseconds from the start of the wave. */
  readonly startMs: number;
  /** Predicted mean time of one attempt of this task on this agent. */
  readonly expectedDurationMs: number;
  readonly heuristicsApplied: readonly string[];
}

/** What came of an attempt. */
export interface AttemptResult {
  readonly succeeded: boolean;
  /** Milliseconds the attempt took, ≥ 0. An executor in wall time may leave it out: it is measured. */
  readonly durationMs?: number;
  /** Change of the task's confidence if this attempt is its last, in [−1, 1]. */
  readonly confidenceDelta?: number | null;
  /** False: trying again is of no use. Default true. */
  readonly retryable?: boolean;
  readonly errorMessage?: string | null;
}

/**
 * Who really runs a task: our simulator, a caller's function, later a command or a queue. An attempt that throws,
 * hangs beyond its time or answers anything but an `AttemptResult` has failed, with that as its reason.
 */
export interface Executor {
  readonly name: string;
  /** What its outcomes count as: only `real` ones are learned for good. */
  readonly execution: ExecutionKind;
  /**
   * `virtual`: attempts say how long they took and nobody waits. `wall`: an attempt ends when its promise does.
   * Default `wall`.
   */
  readonly time?: "virtual" | "wall";
  /** Makes one attempt; `signal` is aborted when the run is interrupted or the attempt takes too long. */
  readonly execute: (request: AttemptRequest, signal: AbortSignal) => Promise<AttemptResult>;
}
