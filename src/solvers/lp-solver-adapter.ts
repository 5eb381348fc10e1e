import lpSolverModule from "javascript-lp-solver";
import type { Model, SolverAPI, SolveResult } from "javascript-lp-solver";
import { buildLpSolverModel } from "./lp-solver-model.js";
import type { RawAnswer, WorkerTask } from "./messages.js";
import { monotonicNowMs } from "./messages.js";

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

/**
 * javascript-lp-solver 1.0.3. Its word is read as follows: the relaxation first, because an unbounded one sends the
 * branch and bound astray; then the integer program, where only a point it calls integral counts.
 */
export function solveWithLpSolver(task: WorkerTask): RawAnswer {
  const answer = solveOnce(task);
  if (answer.verdict !== "unbounded") return answer;
  // An unbounded relaxation is an unbounded program only if there is a point at all.
  const objective = new Float64Array(task.program.numVariables);
  const feasibility = solveOnce({ ...task, program: { ...task.program, objective } });
  return feasibility.verdict === "optimal" || feasibility.verdict === "feasible" ? answer : feasibility;
}

function solveOnce(task: WorkerTask): RawAnswer {
  const built = buildLpSolverModel(task.program);
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
  if (!solution.isIntegral) {
    return {
      verdict: "error",
      message: "javascript-lp-solver ended without an integral point",
      isRuntimeBroken: false,
    };
  }
  return { verdict: "optimal", values: readValues(solution.valueOf) };
}

/** One solve by the package; null where no time is left. */
function run(model: Model, deadlineMs: number): RawSolution | null {
  const remainingMs = deadlineMs - monotonicNowMs();
  if (remainingMs <= 0) return null;
  // A timeout of 0 is read as none; Infinity would end the search at once.
  const timeout = remainingMs === Infinity ? {} : { timeout: Math.ceil(remainingMs) };
  const result = lpSolver.Solve({ ...model, options: { ...model.options, ...timeout } }) as SolveResult;
  return {
    isFeasible: result.feasible === true,
    isBounded: result.bounded === true,
    isIntegral: result.isIntegral === true,
    // The package does not say; a search that ended just then may be complete, but nothing proves it.
    isTimedOut: monotonicNowMs() >= deadlineMs,
    valueOf: (name) => Number(result[name] ?? 0),
  };
}
