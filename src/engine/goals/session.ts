import type { GoalForm } from "../../../models/index.js";
import { type Attempt, type SolveOptions, type Backend, BACKUP } from "../../domain/index.js";
import { Budget } from "../budget/budget.js";
import { getSolvers } from "../exact/registry.js";
import type { Solver } from "../exact/solver.js";
import { type ProgressEvent, Progress } from "./solve-progress.js";

/** What the caller lends to one solve: clocks, a way to stop it, a listener. */
export interface SolveContext {
  /** Ends the solve with its best plan when aborted; default: never. */
  readonly signal?: AbortSignal;
  /** Called with every report of progress; default: nobody is told. */
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

export type SolverSet = Readonly<Record<Backend, Solver>>;

type AttemptFacts = Omit<Attempt, "wall_ms" | "limit" | "value" | "bound"> &
  Partial<Pick<Attempt, "limit" | "value" | "bound">>;

/** One solve under way: its budget, its solvers, and the record of what was tried. */
export class Session {
  /** What was tried, in order. */
  readonly attempts: Attempt[] = [];
  /** The exact solvers that may be asked. */
  readonly solvers: SolverSet;
  /** Moves and time that are left. */
  readonly budget: Budget;
  /** Put before the name of every stage recorded: which part of a larger job it belongs to. */
  prefix = "";
  readonly #progress: Progress;

  constructor(
    /** What the caller asked for, every default filled in. */
    readonly options: SolveOptions,
    /** The clocks, the signal and the listener of the caller. */
    readonly context: SolveContext,
  ) {
    const budget = new Budget(options, context);
    this.budget = budget;
    this.#progress = new Progress(
      () => ({ elapsed_ms: round(budget.elapsedMs()), work: Math.round(budget.movesUsed) }),
      context.onProgress,
    );
    this.solvers = context.solvers ?? getSolvers();
  }

  /** The exact solvers that the chosen one stands for, in the order in which they are tried. */
  exactSolvers(): Solver[] {
    const { solver } = this.options;
    const first = solver === "auto" || solver === "greedy" ? "glpk" : solver;
    const backup = BACKUP[first];
    return backup === undefined ? [this.solvers[first]] : [this.solvers[first], this.solvers[backup]];
  }

  /** Adds an attempt that began at `sinceMs` on the context's clock. */
  record(attempt: AttemptFacts, sinceMs: number): void {
    const limit = attempt.limit ?? null;
    if (limit === "time" || limit === "abort") this.budget.noteClock();
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

  /** Tells of the end of a stage with its final numbers. */
  reportEnd(stage: string, numbers: Pick<ProgressEvent, "value" | "bound" | "gap">): void {
    this.#progress.end(stage, numbers);
  }

  /** Tells of a stage, with better numbers where there are any. */
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
