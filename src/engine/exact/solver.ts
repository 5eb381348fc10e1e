import type { Program } from "../../../models/index.js";
import type { Limit } from "../../domain/index.js";

/** What a solver backend can be asked. */
export interface ProgramRequest {
  readonly program: Program;
  /** Wall clock, ≥ 0; the call returns by then, give or take the grace of the watchdog. */
  readonly timeLimitMs: number;
  /** When its thread is ended, whatever it does. Default: a grace after the time limit. */
  readonly killAfterMs?: number;
  /** Relative gap at which the search may stop; 0 for the optimum. */
  readonly gap: number;
  /** Drop integrality and return the dual values of the rows. */
  readonly relax: boolean;
  /**
   * Only points of at least this value are asked for (at most, where the program is minimised); where there is none the
   * outcome is `none_better`. An error of solvers without cutoffs. Default: none.
   */
  readonly cutoff?: number;
  /** Be content with the first point; the limit is then `work`. An error of solvers that cannot. Default: false. */
  readonly stopAtFirst?: boolean;
  /** A point to begin with, a value of each variable: a hint, which solvers without a use for it pass over. Default: none. */
  readonly start?: Float64Array;
  /**
   * Steps of its own after which the search ends; the limit is then `work`, and equal programs end alike on any machine. An error of
   * solvers that count none. Default: no limit.
   */
  readonly maxSteps?: number;
  readonly signal?: AbortSignal;
}

/**
 * Three facts in one union: why it stopped, whether there is a point, how good it is known to be. `bound` is the solver's
 * own word on the objective of every point, null where it gives none.
 */
export type ProgramOutcome =
  | { readonly status: "optimal"; readonly point: ProgramPoint }
  | { readonly status: "feasible"; readonly limit: Limit; readonly point: ProgramPoint; readonly bound: number | null }
  | { readonly status: "infeasible" }
  /** No point is as good as the cutoff, or there is none at all. */
  | { readonly status: "none_better" }
  | { readonly status: "unbounded" }
  | { readonly status: "no_solution"; readonly limit: Limit; readonly bound: number | null }
  | { readonly status: "error"; readonly message: string };

export interface ProgramPoint {
  /** Of each variable; integer variables are exact integers, and every row and bound was checked again. */
  readonly values: Float64Array;
  /** Recomputed from `values`, with the program's constant. */
  readonly objective: number;
  /** Relaxations only: d objective / d right-hand side of each row. */
  readonly duals?: Float64Array;
}

export interface ProgramAnswer {
  readonly outcome: ProgramOutcome;
  readonly wallMs: number;
  /** Steps taken; 0 where the solver counts none, or was ended from outside. */
  readonly numSteps: number;
}

/** One solver package behind the seam. */
export interface Solver {
  readonly name: string;
  readonly version: string;
  /** Whether `relax` returns duals. */
  readonly hasDuals: boolean;
  /** Whether it takes `cutoff` and `stopAtFirst`. */
  readonly hasCutoff: boolean;
  /** Whether it takes `maxSteps` and says how many it took. */
  readonly countsSteps: boolean;
  /** Never blocks the event loop, never rejects for a reason that lies in the program. */
  solve(request: ProgramRequest): Promise<ProgramAnswer>;
  /** Ends its workers; a later `solve` starts new ones. */
  close(): Promise<void>;
}
