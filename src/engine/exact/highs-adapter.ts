import highsModule from "highs";
import type { Highs, Model, ModelData, VariableType } from "highs";
import type { Adapter, RawAnswer, WorkerTask } from "./messages.js";
import { monotonicNowMs } from "../threads/clock.js";
import { HighsSteps } from "./highs-steps.js";
import type { PackedProgram } from "./packed-program.js";
import { toColumns } from "./packed-columns.js";
import { serve } from "./serve.js";

// Its types describe the CommonJS build; the module that Node loads exports the loader itself.
const loadRuntime = highsModule as unknown as typeof highsModule.default;

/** `primal_solution_status` and `dual_solution_status` where the values may be used. */
const FEASIBLE = 2;
const INTEGER: VariableType = 1;
const CONTINUOUS: VariableType = 0;
/**
 * Ten times finer than what points are held to: rounding moves an activity by a coefficient times the integrality
 * tolerance, and the default of 1e-6 would use up all that is allowed.
 */
const TOLERANCE = 1e-7;
/** A point counts as optimal only below this gap; with a larger one HiGHS stopped because that was enough. */
const CLOSED_GAP = 1e-9;

/** Compiles HiGHS once for this thread. Every solve has a model of its own, freed at its end. */
export async function loadHighs(): Promise<Adapter> {
  const highs = await loadRuntime();
  return (task) => solveWithHighs(highs, task);
}

function solveWithHighs(highs: Highs, task: WorkerTask): RawAnswer {
  const answer = solveOnce(highs, task);
  if (answer !== "unbounded") return answer;
  // HiGHS means the relaxation, or "unbounded or infeasible". A feasible point decides.
  const objective = new Float64Array(task.program.numVariables);
  const free = { ...task, cutoff: null, stopAtFirst: true, program: { ...task.program, objective } };
  const feasibility = solveOnce(highs, free);
  if (feasibility === "unbounded") return fail("HiGHS calls a program without objective unbounded");
  return "values" in feasibility ? { verdict: "unbounded" } : feasibility;
}

function solveOnce(highs: Highs, task: WorkerTask): RawAnswer | "unbounded" {
  const { program } = task;
  const remainingMs = task.deadlineMs - monotonicNowMs();
  if (remainingMs <= 0) return { verdict: "no_solution", limit: "time" };
  const isMixed = program.isInteger.includes(1);
  const model = highs.createModel(toModel(program, isMixed));
  try {
    model.options.set({ output_flag: false, ...tolerances(isMixed) });
    // Infinity is the default, and refused where it is set.
    if (remainingMs < Infinity) model.options.set("time_limit", remainingMs / 1000);
    if (isMixed) model.options.set(searchOptions(task));
    if (isMixed && task.start !== null) model.setSolution({ colValue: task.start });
    const steps = new HighsSteps(highs, task.maxSteps);
    model.run(isMixed ? steps.callbacks : {});
    const answer = readAnswer(highs, model, task, isMixed);
    return answer === "unbounded" ? answer : { ...answer, numSteps: steps.usedBy(model) };
  } finally {
    model.dispose();
  }
}

function tolerances(isMixed: boolean): Record<string, number> {
  const shared = { primal_feasibility_tolerance: TOLERANCE, dual_feasibility_tolerance: TOLERANCE };
  return isMixed ? { ...shared, mip_feasibility_tolerance: TOLERANCE } : shared;
}

function searchOptions({ program, gap, cutoff, stopAtFirst }: WorkerTask): Record<string, number> {
  return {
    mip_rel_gap: gap,
    mip_abs_gap: 0,
    ...(cutoff === null ? {} : { objective_bound: toMinimum(program, cutoff) }),
    ...(stopAtFirst ? { mip_max_improving_sols: 1 } : {}),
  };
}

/** Programs are minimised here: the options for cutoffs mean the other side where HiGHS maximises. */
function toModel(program: PackedProgram, isMixed: boolean): ModelData {
  const { numVariables: numCols, numRows, lower, upper, rowLower, rowUpper } = program;
  return {
    numCols,
    numRows,
    colCost: program.objective.map((coefficient) => toMinimum(program, coefficient)),
    colLower: lower,
    colUpper: upper,
    rowLower,
    rowUpper,
    matrix: { format: "csc", numCols, numRows, ...toColumns(program) },
    ...(isMixed ? { integrality: Array.from(program.isInteger, (flag) => (flag === 1 ? INTEGER : CONTINUOUS)) } : {}),
  };
}

/** A value of the objective as HiGHS sees it, or back. Adding 0 turns −0 into 0. */
function toMinimum({ sense }: PackedProgram, value: number): number {
  return sense === "min" ? value : -value + 0;
}

function readAnswer(highs: Highs, model: Model, task: WorkerTask, isMixed: boolean): RawAnswer | "unbounded" {
  const status = model.getModelStatus();
  const { modelStatus } = highs.constants;
  const bound = isMixed ? boundOf(model, task.program) : {};
  const point = hasPoint(model) ? { values: model.getSolution().colValue } : null;
  const ended = (limit: "time" | "work"): RawAnswer =>
    point === null ? { verdict: "no_solution", limit, ...bound } : { verdict: "feasible", limit, ...point, ...bound };
  if (status === modelStatus.infeasible) return { verdict: "infeasible" };
  if (status === modelStatus.unbounded || status === modelStatus.unboundedOrInfeasible) return "unbounded";
  if (status === modelStatus.timeLimit) return ended("time");
  if (status === modelStatus.interrupted || (status === modelStatus.solutionLimit && point !== null))
    return ended("work");
  if (status === modelStatus.optimal && point !== null) return readOptimum(model, task, isMixed, bound);
  return fail(`HiGHS stopped with model status ${status}`);
}

function readOptimum(model: Model, task: WorkerTask, isMixed: boolean, bound: { bound?: number }): RawAnswer {
  const { colValue: values, rowDual } = model.getSolution();
  if (isMixed) {
    const isClosed = task.gap === 0 || Number(model.info.get("mip_gap")) <= CLOSED_GAP;
    return isClosed ? { verdict: "optimal", values } : { verdict: "feasible", limit: "gap", values, ...bound };
  }
  if (model.info.get("dual_solution_status") !== FEASIBLE) return { verdict: "optimal", values };
  return { verdict: "optimal", values, duals: rowDual.map((dual) => toMinimum(task.program, dual)) };
}

function hasPoint(model: Model): boolean {
  return model.info.get("primal_solution_status") === FEASIBLE;
}

/** The bound on every point's objective; none where the search ended before there was one. */
function boundOf(model: Model, program: PackedProgram): { bound?: number } {
  const bound = Number(model.info.get("mip_dual_bound"));
  return Number.isFinite(bound) ? { bound: toMinimum(program, bound) } : {};
}

function fail(message: string): RawAnswer {
  return { verdict: "error", message, isRuntimeBroken: false };
}

await serve("highs", loadHighs);
