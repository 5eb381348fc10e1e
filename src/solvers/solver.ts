import type { Program } from "../../models/program.js";
import type { Limit } from "../domain/result.js";

/** What a solver backend can be asked. */
export interface ProgramRequest {
  readonly program: Program;
  /** Wall clock, ≥ 0; the call returns by then, give or take the grace of the watchdog. */
  readonly timeLimitMs: number;
  /** Relative gap at which the search may stop; 0 for the optimum. */
  readonly gap: number;
  /** Drop integrality and return the dual values of the rows. */
  readonly relax: boolean;
  readonly signal?: AbortSignal;
}

/** Three facts in one union: why it stopped, whether there is a point, how good it is known to be. */
export type ProgramOutcome =
  | { readonly status: "optimal"; readonly point: ProgramPoint }
  | { readonly status: "feasible"; readonly limit: Limit; readonly point: ProgramPoint }
  | { readonly status: "infeasible" }
  | { readonly status: "unbounded" }
  | { readonly status: "no_solution"; readonly limit: Limit }
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
}

/** One solver package behind the seam. */
export interface Solver {
  readonly name: string;
  readonly version: string;
  /** Whether `relax` returns duals. */
  readonly hasDuals: boolean;
  /** Never blocks the event loop, never rejects for a reason that lies in the program. */
  solve(request: ProgramRequest): Promise<ProgramAnswer>;
  /** Ends its workers; a later `solve` starts new ones. */
  close(): Promise<void>;
}
