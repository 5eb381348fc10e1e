import type { FullProblem, SolveOptions } from "../../src/domain/index.js";
import type { ResultDocument } from "../../src/domain/result.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { fillFromPrior } from "../../src/planner/solve/solve.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import { solveProblem } from "../../src/planner/solve/solve-problem.js";
import type { SolveContext } from "../../src/engine/goals/session.js";
import { getSolver } from "../../src/engine/exact/registry.js";
import type { ProgramOutcome, ProgramRequest, Solver } from "../../src/engine/exact/solver.js";
import { verifyResult } from "../../src/planner/verify/verify-result.js";

/** A solver that answers what the test wants; relaxations go to the real one unless `alsoRelaxed`. */
export function fakeSolver(
  name: "glpk" | "highs" | "lp-solver",
  answer: (request: ProgramRequest) => ProgramOutcome | Promise<ProgramOutcome>,
  alsoRelaxed = false,
): Solver & { numCalls: number } {
  const real = getSolver(name);
  return {
    name,
    version: "fake",
    hasDuals: real.hasDuals,
    hasCutoff: real.hasCutoff,
    countsSteps: real.countsSteps,
    numCalls: 0,
    async solve(request) {
      if (request.relax && !alsoRelaxed) return real.solve(request);
      this.numCalls += 1;
      return { outcome: await answer(request), wallMs: 0, numSteps: 0 };
    },
    close: () => Promise.resolve(),
  };
}

export interface Lent {
  readonly glpk?: Solver;
  readonly highs?: Solver;
  readonly lpSolver?: Solver;
  readonly options?: Partial<SolveOptions>;
  readonly context?: Partial<SolveContext>;
}

/** Solves a document with solvers and clocks of the test's own, and has the result verified. */
export async function solveWith(
  document: unknown,
  { glpk, highs, lpSolver, options = {}, context = {} }: Lent,
): Promise<ResultDocument> {
  const problem = parseProblem(document, "problem");
  const resolved = resolveOptions(problem.options, options);
  const full: FullProblem = fillFromPrior(problem, resolved);
  const result = await solveProblem(full, resolved, {
    now: () => 0,
    clock: () => performance.now(),
    fixedNow: true,
    solvers: {
      glpk: glpk ?? getSolver("glpk"),
      highs: highs ?? getSolver("highs"),
      "lp-solver": lpSolver ?? getSolver("lp-solver"),
    },
    ...context,
  });
  const report = verifyResult(result, full, resolved);
  if (report.verdict === "invalid") throw new Error(`verify: ${report.message}`);
  return result;
}
