import { describe, expect, it } from "vitest";
import { priceCapacities } from "../../../src/engine/bounds/capacity-prices.js";
import type { GeneralizedAssignment } from "../../../src/engine/bounds/generalized-assignment.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { EjectionSearch, type EjectionSearchOptions } from "../../../src/engine/search/ejection-search.js";
import { costOfPairs, everyPlan, GAP_CLASSES, generateGap, pairsOf } from "../../support/combinatorial.js";

function search(problem: GeneralizedAssignment, work: number, options: Partial<EjectionSearchOptions> = {}) {
  const { prices } = priceCapacities(problem, { meter: new WorkMeter(Infinity) });
  return new EjectionSearch(problem, { seed: 1, meter: new WorkMeter(work), prices, ...options }).run();
}

describe("the ejection search", () => {
  it.each(GAP_CLASSES)("finds the optimum of tiny problems, class %s", (kind) => {
    let numFeasible = 0;
    for (let seed = 1; seed <= 30; seed++) {
      const problem = generateGap(kind, { numTasks: 8, numAgents: 3 }, seed);
      let optimum = Infinity;
      for (const pairs of everyPlan(problem)) optimum = Math.min(optimum, costOfPairs(problem, pairs) ?? Infinity);
      const { incumbent } = search(problem, optimum === Infinity ? 1e5 : 3e7, { target: optimum });
      if (optimum === Infinity) expect(incumbent).toBeNull();
      else {
        numFeasible += 1;
        expect(costOfPairs(problem, pairsOf(problem, incumbent!.agentOf))).toBe(optimum);
        expect(incumbent!.value).toBe(optimum);
      }
    }
    expect(numFeasible).toBeGreaterThan(5);
  });

  it("places like tasks for whose number the candidates have no room", () => {
    // One kind: all tasks have the same ten of sixty agents in their lists.
    const [numTasks, numAgents] = [600, 60];
    const numPairs = numTasks * numAgents;
    const problem = {
      ...{ numTasks, numAgents },
      pairStart: Int32Array.from({ length: numTasks + 1 }, (_, task) => task * numAgents),
      pairAgent: Int32Array.from({ length: numPairs }, (_, pair) => pair % numAgents),
      cost: Float64Array.from({ length: numPairs }, (_, pair) => 100 - (pair % numAgents)),
      use: new Float64Array(numPairs).fill(1),
      capacity: new Float64Array(numAgents).fill(11),
    };
    const { incumbent } = search(problem, 3e7, { stopAtFirst: true });
    expect(costOfPairs(problem, pairsOf(problem, incumbent!.agentOf))).toBe(incumbent!.value);
  });

  it.each([
    ["c", 100, 10, 0.02],
    ["d", 2000, 40, 0.004],
    ["e", 2000, 40, 0.004],
    ["c", 5000, 100, 0.004],
  ] as const)("comes near the bound, class %s, %i × %i", (kind, numTasks, numAgents, gap) => {
    const problem = generateGap(kind, { numTasks, numAgents, ...(numTasks === 5000 ? { eligible: 20 } : {}) }, 7);
    const { bound } = priceCapacities(problem, { meter: new WorkMeter(Infinity) });
    const values: number[] = [];
    const { incumbent } = search(problem, 6e7, { onIncumbent: (_, value) => values.push(value) });
    expect(costOfPairs(problem, pairsOf(problem, incumbent!.agentOf))).toBe(incumbent!.value);
    expect(incumbent!.value).toBeLessThanOrEqual(bound * (1 + gap));
    expect(values).toEqual([...new Set(values)].sort((a, b) => b - a));
    expect(values.at(-1)).toBe(incumbent!.value);
  });

  it("gives the same plan for the same seed and work, whatever the clock", () => {
    const problem = generateGap("d", { numTasks: 200, numAgents: 10 }, 2);
    const [first, second] = [search(problem, 5e6), search(problem, 5e6)];
    expect(second).toEqual(first);
    expect(search(problem, 5e6, { seed: 2 }).agentOf).not.toEqual(first.agentOf);
  });

  it("starts from a plan, stops at the first feasible one, and takes real numbers", () => {
    const whole = generateGap("e", { numTasks: 100, numAgents: 5 }, 4);
    const problem = { ...whole, cost: whole.cost.map((cost) => cost / 7), use: whole.use.map((use) => use / 3) };
    const tight = { ...problem, capacity: problem.capacity.map((capacity) => capacity / 3) };
    const { incumbent, ended } = search(tight, 1e8, { stopAtFirst: true });
    expect(ended).toBe("first");
    expect(costOfPairs(tight, pairsOf(tight, incumbent!.agentOf))).toBeCloseTo(incumbent!.value, 9);
    const again = search(tight, 1e8, { stopAtFirst: true, start: incumbent!.agentOf });
    expect(again.incumbent!.agentOf).toEqual(incumbent!.agentOf);
    const better = search(tight, 5e6, { start: incumbent!.agentOf });
    expect(better.incumbent!.value).toBeLessThan(incumbent!.value);
  });

  it("says that a task fits nowhere", () => {
    const problem = generateGap("c", { numTasks: 5, numAgents: 2 }, 1);
    const outcome = search({ ...problem, capacity: Float64Array.of(1, 1) }, 1e6);
    expect(outcome).toMatchObject({ incumbent: null, ended: "infeasible" });
  });
});
