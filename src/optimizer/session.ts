import type { Assignment, Instance } from "../../models/instance.js";
import type { Heuristics } from "../domain/history.js";
import type { SolveOptions } from "../domain/problem.js";
import type { Attempt, Limit } from "../domain/result.js";
import type { WaveForecast } from "../domain/run.js";
import { getSolver } from "../solvers/registry.js";
import type { Solver } from "../solvers/solver.js";

/** What the caller lends to one solve: clocks, a way to stop it, an ear. */
export interface SolveContext {
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Wall clock, epoch milliseconds: stamps the result. */
  readonly now: () => number;
  /** Monotonic clock, milliseconds: measures limits and times. */
  readonly clock: () => number;
  /** True under `--now`: durations are left out of the result. */
  readonly fixedNow: boolean;
  /** Default: those of this process. */
  readonly solvers?: SolverSet;
  /** Rules for retries that the simulation of the plan should know; default none. */
  readonly heuristics?: Heuristics;
  /** Gets the final plan as arrays, with what its simulation says of the wave; not called where nothing is placed. */
  readonly onPlanned?: (planned: PlannedWave) => void;
}

/** A final plan on the instance it was found on, with its load limits. */
export interface PlannedWave {
  readonly instance: Instance;
  readonly plan: Assignment;
  readonly forecast: WaveForecast;
}

export interface SolverSet {
  readonly glpk: Solver;
  readonly highs: Solver;
  readonly "lp-solver": Solver;
}

/** A new incumbent, a new bound or a new stage; numbers are of the first goal, null where unknown. */
export interface ProgressEvent {
  readonly kind: "stage" | "incumbent" | "bound";
  readonly stage: string;
  readonly value: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  readonly elapsed_ms: number;
}

type AttemptFacts = Omit<Attempt, "wall_ms" | "limit" | "value" | "bound"> &
  Partial<Pick<Attempt, "limit" | "value" | "bound">>;

/** Inner steps of the engine that count as one unit of work; a unit is about one move of the search, 1.5 µs. */
export const INNER_STEPS_PER_UNIT = 250;

/** One solve under way: its limits, and the record of what was tried. */
export class Session {
  readonly attempts: Attempt[] = [];
  readonly solvers: SolverSet;
  /** Put before the name of every stage recorded: which part of a larger job it belongs to. */
  prefix = "";
  /** Share of the default efforts that each goal may use: less than 1 where many goals are to be settled. */
  effort = 1;
  #unitsUsed = 0;
  readonly #startMs: number;
  #endedByClock = false;
  #best: { value: number | null; bound: number | null; gap: number | null } = { value: null, bound: null, gap: null };

  constructor(
    readonly options: SolveOptions,
    readonly context: SolveContext,
  ) {
    this.#startMs = context.clock();
    this.solvers = context.solvers ?? {
      glpk: getSolver("glpk"),
      highs: getSolver("highs"),
      "lp-solver": getSolver("lp-solver"),
    };
  }

  elapsedMs(): number {
    return this.context.clock() - this.#startMs;
  }

  remainingMs(): number {
    return Math.max(0, this.options.timeLimitMs - this.elapsedMs());
  }

  /** Counts units of work. */
  spend(units: number): void {
    this.#unitsUsed += units;
  }

  /** Units of work left of the limit; Infinity where there is none. */
  unitsLeft(): number {
    return Math.max(0, (this.options.workLimit ?? Infinity) - this.#unitsUsed);
  }

  /** The limit that has struck by now, null while none has. Who asks acts on it, so that a repeat may differ. */
  struckLimit(): Limit | null {
    const limit = this.context.signal?.aborted ? "abort" : this.remainingMs() <= 0 ? "time" : null;
    if (limit !== null) this.#endedByClock = true;
    return limit;
  }

  /** True once a clock or a signal shaped the outcome, so that a repeat may differ. */
  get endedByClock(): boolean {
    return this.#endedByClock;
  }

  /** For a decision that a clock or a signal made without an attempt of its own. */
  noteClock(): void {
    this.#endedByClock = true;
  }

  record(attempt: AttemptFacts, sinceMs: number): void {
    const limit = attempt.limit ?? null;
    if (limit === "time" || limit === "abort") this.#endedByClock = true;
    this.attempts.push({
      stage: this.prefix + attempt.stage,
      solver: attempt.solver,
      termination: attempt.termination,
      limit,
      value: attempt.value ?? null,
      bound: attempt.bound ?? null,
      wall_ms: this.context.fixedNow ? null : round(this.context.clock() - sinceMs),
      note: attempt.note,
    });
  }

  report(
    kind: ProgressEvent["kind"],
    stage: string,
    news: { value?: number; bound?: number; gap?: number | null } = {},
  ): void {
    this.#best = { ...this.#best, ...news };
    this.context.onProgress?.({ kind, stage, ...this.#best, elapsed_ms: round(this.elapsedMs()) });
  }
}

/** Milliseconds to the microsecond: finer digits are noise. */
export function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
