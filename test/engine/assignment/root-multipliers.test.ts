import { describe, expect, it } from "vitest";
import { Core } from "../../../src/engine/assignment/core.js";
import { plainRules, SearchProgress } from "../../../src/engine/assignment/progress.js";
import { priceCapacities } from "../../../src/engine/bounds/capacity-prices.js";
import type { GeneralizedAssignment } from "../../../src/engine/bounds/generalized-assignment.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { KnapsackLagrangian } from "../../../src/engine/tree/knapsack-lagrangian.js";
import { PartialAssignment } from "../../../src/engine/tree/partial-assignment.js";
import { generateGap } from "../../support/combinatorial.js";

/** The linear bound, and what the knapsack multipliers add to it within so many looks. */
function climb(problem: GeneralizedAssignment, work: number): number {
  const meter = new WorkMeter(Infinity);
  const { prices, bound } = priceCapacities(problem, { meter });
  const core = new Core(new SearchProgress(problem, meter, { ...plainRules(problem), gap: 0 }, {}));
  core.climb(prices, bound, work);
  return core.value - bound;
}

describe("climbRoot", () => {
  it("is most of the way up after twenty steps, from the linear bound on", () => {
    const problem = generateGap("e", { numTasks: 200, numAgents: 20 }, 3);
    // 20 steps. From the second cheapest prices it is two thirds of the way, with a target 0.5 % away less than half.
    expect(climb(problem, 3e6)).toBeGreaterThan(0.75 * climb(problem, 3e7));
  });
});

describe("climbAmongFew", () => {
  const problem = generateGap("e", { numTasks: 500, numAgents: 25 }, 5);

  function rootAfter(work: number, fewWork: number) {
    const meter = new WorkMeter(Infinity);
    const { prices, bound } = priceCapacities(problem, { meter });
    const progress = new SearchProgress(problem, meter, { ...plainRules(problem), gap: 0 }, {});
    const core = new Core(progress);
    core.climb(prices, bound, work);
    const mark = core.state.mark();
    if (fewWork > 0) core.climbAmongFew(fewWork);
    expect(core.state.mark()).toBe(mark);
    return { core, progress };
  }

  it("gets higher than as much work among all pairs", () => {
    const few = rootAfter(2e6, 1.3e7).core.value;
    expect(few).toBeGreaterThan(rootAfter(1.5e7, 0).core.value + 0.5);
  });

  it("keeps multipliers whose bound holds among all pairs", () => {
    const { core, progress } = rootAfter(2e6, 1.3e7);
    const whole = new KnapsackLagrangian(new PartialAssignment(problem), true, new WorkMeter(Infinity));
    whole.setLambda(core.lambda);
    expect(whole.evaluate()).toBeCloseTo(core.value, 6);
    expect(progress.bound).toBe(Math.ceil(core.value - 1e-6));
  });
});
