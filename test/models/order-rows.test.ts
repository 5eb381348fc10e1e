import { afterAll, describe, expect, it } from "vitest";
import { buildStage, type SettledGoal } from "../../models/build.js";
import { findViolations } from "../../models/feasibility.js";
import type { Goal } from "../../models/goal.js";
import type { Instance } from "../../models/instance.js";
import { compareGoals } from "../../models/compare-goals.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { goalChain } from "../../models/strategy.js";
import { getSolvers } from "../../src/engine/exact/registry.js";
import type { Solver } from "../../src/engine/exact/solver.js";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { faultsOf, forEachTimedPlan } from "../engine/ordered/every-timed-plan.js";
import { randomTimedInstance } from "../engine/ordered/random-timed-instance.js";

afterAll(closeSolvers);

const COUNT = Number(process.env.ORDER_ROWS_COUNT ?? 14);

/** The best values of the goals, one after another, over every plan; null where there is no plan. */
function exhaust(instance: Instance, goals: readonly Goal[]): number[] | null {
  let best: number[] | null = null;
  forEachTimedPlan(instance, (plan) => {
    const values = goals.map((goal) => goal.evaluate(plan));
    if (best === null || compareGoals(goals, values, best) < 0) best = values;
  });
  return best;
}

/** The same by the programs of the goals; null where the first is infeasible. */
async function solveStages(instance: Instance, goals: readonly Goal[], solver: Solver): Promise<number[] | null> {
  const settled: SettledGoal[] = [];
  for (const goal of goals) {
    const { program, decode } = buildStage(instance, { goal, settled });
    const { outcome } = await solver.solve({ program, timeLimitMs: 30_000, gap: 0, relax: false });
    if (outcome.status === "infeasible") return null;
    if (outcome.status !== "optimal") throw new Error(`${goal.name}: ${outcome.status}`);
    const plan = decode(outcome.point.values);
    expect(findViolations(instance, plan)).toEqual([]);
    expect(faultsOf(instance, plan)).toEqual([]);
    settled.push({ goal, value: goal.evaluate(plan) });
  }
  return settled.map(({ value }) => value);
}

describe.each(["glpk", "highs"] as const)("the program of start times, solved by %s", (name) => {
  it.each(["maximize_throughput", "minimize_cost", "balance_load"] as const)(
    "has the best plan of %s",
    async (strategy) => {
      const counts = { feasible: 0, infeasible: 0 };
      for (let seed = 1; seed <= COUNT; seed++) {
        const instance = randomTimedInstance(seed, 4);
        const { goals } = goalChain(instance, STRATEGY_MODELS[strategy], { withSecond: false });
        const best = exhaust(instance, goals);
        const found = await solveStages(instance, goals, getSolvers()[name]);
        counts[best === null ? "infeasible" : "feasible"] += 1;
        expect([seed, found?.map((value) => value.toFixed(5))]).toEqual([seed, best?.map((value) => value.toFixed(5))]);
      }
      expect(counts.feasible).toBeGreaterThan(5);
    },
  );
});
