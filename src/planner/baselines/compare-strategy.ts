import type { PlanContext } from "../solve/plan-context.js";
import {
  type Assignment,
  type ComparedGoal,
  compareGoals,
  deferredWeight,
  findViolations,
  firstDifference,
  type Goal,
  goalChain,
  type Instance,
  mixModel,
  STRATEGY_MODELS,
  type StrategyModel,
} from "../../../models/index.js";
import { applyLoadLimit, relativeGap } from "../../engine/index.js";
import {
  requireNamed,
  type FullProblem,
  type GoalKey,
  ModelError,
  type SolveOptions,
  type ResultDocument,
} from "../../domain/index.js";
import { buildInstance } from "../instance/build-instance.js";
import { solveProblem } from "../solve/solve-problem.js";
import { CheckList } from "../verify/report.js";
import { readPlan } from "../verify/read-plan.js";
import { verifyResult } from "../verify/verify-result.js";
import { type Baseline, baselinesFor } from "../heuristics/baselines.js";

/** What one plan is worth to a strategy. */
export interface PlanScore {
  readonly name: string;
  readonly plan: Assignment;
  readonly deferredWeight: number;
  /** One for each of the comparison's goals, in its own sense; the last is the first goal's. */
  readonly values: readonly number[];
  /** First goal's value against our bound, a fraction; null where the bound is unknown or an earlier goal is worse: then it does not speak of this plan. */
  readonly gap: number | null;
  /** Time to plan, milliseconds. */
  readonly wallMs: number;
}

/** Ours and every baseline on one wave, on the strategy's own goals, under the same limits. */
export interface StrategyComparison {
  /** In lexicographic order up to the first goal: deferral, the goals before the first, the first. */
  readonly goals: readonly ComparedGoal[];
  readonly result: ResultDocument;
  readonly ours: PlanScore;
  readonly baselines: readonly PlanScore[];
  /** Baselines that found no plan within the limits, with the first row they break; only where deferral is forbidden. */
  readonly rejected: readonly { readonly name: string; readonly violation: string }[];
  /** Baselines that are better than ours: a fault of ours wherever there is one. */
  readonly betterThanOurs: readonly string[];
}

export interface CompareSettings {
  readonly context: PlanContext;
  /** Timed solves, after one that warms up; 0 takes the first solve as it is, and so does one that a limit ended. */
  readonly repetitions: number;
  /** Of the random baseline. */
  readonly seed: number;
}

/**
 * Solves one wave with `solveProblem` and holds every baseline against the result.
 *
 * @throws ModelError where our own result has no plan or does not pass `verifyResult`
 */
export async function compareStrategy(
  problem: FullProblem,
  options: SolveOptions,
  settings: CompareSettings,
): Promise<StrategyComparison> {
  const { result, wallMs } = await solveTimed(problem, options, settings);
  const { instance } = applyLoadLimit(buildInstance(problem, options), options.loadLimit);
  const ourPlan = checkOurs(result, problem, instance, options);
  const { goals: chain, firstIndex } = goalChain(instance, modelOf(result));
  const goals = chain.slice(0, firstIndex + 1);
  const ourValues = goals.map((goal) => goal.evaluate(ourPlan));
  const score = (name: string, plan: Assignment, ms: number): PlanScore =>
    scorePlan({ name, plan, wallMs: ms }, instance, goals, ourValues, result.objective.bound);
  const ours = score("ours", ourPlan, wallMs);
  const planned = baselinesFor(instance).map((baseline) => planTimed(baseline, { problem, instance }, chain, settings));
  const sound = planned.filter(({ violation }) => violation === null);
  const baselines = sound.map(({ name, plan, wallMs: ms }) => score(name, plan, ms));
  return {
    goals: goals.map(({ name, sense }) => ({ name, sense })),
    result,
    ours,
    baselines,
    rejected: planned.flatMap(({ name, violation }) => (violation === null ? [] : [{ name, violation }])),
    betterThanOurs: baselines
      .filter(({ values }) => compareGoals(goals, values, ours.values) < 0)
      .map(({ name }) => name),
  };
}

/** The best plan by the goals, the first of equals. */
export function bestScore(goals: readonly ComparedGoal[], scores: readonly PlanScore[]): PlanScore | undefined {
  const [first, ...others] = scores;
  if (first === undefined) return undefined;
  return others.reduce((best, one) => (compareGoals(goals, one.values, best.values) < 0 ? one : best), first);
}

async function solveTimed(
  problem: FullProblem,
  options: SolveOptions,
  { context, repetitions }: CompareSettings,
): Promise<{ result: ResultDocument; wallMs: number }> {
  const run = async (): Promise<{ result: ResultDocument; wallMs: number }> => {
    const since = context.clock();
    const result = await solveProblem(problem, options, context);
    return { result, wallMs: context.clock() - since };
  };
  const first = await run();
  if (repetitions === 0 || first.result.limit !== null) return first;
  const times: number[] = [];
  for (let k = 0; k < repetitions; k++) times.push((await run()).wallMs);
  return { result: first.result, wallMs: median(times) };
}

/** The middle value, the mean of the two middle ones of an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

function checkOurs(
  result: ResultDocument,
  problem: FullProblem,
  instance: Instance,
  options: SolveOptions,
): Assignment {
  const report = verifyResult(result, problem, options);
  if (report.verdict === "invalid") throw new ModelError(`our own result does not verify: ${report.message}`);
  const plan = readPlan(result, instance, new CheckList());
  if (plan === null) throw new ModelError(`no plan to compare: ${result.termination}`);
  return plan;
}

/** The model whose goals a result was found by; of a mix with the ranges of its terms. */
export function modelOf(result: Pick<ResultDocument, "strategy" | "objective">): StrategyModel {
  const strategy = requireNamed(result, "explained or compared");
  if (strategy !== "mix") return STRATEGY_MODELS[strategy];
  return mixModel((result.objective.terms ?? []).map((term) => ({ ...term, key: term.name as GoalKey })));
}

function planTimed(
  { name, plan: build }: Baseline,
  wave: { readonly problem: FullProblem; readonly instance: Instance },
  chain: readonly Goal[],
  { context, seed }: CompareSettings,
) {
  const since = context.clock();
  const plan = build(wave, chain, seed);
  const wallMs = context.clock() - since;
  const [violation] = findViolations(wave.instance, plan);
  return { name, plan, wallMs, violation: violation === undefined ? null : `${violation.row}: ${violation.message}` };
}

function scorePlan(
  { name, plan, wallMs }: Pick<PlanScore, "name" | "plan" | "wallMs">,
  instance: Instance,
  goals: readonly Goal[],
  ourValues: readonly number[],
  bound: number | null,
): PlanScore {
  const values = goals.map((goal) => goal.evaluate(plan));
  const isBounded = firstDifference(goals.slice(0, -1), values, ourValues) === null;
  return {
    name,
    plan,
    deferredWeight: deferredWeight(instance, plan),
    values,
    gap: bound !== null && isBounded ? relativeGap(goals.at(-1)!, values.at(-1)!, bound) : null,
    wallMs,
  };
}
