import type { GoalForm } from "../../../models/index.js";
import type { Attempt, Limit, SolveOptions } from "../../domain/index.js";
import { getSolver } from "../exact/registry.js";
import type { Solver } from "../exact/solver.js";
import { type ProgressEvent, Progress } from "./solve-progress.js";

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
  /** When the solve was asked for, on `clock`: its time limit runs from there. Default: when it begins. */
  readonly startMs?: number;
  /** Default: those of this process. */
  readonly solvers?: SolverSet;
}

export interface SolverSet {
  readonly glpk: Solver;
  readonly highs: Solver;
  readonly "lp-solver": Solver;
}

type AttemptFacts = Omit<Attempt, "wall_ms" | "limit" | "value" | "bound"> &
  Partial<Pick<Attempt, "limit" | "value" | "bound">>;

/** Inner steps of the engine that count as one unit of work; a unit is about one move of the search, 1.5 µs. */
export const INNER_STEPS_PER_UNIT = 250;
/** Units that an ordinary machine does in a millisecond, about: measured. */
const UNITS_PER_MS = 750;
/** Share of the time limit whose usual work is the default work limit, so that ordinary machines end before the clock does. */
const DEFAULT_TIME_SHARE = 0.8;
/** Share of the time limit kept for the closing work until its size has been measured, and at most. */
const MAX_CLOSING_SHARE = 0.5;

/** One solve under way: its limits, and the record of what was tried. */
export class Session {
  readonly attempts: Attempt[] = [];
  readonly solvers: SolverSet;
  /** Put before the name of every stage recorded: which part of a larger job it belongs to. */
  prefix = "";
  /** Share of the default efforts that each goal may use: less than 1 where many goals are to be settled. */
  effort = 1;
  readonly #workLimit: number;
  #unitsUsed = 0;
  readonly #startMs: number;
  #closingMs = 0;
  #endedByClock = false;
  readonly #progress: Progress;

  constructor(
    readonly options: SolveOptions,
    readonly context: SolveContext,
  ) {
    this.#startMs = context.startMs ?? context.clock();
    this.#workLimit = options.workLimit ?? Math.ceil(DEFAULT_TIME_SHARE * UNITS_PER_MS * options.timeLimitMs);
    this.#progress = new Progress(
      () => ({ elapsed_ms: round(this.elapsedMs()), work: Math.round(this.#unitsUsed) }),
      context.onProgress,
    );
    this.solvers = context.solvers ?? {
      glpk: getSolver("glpk"),
      highs: getSolver("highs"),
      "lp-solver": getSolver("lp-solver"),
    };
  }

  /** The exact solvers that the chosen one stands for, in the order in which they are tried. */
  exactSolvers(): Solver[] {
    const { glpk, highs, "lp-solver": lpSolver } = this.solvers;
    switch (this.options.solver) {
      case "lp-solver":
        return [lpSolver];
      case "highs":
        return [highs, glpk];
      case "auto":
      case "glpk":
      case "greedy":
        return [glpk, lpSolver];
    }
  }

  elapsedMs(): number {
    return this.context.clock() - this.#startMs;
  }

  /** Until the search must end, so that the closing work ends within the limit. */
  remainingMs(): number {
    return Math.max(0, this.options.timeLimitMs - this.#closingMs - this.elapsedMs());
  }

  /** Keeps time for what is to be done after the search: simulation, hash, document. */
  reserveClosing(closingMs: number): void {
    this.#closingMs = Math.min(closingMs, MAX_CLOSING_SHARE * this.options.timeLimitMs);
  }

  /** Counts units of work. */
  spend(units: number): void {
    this.#unitsUsed += units;
  }

  /** Units of work left of the limit. */
  unitsLeft(): number {
    return Math.max(0, this.#workLimit - this.#unitsUsed);
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

  /** The goal whose value, bound and gap are told from now on; part of a larger job tells of stages only. */
  watch(goal: GoalForm): void {
    this.#progress.watch(this.prefix === "" ? goal : null);
  }

  reportEnd(stage: string, numbers: Pick<ProgressEvent, "value" | "bound" | "gap">): void {
    this.#progress.end(stage, numbers);
  }

  report(
    kind: Exclude<ProgressEvent["kind"], "end">,
    stage: string,
    news: { value?: number; bound?: number } = {},
  ): void {
    this.#progress.report(kind, this.prefix + stage, news);
  }
}

/** Milliseconds to the microsecond: finer digits are noise. */
export function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
