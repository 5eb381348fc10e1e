import type { ArrayProblem } from "./bench-instance.js";

export interface SolveArraysSettings {
  readonly timeLimitMs: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** What a solver says of an instance in arrays; its value is not asked for, it is counted from the assignment. */
export interface ArrayAnswer {
  /** Agent of each task; null where none was found. */
  readonly agentOf: Int32Array | null;
  /** Proven bound on the goal, null where there is none. */
  readonly bound: number | null;
}

/** The solver of instances in arrays, handed in by whoever measures. */
export type SolveArrays = (problem: ArrayProblem, settings: SolveArraysSettings) => Promise<ArrayAnswer>;
