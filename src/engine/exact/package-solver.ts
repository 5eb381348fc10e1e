import { type Backend, ModelError } from "../../domain/index.js";
import { GRACES } from "../budget/budget.js";
import { monotonicNowMs } from "../threads/clock.js";
import { type Ending, findEntry, type PoolOptions, WorkerPool } from "../threads/worker-pool.js";
import { checkPoint } from "./check-point.js";
import { checkProgram } from "./check-program.js";
import type { RawAnswer, WorkerTask } from "./messages.js";
import type { BackendData } from "./serve.js";
import { type Packing, packProgram, unpackDuals } from "./packed-program.js";
import type { ProgramAnswer, ProgramOutcome, ProgramRequest, Solver } from "./solver.js";
import { CONTINUOUS_TOLERANCE } from "./tolerances.js";

/** Entry of the worker threads of a package. */
export function findAdapter(name: Backend): URL {
  return findEntry(`${name}-adapter.js`);
}

/** Short-lived garbage is most of what the packages make; a large nursery would only hold it longer. */
const YOUNG_GENERATION_MB = 2;

/** What a package can be asked besides plain programs. */
export type Abilities = Pick<Solver, "hasDuals" | "hasCutoff" | "countsSteps">;

/** A package in worker threads: checks the program, asks, maps the verdict, checks the point. */
export class PackageSolver implements Solver {
  readonly name: Backend;
  readonly version: string;
  readonly hasDuals: boolean;
  readonly hasCutoff: boolean;
  readonly countsSteps: boolean;
  readonly #pool: WorkerPool<WorkerTask, RawAnswer>;

  constructor(
    name: Backend,
    version: string,
    { hasDuals, hasCutoff, countsSteps }: Abilities,
    poolOptions: PoolOptions = {},
  ) {
    this.name = name;
    this.version = version;
    this.hasDuals = hasDuals;
    this.hasCutoff = hasCutoff;
    this.countsSteps = countsSteps;
    this.#pool = new WorkerPool(
      {
        entry: () => findAdapter(name),
        workerData: { backend: name } satisfies BackendData,
        youngGenerationMb: YOUNG_GENERATION_MB,
        isBroken: (answer) => answer.verdict === "error" && answer.isRuntimeBroken,
      },
      poolOptions,
    );
  }

  /** Starts the worker and compiles the package while the caller does something else. Keeps no process alive. */
  prewarm(): void {
    this.#pool.prewarm();
  }

  async solve(request: ProgramRequest): Promise<ProgramAnswer> {
    const startMs = monotonicNowMs();
    const { outcome, numSteps } = await this.#decide(request, startMs);
    return { outcome, wallMs: monotonicNowMs() - startMs, numSteps };
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #decide(request: ProgramRequest, startMs: number): Promise<Omit<ProgramAnswer, "wallMs">> {
    const {
      program,
      relax,
      timeLimitMs,
      gap,
      stopAtFirst = false,
      start = null,
      maxSteps = Infinity,
      signal,
    } = request;
    const refusal = findRefusal(request) ?? this.#findInability(request);
    if (refusal !== null) return atOnce({ status: "error", message: refusal });
    if (signal?.aborted) return atOnce({ status: "no_solution", limit: "abort", bound: null });
    const packing = packProgram(program, relax);
    if (packing === null) return atOnce(nothing(request));
    if (program.variableNames.length === 0) {
      return atOnce(decideEmptyProgram(request, packing, relax && this.hasDuals));
    }
    if (timeLimitMs === 0) return atOnce({ status: "no_solution", limit: "time", bound: null });
    const deadlineMs = startMs + timeLimitMs;
    const endMs =
      request.killAfterMs === undefined ? deadlineMs + GRACES.solverThreadMs : startMs + request.killAfterMs;
    const killAfterMs = endMs - monotonicNowMs();
    const cutoff = packCutoff(request, packing);
    const task = { program: packing.packed, deadlineMs, gap, cutoff, stopAtFirst, start, maxSteps };
    return readEnding(request, packing, await this.#pool.run(task, killAfterMs, signal));
  }

  #findInability({ cutoff, stopAtFirst = false, maxSteps = Infinity }: ProgramRequest): string | null {
    if (!this.countsSteps && maxSteps < Infinity) return `${this.name} counts no steps`;
    if (this.hasCutoff || (cutoff === undefined && !stopAtFirst)) return null;
    return `${this.name} knows neither cutoffs nor a first point to stop at`;
  }
}

function atOnce(outcome: ProgramOutcome): Omit<ProgramAnswer, "wallMs"> {
  return { outcome, numSteps: 0 };
}

