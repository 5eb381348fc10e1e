import type { Program } from "../../models/program.js";
import { ModelError } from "../domain/errors.js";
import { checkPoint } from "./check-point.js";
import { checkProgram } from "./check-program.js";
import type { Backend, RawAnswer } from "./messages.js";
import { monotonicNowMs } from "./messages.js";
import type { Packing } from "./packed-program.js";
import { packProgram, unpackDuals } from "./packed-program.js";
import type { ProgramAnswer, ProgramOutcome, ProgramRequest, Solver } from "./solver.js";
import type { Ending, PoolOptions } from "./worker-pool.js";
import { WorkerPool } from "./worker-pool.js";

/** How long past its limit a package may take to hand over what it has before its worker is killed. */
export const WATCHDOG_GRACE_MS = 200;

/** A package in worker threads: checks the program, asks, maps the verdict, checks the point. */
export class PackageSolver implements Solver {
  readonly name: Backend;
  readonly version: string;
  readonly hasDuals: boolean;
  readonly #pool: WorkerPool;

  constructor(name: Backend, version: string, hasDuals: boolean, poolOptions: PoolOptions = {}) {
    this.name = name;
    this.version = version;
    this.hasDuals = hasDuals;
    this.#pool = new WorkerPool(name, poolOptions);
  }

  /** Starts the worker and compiles the package while the caller does something else. Keeps no process alive. */
  prewarm(): void {
    this.#pool.prewarm();
  }

  async solve(request: ProgramRequest): Promise<ProgramAnswer> {
    const startMs = monotonicNowMs();
    const outcome = await this.#decide(request, startMs);
    return { outcome, wallMs: monotonicNowMs() - startMs };
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }

  async #decide(request: ProgramRequest, startMs: number): Promise<ProgramOutcome> {
    const { program, relax, timeLimitMs, gap, signal } = request;
    const refusal = findRefusal(request);
    if (refusal !== null) return { status: "error", message: refusal };
    if (signal?.aborted) return { status: "no_solution", limit: "abort" };
    const packing = packProgram(program, relax);
    if (packing === null) return { status: "infeasible" };
    if (program.variableNames.length === 0) return decideEmptyProgram(program, packing, relax && this.hasDuals);
    if (timeLimitMs === 0) return { status: "no_solution", limit: "time" };
    const deadlineMs = startMs + timeLimitMs;
    const killAfterMs = deadlineMs + WATCHDOG_GRACE_MS - monotonicNowMs();
    const ending = await this.#pool.run({ program: packing.packed, deadlineMs, gap }, killAfterMs, signal);
    return readEnding(program, packing, relax, ending);
  }
}

function findRefusal({ program, timeLimitMs, gap }: ProgramRequest): string | null {
  if (!(timeLimitMs >= 0)) return `the time limit is ${timeLimitMs} ms; it must be 0 or more`;
  if (!(gap >= 0 && gap < Infinity)) return `the gap is ${gap}; it must be a fraction of 0 or more`;
  try {
    checkProgram(program);
    return null;
  } catch (error) {
    if (error instanceof ModelError) return error.message;
    throw error;
  }
}

/** GLPK aborts on a program without variables; its rows have been decided by then. */
function decideEmptyProgram(program: Program, packing: Packing, withDuals: boolean): ProgramOutcome {
  const point = { values: new Float64Array(0), objective: program.objectiveConstant };
  if (!withDuals) return { status: "optimal", point };
  return { status: "optimal", point: { ...point, duals: unpackDuals(packing, new Float64Array(0)) } };
}

function readEnding(program: Program, packing: Packing, relax: boolean, ending: Ending): ProgramOutcome {
  switch (ending.kind) {
    case "killed":
      return { status: "no_solution", limit: ending.limit };
    case "failed":
      return { status: "error", message: ending.message };
    case "answer":
      return readAnswer(program, packing, relax, ending.answer);
  }
}

function readAnswer(program: Program, packing: Packing, relax: boolean, answer: RawAnswer): ProgramOutcome {
  switch (answer.verdict) {
    case "infeasible":
    case "unbounded":
      return { status: answer.verdict };
    case "no_solution":
      return { status: "no_solution", limit: answer.limit };
    case "error":
      return { status: "error", message: answer.message };
    case "optimal":
    case "feasible":
      break;
  }
  const check = checkPoint(program, answer.values, relax);
  if (!check.ok) return { status: "error", message: check.message };
  if (answer.verdict === "feasible") return { status: "feasible", limit: answer.limit, point: check.point };
  if (!relax || answer.duals === undefined) return { status: "optimal", point: check.point };
  return { status: "optimal", point: { ...check.point, duals: unpackDuals(packing, answer.duals) } };
}
