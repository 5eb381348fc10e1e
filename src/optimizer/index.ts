import { ModelError } from "../domain/errors.js";
import type { FullProblem, SolveOptions } from "../domain/problem.js";
import type { SolveResult } from "../domain/result.js";

/** A new incumbent, a new bound or a new stage; numbers are of the first goal, null where unknown. */
export interface ProgressEvent {
  readonly kind: "stage" | "incumbent" | "bound";
  readonly stage: string;
  readonly value: number | null;
  readonly bound: number | null;
  /** A fraction. */
  readonly gap: number | null;
  /** Since the start of the solve. */
  readonly elapsed_ms: number;
}

export interface SolveContext {
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Monotonic milliseconds. */
  readonly clock: () => number;
  /** The instant is given, so durations in the result are null. */
  readonly fixedNow: boolean;
}

export const DEFAULT_OPTIONS: SolveOptions = {
  strategy: "maximize_success",
  weights: { success: 0.5, throughput: 0.3, retries: 0.1, confidence: 0.1 },
  loadLimit: null,
  budget: null,
  deferPenalty: null,
  noDefer: false,
  maxRetries: 2,
  riskAversion: 0,
  gap: 0,
  timeLimitMs: 10_000,
  workLimit: null,
  seed: 1,
  solver: "auto",
};

export function resolveOptions(
  documentOptions: Partial<SolveOptions>,
  callOptions: Partial<SolveOptions>,
): SolveOptions {
  return { ...DEFAULT_OPTIONS, ...documentOptions, ...callOptions };
}

/** Stands here until the room is built. */
const notLinked = (): never => {
  throw new ModelError("not linked yet");
};

export const solveProblem: (full: FullProblem, options: SolveOptions, context: SolveContext) => Promise<SolveResult> =
  notLinked;
export const buildModelText: (full: FullProblem, options: SolveOptions) => string = notLinked;
