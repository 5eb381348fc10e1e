import type { PlannedWave } from "../solve/plan-context.js";
import {
  type Assignment,
  compareGoals,
  deferredWeight,
  findViolations,
  type Goal,
  goalChain,
  type Instance,
  makespanMs,
} from "../../../models/index.js";
import type { BaselineRecord, FullProblem, ResultDocument } from "../../domain/index.js";
import { computeExpected } from "../instance/expected.js";
import { readPlanned } from "../solve/forecast-result.js";
import { baselinesFor } from "./baselines.js";
import { modelOf } from "./compare-strategy.js";

/** Left out where time counts: a hundred plans instead of one. */
export const SLOW_BASELINE = "best of 100 random";

/**
 * The best plan a heuristic finds for the wave of a result, by the goals of the result's strategy and under the same
 * limits; null where no heuristic keeps them. A wave's worth of heuristics costs milliseconds: the one that draws a
 * hundred plans is left out. Makespans are the model's: the order that dependencies force is ignored.
 *
 * @param planned the result as arrays, where the caller has it
 * @throws InputError where the result holds no plan
 */
export function bestBaseline(
  problem: FullProblem,
  result: ResultDocument,
  planned: Pick<PlannedWave, "instance" | "plan"> = readPlanned(problem, result),
): BaselineRecord | null {
  const { instance, plan } = planned;
  const { goals: chain, firstIndex } = goalChain(instance, modelOf(result));
  const goals = chain.slice(0, firstIndex + 1);
  const valuesOf = (assignment: Assignment): number[] => goals.map((goal) => goal.evaluate(assignment));
  let best: { readonly name: string; readonly plan: Assignment; readonly values: readonly number[] } | null = null;
  for (const { name, plan: candidate } of heuristicPlans(problem, instance, chain, result.seed)) {
    const values = valuesOf(candidate);
    if (best === null || compareGoals(goals, values, best.values) < 0) best = { name, plan: candidate, values };
  }
  if (best === null) return null;
  const goal = goals.at(-1)!;
  return {
    name: best.name,
    goal: goal.name,
    sense: goal.sense,
    value: best.values.at(-1)!,
    ownValue: goal.evaluate(plan),
    deferredWeight: deferredWeight(instance, best.plan),
    ownDeferredWeight: deferredWeight(instance, plan),
    ...expectedOf(problem, instance, best.plan),
  };
}

/** The plan of every heuristic but the slow one that keeps the limits, in the order of the table. */
export function heuristicPlans(
  problem: FullProblem,
  instance: Instance,
  goals: readonly Goal[],
  seed: number,
): { readonly name: string; readonly plan: Assignment }[] {
  return baselinesFor(instance)
    .filter(({ name }) => name !== SLOW_BASELINE)
    .map(({ name, plan }) => ({ name, plan: plan({ problem, instance }, goals, seed) }))
    .filter(({ plan }) => findViolations(instance, plan).length === 0);
}

function expectedOf(problem: FullProblem, instance: Instance, plan: Assignment) {
  const expected = computeExpected(problem, instance, plan, makespanMs(instance, plan));
  return { successRate: expected.success_rate, makespanMs: expected.makespan_ms };
}
