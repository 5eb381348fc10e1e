import { describe, expect, it } from "vitest";
import { makespanGoal, maxLoadGoal, successGoal } from "../../../models/goals.js";
import { bestBound, relax } from "../../../src/engine/bounds/goal-bound.js";
import { priceSlots } from "../../../src/engine/bounds/slot-prices.js";
import { searchPlan } from "../../../src/engine/search/search.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { bruteForce } from "../../support/brute-force.js";
import { randomFullProblem } from "../../support/random-problem.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";

const NO_DEFER = { ...PLAIN_OPTIONS, noDefer: true };

describe("priceSlots", () => {
  it.each([1, 2, 3, 4, 5, 6])("bounds the makespan and the load of small waves from below, seed %i", (seed) => {
    const instance = buildInstance(randomFullProblem(seed, 6, 3, 1 + (seed % 2)), NO_DEFER);
    const best = bruteForce(instance);
    for (const [goal, optimum] of [
      [makespanGoal.on(instance), best.maximize_throughput![1]!],
      [maxLoadGoal.on(instance), best.balance_load![1]!],
    ] as const) {
      const relaxation = relax(instance, goal, []);
      const { bound } = bestBound(instance, goal, relaxation, [priceSlots(instance, goal, relaxation)]);
      expect(bound).toBeLessThanOrEqual(optimum);
      expect(bound).toBeGreaterThan(0.5 * optimum);
    }
  });

  it("comes within a few per cent of a plan where there are many tasks", () => {
    const instance = buildInstance(randomFullProblem(7, 200, 10), NO_DEFER);
    const goal = makespanGoal.on(instance);
    const relaxation = relax(instance, goal, []);
    const { bound } = bestBound(instance, goal, relaxation, [priceSlots(instance, goal, relaxation)]);
    const { values } = searchPlan(instance, [goal], { seed: 1, workLimit: 50_000, preferences: [instance.busyMs] });
    expect(bound).toBeLessThanOrEqual(values[0]!);
    expect(bound).toBeGreaterThan(0.9 * values[0]!);
  });

  it("prices nothing for a goal without times", () => {
    const instance = buildInstance(randomFullProblem(1, 5, 3), NO_DEFER);
    const goal = successGoal.on(instance);
    expect([...priceSlots(instance, goal, relax(instance, goal, []))].every((price) => price === 0)).toBe(true);
  });
});
