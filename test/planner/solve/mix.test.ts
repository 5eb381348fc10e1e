import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solveProblem } from "../../../src/planner/solve/solve-problem.js";
import { verifyResult } from "../../../src/planner/verify/verify-result.js";
import { forEachPlan } from "../../support/brute-force.js";
import { smallProblem } from "../../support/check-against-brute-force.js";
import { agents, estimate, solveVerified, task } from "../../support/documents.js";

afterAll(closeSolvers);

const NO_LIMIT = { loadLimit: "none" } as const;

describe("mix", () => {
  const tasks = [
    task("t1", "", 0, { estimates: { a: estimate(10, { cost: 9 }), b: estimate(30, { success_probability: 0.99 }) } }),
    task("t2", "", 0, { estimates: { a: estimate(20, { cost: 5 }), b: estimate(15, { success_probability: 0.7 }) } }),
    task("t3", "", 0, { estimates: { a: estimate(12), b: estimate(25, { confidence_delta: 0.2 }) } }),
  ];
  const document = { agents: agents({}, {}), tasks };

  it("has every term between 0 and 1 at its ends, and its value is their weighted sum", async () => {
    const weights = { success: 0.5, throughput: 0.3, balance: 0.1, cost: 0.1 };
    const { objective, termination } = await solveVerified(document, { strategy: "mix", weights, ...NO_LIMIT });
    expect(termination).toBe("optimal");
    let sum = 0;
    for (const { ideal, nadir, value, weight } of objective.terms!) {
      const term = nadir === ideal ? 0 : (value! - ideal) / (nadir - ideal);
      expect(term).toBeGreaterThanOrEqual(-1e-9);
      expect(term).toBeLessThanOrEqual(1 + 1e-9);
      sum += weight * term;
    }
    expect(objective.value).toBeCloseTo(sum, 9);
    expect(objective.terms!.map(({ name }) => name)).toEqual(["success", "throughput", "balance", "cost"]);
  });

  it.each([
    ["success", "maximize_success"],
    ["throughput", "maximize_throughput"],
    ["balance", "balance_load"],
    ["confidence", "confidence_optimization"],
    ["cost", "minimize_cost"],
  ] as const)("of %s alone is %s", async (key, strategy) => {
    const single = await solveVerified(document, { strategy, ...NO_LIMIT });
    const mixed = await solveVerified(document, { strategy: "mix", weights: { [key]: 2 }, ...NO_LIMIT });
    expect(mixed.objective.terms![0]!.value).toBeCloseTo(single.objective.value!, 9);
  });

  it(
    "finds the least weighted sum there is, from ideals that are the best there are",
    { timeout: 60_000 },
    async () => {
      const weights = { success: 0.4, throughput: 0.3, balance: 0.1, retries: 0.1, confidence: 0.05, cost: 0.05 };
      let numCompared = 0;
      for (let seed = 1; seed <= 40; seed++) {
        const small = smallProblem(seed, 10_000);
        if (small === null || small.instance.deferral.kind === "priced") continue;
        const options = { ...small.options, strategy: "mix", weights, solver: "glpk" } as const;
        const result = await solveProblem(small.full, options, { now: () => 0, clock: () => 0, fixedNow: true });
        if (result.termination === "infeasible") continue;
        expect(result.termination).toBe("optimal");
        const report = verifyResult(result, small.full, options);
        expect([report.verdict === "invalid", report.message]).toEqual([false, report.message]);
        const terms = new Map(result.objective.terms!.map((term) => [term.name, term]));
        let [leastDeferred, leastSum] = [Infinity, Infinity];
        const ideals = {
          success: Infinity,
          throughput: Infinity,
          balance: Infinity,
          confidence: Infinity,
          cost: Infinity,
        };
        forEachPlan(small.instance, ({ values }) => {
          const [deferred] = values.maximize_success as [number, number];
          if (deferred > leastDeferred + 1e-9) return;
          if (deferred < leastDeferred - 1e-9) {
            [leastDeferred, leastSum] = [deferred, Infinity];
            for (const key of Object.keys(ideals) as (keyof typeof ideals)[]) ideals[key] = Infinity;
          }
          const byKey = {
            success: values.maximize_success[1]!,
            throughput: values.maximize_throughput[1]!,
            balance: values.balance_load[1]!,
            retries: values.minimize_retries[2]!,
            confidence: values.confidence_optimization[1]!,
            cost: values.minimize_cost[1]!,
          };
          for (const key of Object.keys(ideals) as (keyof typeof ideals)[])
            ideals[key] = Math.min(ideals[key], byKey[key]);
          let sum = 0;
          for (const [key, value] of Object.entries(byKey)) {
            const { weight, ideal, nadir } = terms.get(key)!;
            const sign = key === "success" || key === "confidence" ? -1 : 1;
            sum += nadir === ideal ? 0 : (weight * (sign * value - ideal)) / (nadir - ideal);
          }
          leastSum = Math.min(leastSum, sum);
        });
        expect(Math.abs(result.objective.value! - leastSum)).toBeLessThanOrEqual(1e-6);
        for (const [key, best] of Object.entries(ideals)) {
          const sign = key === "success" || key === "confidence" ? -1 : 1;
          expect(Math.abs(sign * terms.get(key)!.ideal - best)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(best)));
        }
        numCompared += 1;
      }
      expect(numCompared).toBeGreaterThan(20);
    },
  );
});
