import type { PlanContext } from "../solve/plan-context.js";
import { findViolations, goalChain } from "../../../models/index.js";
import type { FullProblem, SolveOptions } from "../../domain/index.js";
import { parseProblem } from "../documents/problem-document.js";
import { applyLoadLimit } from "../../engine/index.js";
import { buildInstance } from "../instance/build-instance.js";
import { fillFromPrior } from "../solve/solve.js";
import { resolveOptions } from "../solve/options.js";
import { solveProblem } from "../solve/solve-problem.js";
import { verifyResult } from "../verify/verify-result.js";
import { ARRAY_BASELINES } from "./array-baselines.js";
import { baselinesFor } from "../heuristics/baselines.js";
import type { ArrayInstance, BenchCase, BenchInstance, DocumentInstance } from "./bench-instance.js";
import { SLOW_BASELINE } from "../heuristics/heuristic-plans.js";
import { modelOf } from "../baselines/compare-strategy.js";
import { evaluateArrays } from "./evaluate-arrays.js";
import { caseLabel } from "./list-cases.js";
import { compareValues, type InstanceRow, medianRun, type NamedRun, relativeDistance, type Run } from "./measured.js";
import type { SolveArrays } from "./solve-arrays.js";

export interface MeasureSettings {
  readonly context: Pick<PlanContext, "now" | "clock" | "signal">;
  readonly timeLimitMs: number;
  /** Moves of each solve; null: those that the time limit stands for. Default null. */
  readonly workLimit?: number | null;
  readonly seeds: readonly number[];
  /** Null where nothing of ours takes arrays: then only heuristics are measured there. */
  readonly solveArrays: SolveArrays | null;
  /** Hears of each instance as it is done. */
  readonly onRow?: (row: InstanceRow, index: number, count: number) => void;
}

/**
 * Ours and the heuristics on one instance after another. An abort ends it after the instances that are complete: a run that was cut
 * short says nothing.
 *
 * @throws InputError where an instance file is malformed
 */
export async function measureCases(cases: readonly BenchCase[], settings: MeasureSettings): Promise<InstanceRow[]> {
  const rows: InstanceRow[] = [];
  for (const [index, one] of cases.entries()) {
    if (settings.context.signal?.aborted) break;
    const row = await measureCase(one, settings);
    if (settings.context.signal?.aborted) break;
    rows.push(row);
    settings.onRow?.(row, index, cases.length);
  }
  return rows;
}

async function measureCase(one: BenchCase, settings: MeasureSettings): Promise<InstanceRow> {
  const instance = await one.load();
  const measured =
    instance.kind === "document" ? await measureDocument(instance, settings) : await measureArrays(instance, settings);
  return buildRow(instance, measured);
}

interface Measured {
  readonly runs: readonly Run[];
  readonly baselines: readonly NamedRun[];
}

/** A row from the runs. */
function buildRow(instance: BenchInstance, { runs, baselines }: Measured): InstanceRow {
  const { suite, name, sense, bestKnown } = instance;
  const ours = medianRun(sense, runs);
  const sound = baselines.filter(({ value }) => value !== null);
  const [bestBaseline = null] = [...sound].sort((a, b) => compareValues(sense, a.value, b.value));
  const better = sound.filter(({ value }) => ours !== null && compareValues(sense, value, ours.value) < 0);
  return {
    suite,
    name,
    sense,
    bestKnown,
    runs,
    ours,
    gapToBestKnown: relativeDistance(ours?.value ?? null, bestKnown),
    ownGap: relativeDistance(ours?.value ?? null, ours?.bound ?? null),
    bestBaseline,
    betterThanOurs: better.map((run) => run.name),
  };
}

async function measureDocument(instance: DocumentInstance, settings: MeasureSettings): Promise<Measured> {
  const parsed = parseProblem(instance.document, caseLabel(instance));
  const base = resolveOptions(parsed.options, limitsOf(settings));
  const problem = fillFromPrior(parsed, base);
  const runs: Run[] = [];
  for (const seed of settings.seeds) {
    if (settings.context.signal?.aborted) break;
    runs.push(await runOurs(problem, { ...base, seed }, instance.isFeasible ?? true, settings));
  }
  return { runs, baselines: runBaselines(problem, base, settings) };
}

