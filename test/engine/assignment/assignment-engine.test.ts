import { describe, expect, it } from "vitest";
import type { GeneralizedAssignment } from "../../../src/engine/bounds/generalized-assignment.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { solveAssignment } from "../../../src/engine/assignment/assignment-engine.js";
import { firstIncumbent } from "../../../src/engine/assignment/first-incumbent.js";
import { everyPlan, generateGap, costOfPairs } from "../../support/combinatorial.js";

const CLASSES = ["c", "d", "e"] as const;

function solve(problem: GeneralizedAssignment, work: number, seed = 1, start?: Int32Array) {
  const bounds: number[] = [];
  const costs: number[] = [];
  const outcome = solveAssignment(problem, {
    seed,
    meter: new WorkMeter(work),
    expectedWork: work,
    ...(start === undefined ? {} : { start }),
    listener: { onBound: (bound) => bounds.push(bound), onIncumbent: (_, cost) => costs.push(cost) },
  });
  return { outcome, bounds, costs };
}

describe("solveAssignment", () => {
  it("proves the optimum of tiny problems, or that there is none, on whole and on real numbers", () => {
    for (let seed = 1; seed <= 90; seed++) {
      const whole = generateGap(CLASSES[seed % 3]!, { numTasks: 7, numAgents: 3 }, seed);
      const problem =
        seed % 2 === 0
          ? whole
          : {
              ...whole,
              cost: whole.cost.map((c) => c / 7),
              use: whole.use.map((u) => u / 3),
              capacity: whole.capacity.map((c) => c / 3 + 0.01),
            };
      let best = Infinity;
      for (const pairs of everyPlan(problem)) best = Math.min(best, costOfPairs(problem, pairs) ?? Infinity);
      const { outcome } = solve(problem, 3e6);
      if (best === Infinity) {
        expect([seed, outcome.agentOf, outcome.bound]).toEqual([seed, null, Infinity]);
        continue;
      }
      expect(outcome.cost).toBeCloseTo(best, 9);
      expect(Math.abs(outcome.bound - best)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(best)));
    }
  });

  it("proves middling problems of every class, with bounds that rise and costs that fall", () => {
    for (const kind of CLASSES) {
      const { outcome, bounds, costs } = solve(generateGap(kind, { numTasks: 40, numAgents: 5 }, 11), 2e8);
      expect([kind, outcome.bound]).toEqual([kind, outcome.cost]);
      expect(bounds).toEqual([...bounds].sort((a, b) => a - b));
      expect(costs).toEqual([...costs].sort((a, b) => b - a));
    }
  });

  it("does the same again with the same seed and work", () => {
    const problem = generateGap("d", { numTasks: 60, numAgents: 8 }, 2);
    const [one, other] = [solve(problem, 2e7, 5), solve(problem, 2e7, 5)];
    expect(one.outcome).toEqual(other.outcome);
    expect(one.costs).toEqual(other.costs);
    expect(one.outcome.agentOf).not.toBeNull();
  });

  it("does not rest on a poor assignment it was given while its multipliers are far from done", () => {
    const problem = generateGap("d", { numTasks: 100, numAgents: 20 }, 2);
    const start = firstIncumbent(problem, { seed: 1, meter: new WorkMeter(1e8), workLimit: 1e8 });
    expect(start).not.toBeNull();
    const { outcome, costs } = solve(problem, 2e7, 1, start!);
    expect(costs[0]!).toBeGreaterThan(1.05 * outcome.bound);
    expect(outcome.cost).toBeLessThan(1.04 * outcome.bound);
  });

  it("puts its work into good assignments while a proof is far", () => {
    // Dives that search their tails at length end at 7610, with levels at length and high aims besides at 7641.
    const costs = [4, 8].map(
      (seed) => solve(generateGap("d", { numTasks: 60, numAgents: 12 }, seed), 1e8).outcome.cost,
    );
    expect(costs[0]! + costs[1]!).toBeLessThan(7600);
  });
});
