import type { GLPK, LP, Options, Result } from "glpk.js/node";
import { SolverError } from "../../domain/index.js";
import type { Adapter, RawAnswer, WorkerTask } from "./messages.js";
import { monotonicNowMs } from "../threads/clock.js";
import type { PackedProgram } from "./packed-program.js";
import { readGlpkVerdict } from "./glpk-verdict.js";
import { serve } from "./serve.js";

/** GLPK counts milliseconds in an int. */
const MAX_TIME_LIMIT_MS = 2 ** 31 - 1;
/** Below this distance from an integer the continuous variables fit the rounded ones as they are. */
const POLISH_TOLERANCE = 1e-9;

/**
 * Compiles GLPK once for this thread. glpk.js drops the return code of the solve; what ended it can only be read from
 * what GLPK prints, so its output is collected (and kept out of ours).
 */
export async function loadGlpk(): Promise<Adapter> {
  const output: string[] = [];
  const collect = (line: unknown): void => void output.push(String(line));
  // Emscripten binds the console when the runtime is made.
  console.log = collect;
  console.error = collect;
  const { default: createGlpk } = await import("glpk.js/node");
  const glpk = await createGlpk();
  return (task) => solveWithGlpk(glpk, output, task);
}

function solveWithGlpk(glpk: GLPK, output: string[], task: WorkerTask): RawAnswer {
  const { program } = task;
  const answer = solveOnce(glpk, output, task);
  if (answer.verdict === "unbounded") {
    // GLPK means the relaxation, or "no dual solution", which infeasible programs may lack too. A feasible point decides.
    const objective = new Float64Array(program.numVariables);
    const feasibility = solveOnce(glpk, output, { ...task, program: { ...program, objective } });
    return feasibility.verdict === "optimal" || feasibility.verdict === "feasible" ? answer : feasibility;
  }
  if (answer.verdict !== "optimal" && answer.verdict !== "feasible") return answer;
  return polish(glpk, output, task, answer);
}

/** GLPK's integers are off by up to 1e-5; with ms-sized coefficients the continuous variables must follow their rounding. */
function polish<A extends RawAnswer & { values: Float64Array }>(
  glpk: GLPK,
  output: string[],
  task: WorkerTask,
  answer: A,
): A {
  const { program } = task;
  const isOff = (value: number, k: number): boolean =>
    program.isInteger[k] === 1 && Math.abs(value - Math.round(value)) > POLISH_TOLERANCE;
  if (!answer.values.some(isOff)) return answer;
  const fix = (bounds: Float64Array): Float64Array =>
    bounds.map((bound, k) => (program.isInteger[k] === 1 ? Math.round(answer.values[k]!) : bound));
  const isInteger = new Uint8Array(program.numVariables);
  const fixed = { ...program, lower: fix(program.lower), upper: fix(program.upper), isInteger };
  const polished = solveOnce(glpk, output, { ...task, program: fixed });
  return polished.verdict === "optimal" ? { ...answer, values: polished.values } : answer;
}

function solveOnce(glpk: GLPK, output: string[], { program, deadlineMs, gap }: WorkerTask): RawAnswer {
  const remainingMs = Math.min(deadlineMs - monotonicNowMs(), MAX_TIME_LIMIT_MS);
  if (remainingMs <= 0) return { verdict: "no_solution", limit: "time" };
  output.length = 0;
  // glpk.js solves integer programs with presolve or not at all; for linear ones its loose tolerances can be done without.
  const presol = program.isInteger.includes(1);
  const options: Options = { msglev: glpk.GLP_MSG_ALL, presol, tmlim: remainingMs / 1000, mipgap: gap };
  const { result } = callGlpk(glpk, output, toGlpk(glpk, program), options);
  const verdict = readGlpkVerdict(result.status, output, gap);
  const values = Float64Array.from(program.lower, (_, k) => result.vars[`x${k}`]!);
  if (verdict.verdict === "feasible") return { ...verdict, values };
  if (verdict.verdict !== "optimal") return verdict;
  const { dual } = result;
  if (dual === undefined) return { ...verdict, values };
  return {
    ...verdict,
    values,
    duals: Float64Array.from(program.rowLower, (_, r) => dual[`r${r}`]! + (dual[`s${r}`] ?? 0)),
  };
}

/** @throws SolverError with GLPK's own words where its runtime aborted; Emscripten's say nothing. */
function callGlpk(glpk: GLPK, output: readonly string[], lp: LP, options: Options): Result {
  try {
    return glpk.solve(lp, options);
  } catch (cause) {
    throw new SolverError(`GLPK aborted: ${output.slice(-3).join("; ")}`, { cause });
  }
}

function toGlpk(glpk: GLPK, program: PackedProgram): LP {
  return {
    name: "p",
    objective: {
      direction: program.sense === "min" ? glpk.GLP_MIN : glpk.GLP_MAX,
      name: "z",
      vars: Array.from(program.objective, (coef, k) => ({ name: `x${k}`, coef })),
    },
    subjectTo: Array.from(program.rowLower.keys()).flatMap((r) => toRows(glpk, program, r)),
    bounds: Array.from(program.lower, (lower, k) => ({ name: `x${k}`, ...toBounds(glpk, lower, program.upper[k]!) })),
    generals: Array.from(program.isInteger.keys())
      .filter((k) => program.isInteger[k] === 1)
      .map((k) => `x${k}`),
  };
}

/**
 * A row with two different sides becomes two rows: with integer variables GLPK's presolve loses one side of such a row
 * now and then, and calls points optimal that break it.
 */
function toRows(glpk: GLPK, program: PackedProgram, r: number): LP["subjectTo"] {
  const { rowStart, indices, coefficients } = program;
  const vars = Array.from(indices.subarray(rowStart[r], rowStart[r + 1]), (variable, t) => ({
    name: `x${variable}`,
    coef: coefficients[rowStart[r]! + t]!,
  }));
  const lower = program.rowLower[r]!;
  const upper = program.rowUpper[r]!;
  if (lower === upper || lower === -Infinity || upper === Infinity) {
    return [{ name: `r${r}`, vars, bnds: toBounds(glpk, lower, upper) }];
  }
  return [
    { name: `r${r}`, vars, bnds: toBounds(glpk, lower, Infinity) },
    { name: `s${r}`, vars, bnds: toBounds(glpk, -Infinity, upper) },
  ];
}

function toBounds(glpk: GLPK, lower: number, upper: number): { type: number; lb: number; ub: number } {
  if (lower === upper) return { type: glpk.GLP_FX, lb: lower, ub: upper };
  if (upper === Infinity) {
    return lower === -Infinity ? { type: glpk.GLP_FR, lb: 0, ub: 0 } : { type: glpk.GLP_LO, lb: lower, ub: 0 };
  }
  if (lower === -Infinity) return { type: glpk.GLP_UP, lb: 0, ub: upper };
  return { type: glpk.GLP_DB, lb: lower, ub: upper };
}

await serve("glpk", loadGlpk);
