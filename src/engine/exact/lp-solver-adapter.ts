import lpSolverModule from "javascript-lp-solver";
import type { Model, SolverAPI, SolveResult } from "javascript-lp-solver";
import { buildLpSolverModel } from "./lp-solver-model.js";
import type { RawAnswer, WorkerTask } from "./messages.js";
import { monotonicNowMs } from "../threads/clock.js";
import type { PackedProgram } from "./packed-program.js";
import { serve } from "./serve.js";

// Its types describe the CommonJS build; the module that Node loads exports the solver itself.
const lpSolver = lpSolverModule as unknown as SolverAPI;

/** What a solve of the package amounts to. */
interface RawSolution {
  readonly isFeasible: boolean;
  readonly isBounded: boolean;
  /** Whether a point with integral integer variables was ever found; on a time-out the package says feasible without one. */
  readonly isIntegral: boolean;
  readonly isTimedOut: boolean;
  /** The package omits variables that are 0. */
  readonly valueOf: (name: string) => number;
}

/** Solves of one program, each with other perturbed costs, until two agree. */
const MAX_OPINIONS = 4;
/** Optima this close to each other agree, relative to the larger of 1 and their size. */
const AGREEMENT_TOLERANCE = 1e-6;

/**
 * javascript-lp-solver 1.0.3, asked until two opinions agree. Unscaled it was wrong on about one small assignment
 * program in a thousand; scaled and perturbed as here on none of 30,000, but which one it gets wrong depends on noise.
 */
export function solveWithLpSolver(task: WorkerTask): RawAnswer {
  if (hasFreeInteger(task.program)) {
    return fail("javascript-lp-solver cannot solve programs with integer variables that have no bound at all");
  }
  const answer = solveConfirmed(task);
  if (answer.verdict !== "unbounded") return answer;
  // An unbounded relaxation is an unbounded program only if there is a point at all.
  const objective = new Float64Array(task.program.numVariables);
  const feasibility = solveConfirmed({ ...task, program: { ...task.program, objective } });
  return feasibility.verdict === "optimal" || feasibility.verdict === "feasible" ? answer : feasibility;
}

function solveConfirmed(task: WorkerTask): RawAnswer {
  let best = solveOnce(task, 1);
  for (let seed = 2; seed <= MAX_OPINIONS; seed++) {
    if (best.verdict !== "optimal" && best.verdict !== "infeasible" && best.verdict !== "unbounded") return best;
    const other = solveOnce(task, seed);
    if (other.verdict === "no_solution") {
      return best.verdict === "optimal" ? { verdict: "feasible", limit: "time", values: best.values } : other;
    }
    if (agree(task.program, best, other)) return best;
    best = findBetter(task.program, best, other);
  }
  return fail("javascript-lp-solver contradicts itself");
}

function agree(program: PackedProgram, one: RawAnswer, other: RawAnswer): boolean {
  if (!("values" in one) || !("values" in other)) return one.verdict === other.verdict;
  const value = evaluate(program, one.values);
  return Math.abs(value - evaluate(program, other.values)) <= AGREEMENT_TOLERANCE * Math.max(1, Math.abs(value));
}

/** A point refutes every verdict without one; of two points the better one. */
function findBetter(program: PackedProgram, one: RawAnswer, other: RawAnswer): RawAnswer {
  if (!("values" in other)) return one;
  if (!("values" in one)) return other;
  const gain = evaluate(program, other.values) - evaluate(program, one.values);
  return (program.sense === "min" ? gain < 0 : gain > 0) ? other : one;
}

function evaluate(program: PackedProgram, values: Float64Array): number {
  return values.reduce((sum, value, k) => sum + program.objective[k]! * value, 0);
}

/** The relaxation first, because an unbounded one sends the branch and bound astray; then only an integral point counts. */
function solveOnce(task: WorkerTask, seed: number): RawAnswer {
  const built = buildLpSolverModel(task.program, seed);
  if (built === null) return { verdict: "infeasible" };
  const { model, hasIntegers, readValues } = built;
  if (Object.keys(model.variables).length === 0) return { verdict: "optimal", values: readValues(() => 0) };

  const relaxation = run(hasIntegers ? { ...model, ints: {} } : model, task.deadlineMs);
  if (relaxation === null) return { verdict: "no_solution", limit: "time" };
  if (!relaxation.isFeasible) return { verdict: "infeasible" };
  if (!relaxation.isBounded) return { verdict: "unbounded" };
  if (!hasIntegers) return { verdict: "optimal", values: readValues(relaxation.valueOf) };

  const solution = run(model, task.deadlineMs);
  if (solution === null) return { verdict: "no_solution", limit: "time" };
  if (solution.isTimedOut) {
    if (!solution.isFeasible || !solution.isIntegral) return { verdict: "no_solution", limit: "time" };
    return { verdict: "feasible", limit: "time", values: readValues(solution.valueOf) };
  }
  if (!solution.isFeasible) return { verdict: "infeasible" };
  if (!solution.isIntegral) return fail("javascript-lp-solver ended without an integral point");
  return { verdict: "optimal", values: readValues(solution.valueOf) };
}

/**
 * Marked `unrestricted`, one in forty random programs with such variables ends in a wrong optimum; split in two, the
 * branch and bound never ends.
 */
function hasFreeInteger(program: PackedProgram): boolean {
  return program.isInteger.some(
    (flag, k) => flag === 1 && program.lower[k] === -Infinity && program.upper[k] === Infinity,
  );
}

function fail(message: string): RawAnswer {
  return { verdict: "error", message, isRuntimeBroken: false };
}

/** One solve by the package; null where no time is left. */
function run(model: Model, deadlineMs: number): RawSolution | null {
  const remainingMs = deadlineMs - monotonicNowMs();
  if (remainingMs <= 0) return null;
  // A timeout of 0 is read as none; Infinity would end the search at once.
  const timeout = remainingMs === Infinity ? undefined : Math.ceil(remainingMs);
  // The package does not say that it timed out, so its own clock is read before and after: a search cut short always
  // shows there, and one that ended just then counts as cut short. On another clock a cut search could pass for done.
  const start = Date.now();
  const options = { ...model.options, ...(timeout === undefined ? {} : { timeout }) };
  const result = lpSolver.Solve({ ...model, options }) as SolveResult;
  return {
    isFeasible: result.feasible === true,
    isBounded: result.bounded === true,
    isIntegral: result.isIntegral === true,
    isTimedOut: timeout !== undefined && Date.now() - start >= timeout,
    valueOf: (name) => Number(result[name] ?? 0),
  };
}

await serve("lp-solver", () => solveWithLpSolver);
