import type { ErrorKind, ExecutionKind, RiskLevel } from "../../domain/index.js";

/** A row of a task file: snake_case, unknown fields kept. */
export type TaskRow = Readonly<Record<string, unknown>>;

/** What is expected of a task on an agent. */
export interface AttemptPrediction {
  /** Mean and 95th percentile of one attempt's time. */
  readonly durationMs: number;
  readonly p95Ms: number;
  /** Final chance of success, retries included. */
  readonly successProbability: number;
}

/** One attempt an executor is asked to make. */
export interface AttemptRequest {
  /** Name of the run. */
  readonly runId: string;
  /** Number of the wave, from 1. */
  readonly wave: number;
  /** The task to attempt. */
  readonly taskId: string;
  /** The task's whole row as it was read, with the fields that we do not know: the payload. */
  readonly task: TaskRow;
  /** Type of the task; null: none is known. */
  readonly taskType: string | null;
  /** Risk of the task. */
  readonly riskLevel: RiskLevel;
  /** The agent that is to make the attempt. */
  readonly agentId: string;
  /** From 0. */
  readonly slot: number;
  /** From 1. */
  readonly attempt: number;
  /** `run:wave:task:attempt`. An attempt that is made again after a crash has the same one. */
  readonly idempotencyKey: string;
  /** Confidence the attempt is made at, after penalties and boosts, in [0, 1]. */
  readonly confidence: number;
  /** Start of the attempt, milliseconds from the start of the wave. */
  readonly startMs: number;
  /** Predicted mean time of one attempt of this task on this agent. */
  readonly expectedDurationMs: number;
  /** What the plan expects of the attempt. */
  readonly predicted: AttemptPrediction;
  /** Wall-clock time after which the attempt counts as hung. */
  readonly timeoutMs: number;
  /** Ids of the rules of Phase 16 that changed the attempt. */
  readonly heuristicsApplied: readonly string[];
}

/** What came of an attempt. */
export interface AttemptResult {
  /** Whether the task is done. */
  readonly succeeded: boolean;
  /** Milliseconds the attempt took, ≥ 0. An executor in wall time may leave it out: it is measured. */
  readonly durationMs?: number;
  /** Change of the task's confidence if this attempt is its last, in [−1, 1]. */
  readonly confidenceDelta?: number | null;
  /** False: trying again is of no use. Default true. */
  readonly retryable?: boolean;
  /** What went wrong, for people. Default none. */
  readonly errorMessage?: string | null;
  /** Confidence of the task after the attempt, in [0, 1]; instead of `confidenceDelta`. */
  readonly confidenceAfter?: number | null;
  /** What the attempt cost, ≥ 0. Default: by the agent's rate. */
  readonly cost?: number | null;
  /** Of a failure: whether the task or the agent is at fault. Default `task`. */
  readonly errorKind?: ErrorKind | null;
  /** What the task produced, kept to 16 KiB; anything but a text is kept as JSON. */
  readonly output?: unknown;
}

/** What an executor tells while an attempt goes on. */
export interface AttemptReport {
  /** The attempt has a process group of its own, which may outlive us. */
  readonly started: (group: ProcessGroup) => void;
  /** The attempt waits for its turn; its time limit is longer by as much. */
  readonly waiting: (ms: number) => void;
}

/** A process group, and what tells it from a later one of the same number; null where the system does not say. */
export interface ProcessGroup {
  readonly id: number;
  readonly startToken: string | null;
}

/**
 * Who really runs a task: our simulator, a caller's function, a command, a service. An attempt that throws,
 * hangs beyond its time or answers anything but an `AttemptResult` has failed, with that as its reason.
 */
export interface Executor {
  /** Name in messages and files. */
  readonly name: string;
  /** What its outcomes count as: only `real` ones are learned for good. */
  readonly execution: ExecutionKind;
  /**
   * `virtual`: attempts say how long they took and nobody waits. `wall`: an attempt ends when its promise does.
   * Default `wall`.
   */
  readonly time?: "virtual" | "wall";
  /** How long an attempt that is told to stop may take to end; its slot stays taken meanwhile. Default 0. */
  readonly stopGraceMs?: number;
  /** Makes one attempt; `signal` is aborted when the run is interrupted or the attempt takes too long. */
  readonly execute: (request: AttemptRequest, signal: AbortSignal, report?: AttemptReport) => Promise<AttemptResult>;
  /** The answer of an attempt counts and is on the disk: nobody will ask for it again. */
  readonly forget?: (request: AttemptRequest) => void;
  /** Lets go of connections; called once, when the run has ended. */
  readonly close?: () => Promise<void>;
}
