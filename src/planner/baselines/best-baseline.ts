import type { PlannedWave } from "../solve/plan-context.js";
import {
  type Assignment,
  compareGoals,
  deferredWeight,
  goalChain,
  type Instance,
  makespanMs,
} from "../../../models/index.js";
import type { BaselineRecord, FullProblem, ResultDocument } from "../../domain/index.js";
import { computeExpected } from "../instance/expected.js";
import { readPlanned } from "../solve/forecast-result.js";
import { heuristicPlans } from "../heuristics/heuristic-plans.js";
import { modelOf } from "./compare-strategy.js";

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

function expectedOf(problem: FullProblem, instance: Instance, plan: Assignment) {
  const expected = computeExpected(problem, instance, plan, makespanMs(instance, plan));
  return { successRate: expected.success_rate, makespanMs: expected.makespan_ms };
}