function findRefusal({ program, timeLimitMs, gap, cutoff, maxSteps = Infinity }: ProgramRequest): string | null {
  if (!(timeLimitMs >= 0)) return `the time limit is ${timeLimitMs} ms; it must be 0 or more`;
  if (!(gap >= 0 && gap < Infinity)) return `the gap is ${gap}; it must be a fraction of 0 or more`;
  if (!(maxSteps > 0)) return `the limit of steps is ${maxSteps}; it must be above 0`;
  if (cutoff !== undefined && !Number.isFinite(cutoff)) return `the cutoff is ${cutoff}; it must be finite`;
  try {
    checkProgram(program);
    return null;
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

/** GLPK aborts on a program without variables; its rows have been decided by then. */
function decideEmptyProgram(request: ProgramRequest, packing: Packing, withDuals: boolean): ProgramOutcome {
  const point = { values: new Float64Array(0), objective: request.program.objectiveConstant };
  if (!isGoodEnough(request, point.objective)) return { status: "none_better" };
  if (!withDuals) return { status: "optimal", point };
  return { status: "optimal", point: { ...point, duals: unpackDuals(packing, new Float64Array(0)) } };
}

/** Packages prune what only just meets a cutoff; theirs is therefore a little looser than the one asked for. */
function packCutoff({ program, cutoff }: ProgramRequest, { objectiveScale }: Packing): number | null {
  if (cutoff === undefined) return null;
  const slack = (program.sense === "min" ? 0.5 : -0.5) * cutoffTolerance(cutoff);
  return (cutoff + slack - program.objectiveConstant) * objectiveScale;
}

function cutoffTolerance(cutoff: number): number {
  return CONTINUOUS_TOLERANCE * Math.max(1, Math.abs(cutoff));
}

/** Whether a value is one the cutoff lets pass, up to the rounding of sums. */
function isGoodEnough({ program, cutoff }: ProgramRequest, value: number): boolean {
  if (cutoff === undefined) return true;
  const excess = program.sense === "min" ? value - cutoff : cutoff - value;
  return excess <= cutoffTolerance(cutoff);
}

/** With a cutoff nobody has looked for worse points, so that nothing is known of them. */
function nothing({ cutoff }: ProgramRequest): ProgramOutcome {
  return { status: cutoff === undefined ? "infeasible" : "none_better" };
}

function readEnding(
  request: ProgramRequest,
  packing: Packing,
  ending: Ending<RawAnswer>,
): Omit<ProgramAnswer, "wallMs"> {
  switch (ending.kind) {
    case "killed":
      return atOnce({ status: "no_solution", limit: ending.limit, bound: null });
    case "failed":
      return atOnce({ status: "error", message: ending.message });
    case "answer":
      return { outcome: readAnswer(request, packing, ending.answer), numSteps: ending.answer.numSteps ?? 0 };
  }
}

function readAnswer(request: ProgramRequest, packing: Packing, answer: RawAnswer): ProgramOutcome {
  const { program, relax } = request;
  switch (answer.verdict) {
    case "infeasible":
      return nothing(request);
    case "unbounded":
      return { status: "unbounded" };
    case "no_solution":
      return { status: "no_solution", limit: answer.limit, bound: unpackBound(request, packing, answer.bound) };
    case "error":
      return { status: "error", message: answer.message };
    case "optimal":
    case "feasible":
      break;
  }
  const check = checkPoint(program, answer.values, relax);
  if (!check.ok) return { status: "error", message: check.message };
  const { point } = check;
  if (answer.verdict === "feasible") {
    const bound = unpackBound(request, packing, answer.bound);
    if (!isGoodEnough(request, point.objective)) return { status: "no_solution", limit: answer.limit, bound };
    return { status: "feasible", limit: answer.limit, point, bound };
  }
  if (!isGoodEnough(request, point.objective)) return { status: "none_better" };
  if (!relax || answer.duals === undefined) return { status: "optimal", point };
  return { status: "optimal", point: { ...point, duals: unpackDuals(packing, answer.duals) } };
}

/** A bound in the user's units. What lies beyond the cutoff was not searched: there the cutoff is all that is known. */
function unpackBound({ program, cutoff }: ProgramRequest, packing: Packing, packed: number | undefined): number | null {
  if (packed === undefined) return null;
  const bound = packed / packing.objectiveScale + program.objectiveConstant;
  if (cutoff === undefined) return bound;
  return program.sense === "min" ? Math.min(bound, cutoff) : Math.max(bound, cutoff);
}
