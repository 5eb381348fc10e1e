import { describe, expect, it } from "vitest";
import type { GeneralizedAssignment } from "../../../src/engine/bounds/generalized-assignment.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { ConditionalBounds } from "../../../src/engine/tree/conditional-bounds.js";
import { KnapsackLagrangian } from "../../../src/engine/tree/knapsack-lagrangian.js";
import { PartialAssignment } from "../../../src/engine/tree/partial-assignment.js";
import { costOfPairs, everyPlan, generateGap } from "../../support/combinatorial.js";

/** The least cost of all plans that have each pair. */
function leastWithEach(problem: GeneralizedAssignment): Float64Array {
  const least = new Float64Array(problem.pairAgent.length).fill(Infinity);
  for (const pairs of everyPlan(problem)) {
    const cost = costOfPairs(problem, pairs);
    if (cost !== null) for (const pair of pairs) least[pair] = Math.min(least[pair]!, cost);
  }
  return least;
}

describe("what a pair costs at least", () => {
  it.each([
    ["knapsacks", false],
    ["prices", true],
  ])("is below every plan that has it, by %s, also where an agent is not limited", (_, isLinear) => {
    for (let seed = 1; seed <= 30; seed++) {
      const drawn = generateGap("c", { numTasks: 6, numAgents: 3 }, seed);
      // Deferral is such an agent until goal zero is settled.
      const problem = {
        ...drawn,
        capacity: drawn.capacity.map((room, agent) => (agent === seed % 4 ? Infinity : room)),
      };
      const meter = new WorkMeter(Infinity);
      const lagrangian = new KnapsackLagrangian(new PartialAssignment(problem), true, meter);
      lagrangian.setLambda(Float64Array.from({ length: 6 }, (__, task) => 10 + ((seed * (task + 3)) % 7)));
      const value = lagrangian.evaluate();
      const bounds = new ConditionalBounds(lagrangian, meter);
      bounds.compute(1e6, isLinear);
      leastWithEach(problem).forEach((least, pair) =>
        expect(value + bounds.extra[pair]!).toBeLessThanOrEqual(least + 1e-9),
      );
    }
  });
});
