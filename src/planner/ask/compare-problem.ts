import {
  type Assignment,
  deferredWeight,
  findViolations,
  goalChain,
  type Instance,
  mixGoal,
  STRATEGY_MODELS,
  STRATEGY_OF_GOAL,
} from "../../../models/index.js";
import { applyLoadLimit } from "../../engine/index.js";
import {
  type FullProblem,
  GOAL_KEYS,
  type GoalKey,
  optionsToDocument,
  type SolveOptions,
  type ResultDocument,
  type StrategyName,
} from "../../domain/index.js";
import { type Baseline, baselinesFor } from "../heuristics/baselines.js";
import { problemSha256 } from "../documents/problem-sha256.js";
import { buildInstance } from "../instance/build-instance.js";
import type { PlanContext } from "../solve/plan-context.js";
import { solveProblem } from "../solve/solve-problem.js";
import { CheckList } from "../verify/report.js";
import { readPlan } from "../verify/read-plan.js";
import type { ComparedPlan, CompareReport } from "../../domain/schemas/index.js";
import { type ParetoAsk, ParetoSearch } from "./pareto.js";
import { tradeWords } from "./trade-words.js";

export interface CompareAsk {
  readonly strategies: readonly StrategyName[];
  readonly baselines: boolean;
  readonly pareto: ParetoAsk | null;
  /** Called with each strategy's result as it comes. */
  readonly onResult?: (result: ResultDocument, index: number, count: number) => void;
}

/**
 * Solves one wave under each strategy, lets heuristics plan it too, measures every plan by every goal under the same limits, and looks
 * for the front of two or three goals. The time limit is for each solve.
 */
export async function compareProblem(
  problem: FullProblem,
  options: SolveOptions,
  { strategies, baselines, pareto, onResult }: CompareAsk,
  context: PlanContext,
): Promise<CompareReport> {
  const { instance } = applyLoadLimit(buildInstance(problem, options), options.loadLimit);
  const results: ResultDocument[] = [];
  for (const [index, strategy] of strategies.entries()) {
    if (context.signal?.aborted === true) break;
    const result = await solveProblem(problem, { ...options, strategy }, context);
    results.push(result);
    onResult?.(result, index, strategies.length);
  }
  const planned = results.map((result) => measureResult(result, instance));
  const ruled = baselines ? baselinesFor(instance).map((one) => measureBaseline(one, problem, instance, options)) : [];
  const known = planned.flatMap(({ plan }) => (plan === null ? [] : [plan]));
  const { now, clock, fixedNow, signal } = context;
  const lent = { now, clock, fixedNow, ...(signal !== undefined && { signal }), timeLimitMs: options.timeLimitMs };
  const search = pareto === null ? null : new ParetoSearch(instance, pareto, options, lent, known);
  const front = search === null ? null : await search.run();
  const goals = GOAL_KEYS.map((key) => {
    const { name, sense } = mixGoal(key);
    return { key, name, sense, unit: STRATEGY_OF_GOAL[key].words.unit, bound: boundOf(key, results) };
  });
  const plans = [...planned, ...ruled].map(({ row }) => row);
  return {
    schema_version: 1,
    problem_sha256: problemSha256(problem),
    goals,
    plans,
    words: tradeWords(goals, plans),
    front,
    options: optionsToDocument(options),
    reproducible: results.every(({ reproducible }) => reproducible) && search?.isReproducible !== false,
  };
}

function boundOf(key: GoalKey, results: readonly ResultDocument[]): number | null {
  const result = results.find(({ strategy }) => strategy === STRATEGY_OF_GOAL[key].name);
  return result?.objective.bound ?? null;
}

/** A row of the report, and the plan that it measures; null where there is none or it breaks a limit. */
interface Measured {
  readonly row: ComparedPlan;
  readonly plan: Assignment | null;
}

function measureResult(result: ResultDocument, instance: Instance): Measured {
  const { strategy, termination, limit, objective, wall_ms } = result;
  const { name, sense, value, bound, gap } = objective;
  const hasPlan = termination === "optimal" || termination === "feasible";
  const plan = hasPlan ? readPlan(result, instance, new CheckList()) : null;
  const row: ComparedPlan = {
    ...{ name: strategy, kind: "strategy", termination, limit, wall_ms },
    objective: { name, sense, value, bound, gap },
    ...measuresOf(instance, plan),
    fault: hasPlan ? null : (result.conflict?.explanation ?? result.error ?? termination),
  };
  return { row, plan };
}

function measureBaseline(
  { name, strategy, plan: build }: Baseline,
  problem: FullProblem,
  instance: Instance,
  { seed }: SolveOptions,
): Measured {
  const named = strategy === null || strategy === "mix" ? "maximize_success" : strategy;
  const { goals } = goalChain(instance, STRATEGY_MODELS[named]);
  const built = build({ problem, instance }, goals, seed);
  const [violation] = findViolations(instance, built);
  const plan = violation === undefined ? built : null;
  const row: ComparedPlan = {
    ...{ name, kind: "baseline", termination: null, limit: null, objective: null, wall_ms: null },
    ...measuresOf(instance, plan),
    fault: violation === undefined ? null : `${violation.row}: ${violation.message}`,
  };
  return { row, plan };
}

function measuresOf(instance: Instance, plan: Assignment | null): Pick<ComparedPlan, "values" | "deferred_weight"> {
  if (plan === null) return { values: null, deferred_weight: null };
  const values = GOAL_KEYS.map((key): [GoalKey, number] => [key, mixGoal(key).on(instance).evaluate(plan)]);
  return { values: Object.fromEntries(values), deferred_weight: deferredWeight(instance, plan) };
}