/** One solve, from call to result; what `verify` finds wrong does not count, nor a verdict that is known to be false. */
async function runOurs(
  problem: FullProblem,
  options: SolveOptions,
  isFeasible: boolean,
  { context }: MeasureSettings,
): Promise<Run> {
  const sinceMs = context.clock();
  const result = await solveProblem(problem, options, { ...context, fixedNow: false });
  const wallMs = context.clock() - sinceMs;
  const report = verifyResult(result, problem, options);
  const { value, bound } = result.objective;
  const isInfeasible = result.termination === "infeasible";
  const falseVerdict = isInfeasible && isFeasible ? "infeasible, but a plan is known" : null;
  const fault = report.verdict === "invalid" ? report.message : (result.error ?? falseVerdict);
  return {
    seed: options.seed,
    value: fault === null ? value : null,
    bound: fault === null ? bound : null,
    isProven: fault === null && (isInfeasible || result.termination === "optimal"),
    wallMs,
    fault,
  };
}

function runBaselines(problem: FullProblem, options: SolveOptions, { context }: MeasureSettings): NamedRun[] {
  const { instance } = applyLoadLimit(buildInstance(problem, options), options.loadLimit);
  const { goals, firstIndex } = goalChain(instance, modelOf({ strategy: options.strategy, objective: NO_TERMS }));
  return baselinesFor(instance)
    .filter(({ name }) => name !== SLOW_BASELINE)
    .map(({ name, plan }) => {
      const sinceMs = context.clock();
      const assignment = plan({ problem, instance }, goals, options.seed);
      const wallMs = context.clock() - sinceMs;
      const [violation] = findViolations(instance, assignment);
      const value = violation === undefined ? goals[firstIndex]!.evaluate(assignment) : null;
      return heuristicRun(
        name,
        value,
        wallMs,
        violation === undefined ? null : `${violation.row}: ${violation.message}`,
      );
    });
}

/** No suite has a mix: its terms are none. */
const NO_TERMS = {
  name: "",
  sense: "min",
  value: null,
  bound: null,
  bound_by: null,
  gap: null,
  secondary: null,
} as const;

/** What stops each solve. */
function limitsOf({ timeLimitMs, workLimit = null }: MeasureSettings) {
  return { timeLimitMs, ...(workLimit !== null && { workLimit }) };
}

async function measureArrays({ arrays }: ArrayInstance, settings: MeasureSettings): Promise<Measured> {
  const { context, solveArrays, seeds } = settings;
  const { signal } = context;
  const runs: Run[] = [];
  for (const seed of solveArrays === null ? [] : seeds) {
    if (signal?.aborted) break;
    const sinceMs = context.clock();
    const answer = await solveArrays!(arrays, { ...limitsOf(settings), seed, ...(signal !== undefined && { signal }) });
    const wallMs = context.clock() - sinceMs;
    const { value, fault } = countArrays(arrays, answer.agentOf);
    const bound = fault === null ? answer.bound : null;
    runs.push({ seed, value, bound, isProven: value !== null && value === bound, wallMs, fault });
  }
  const baselines = ARRAY_BASELINES.map(({ name, plan }) => {
    const sinceMs = context.clock();
    const agentOf = plan(arrays);
    const wallMs = context.clock() - sinceMs;
    const { value, fault } = countArrays(arrays, agentOf);
    return heuristicRun(name, value, wallMs, fault ?? (agentOf === null ? "no agent has room for some task" : null));
  });
  return { runs, baselines };
}

function countArrays(arrays: ArrayInstance["arrays"], agentOf: Int32Array | null): Pick<Run, "value" | "fault"> {
  if (agentOf === null) return { value: null, fault: null };
  const evaluation = evaluateArrays(arrays, agentOf);
  return evaluation.isValid ? { value: evaluation.value, fault: null } : { value: null, fault: evaluation.violation };
}

function heuristicRun(name: string, value: number | null, wallMs: number, fault: string | null): NamedRun {
  return { name, seed: null, value, bound: null, isProven: false, wallMs, fault };
}
