import type { AttemptRecord, Heuristics, TaskRecord } from "../../domain/index.js";
import type { Executor } from "./executor.js";
import type { ExecutionDecision, FailurePolicy } from "./failure-decision.js";

/** How a wave is executed. */
export interface ExecutionSettings {
  readonly runId: string;
  readonly wave: number;
  readonly executor: Executor;
  readonly heuristics: Heuristics;
  /** Retries after the first attempt, ≥ 0; H16_003 may allow fewer. No policy goes beyond them. */
  readonly maxRetries: number;
  readonly onFailure: FailurePolicy;
  /** Wall-clock limit of one attempt, milliseconds > 0; default max(60 s, 10 × its expected duration). */
  readonly attemptTimeoutMs?: number;
  /** Interrupts the wave: running attempts are told, no new ones start. */
  readonly signal?: AbortSignal;
  /** Called as each attempt ends. */
  readonly onAttempt?: (attempt: AttemptRecord) => void;
  /** Called for every decision after a failure. */
  readonly onDecision?: (decision: ExecutionDecision) => void;
  /** Monotonic, milliseconds; only differences count. */
  readonly clock: () => number;
}

export interface WaveExecution {
  /** Tasks that were started, ascending by id. */
  readonly tasks: readonly TaskRecord[];
  /** The others, ascending by id. */
  readonly notStarted: readonly { readonly taskId: string; readonly reason: string }[];
  readonly wasAborted: boolean;
}
