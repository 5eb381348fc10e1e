import type { PackedProgram } from "./packed-program.js";

/** What a worker is asked. */
export interface WorkerTask {
  readonly program: PackedProgram;
  /** On the clock of `monotonicNowMs`, which all threads share; Infinity for none. */
  readonly deadlineMs: number;
  readonly gap: number;
  /** In the units of the packed objective; null for none. Only packages that know cutoffs get one. */
  readonly cutoff: number | null;
  readonly stopAtFirst: boolean;
  /** A value of each variable; null for none. */
  readonly start: Float64Array | null;
  /** Steps at most; Infinity for no limit. Only packages that count steps get one. */
  readonly maxSteps: number;
}

/** A package's word, in our words: read with suspicion, checked by the host. A bound is one on the packed objective. */
export type RawAnswer = RawVerdict & {
  /** Steps taken, of packages that count them. */
  readonly numSteps?: number;
};

type RawVerdict =
  | { readonly verdict: "optimal"; readonly values: Float64Array; readonly duals?: Float64Array }
  | {
      readonly verdict: "feasible";
      readonly limit: "time" | "work" | "gap";
      readonly values: Float64Array;
      readonly bound?: number;
    }
  | { readonly verdict: "infeasible" }
  | { readonly verdict: "unbounded" }
  | { readonly verdict: "no_solution"; readonly limit: "time" | "work"; readonly bound?: number }
  /** `isRuntimeBroken`: the package threw, so its memory is not to be trusted again. */
  | { readonly verdict: "error"; readonly message: string; readonly isRuntimeBroken: boolean };

/** A package in a worker. Throws only when its runtime is broken. */
export type Adapter = (task: WorkerTask) => RawAnswer;
