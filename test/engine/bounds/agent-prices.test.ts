import { describe, expect, it } from "vitest";
import { evaluateCapacityPrices, priceCapacities } from "../../../src/engine/bounds/capacity-prices.js";
import { identicalUses, pigeonholeBound } from "../../../src/engine/bounds/identical-agents.js";
import { evaluateMakespanPrices, priceMakespan } from "../../../src/engine/bounds/makespan-prices.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import {
  costOfPairs,
  endOfPairs,
  everyPlan,
  GAP_CLASSES,
  generateGap,
  generateMakespan,
  MAKESPAN_FAMILIES,
} from "../../support/combinatorial.js";

const unlimited = () => new WorkMeter(Infinity);

function leastCost(problem: ReturnType<typeof generateGap>): number {
  let least = Infinity;
  for (const pairs of everyPlan(problem)) least = Math.min(least, costOfPairs(problem, pairs) ?? Infinity);
  return least;
}

function leastEnd(problem: ReturnType<typeof generateMakespan>): number {
  let least = Infinity;
  for (const pairs of everyPlan(problem)) least = Math.min(least, endOfPairs(problem, pairs));
  return least;
}

describe("prices of capacities", () => {
  it.each(GAP_CLASSES)("bound the optimum from below, class %s", (kind) => {
    for (let seed = 1; seed <= 40; seed++) {
      const problem = generateGap(kind, { numTasks: 6, numAgents: 4, eligible: 3 }, seed);
      const { prices, bound } = priceCapacities(problem, { meter: unlimited() });
      const optimum = leastCost(problem);
      expect(bound).toBeLessThanOrEqual(optimum);
      expect(prices.every((price) => price >= 0)).toBe(true);
      expect(bound).toBeGreaterThanOrEqual(evaluateCapacityPrices(problem, new Float64Array(4)) - 1e-6);
    }
  });

  it("reach the linear relaxation: two tasks that share one cheap agent", () => {
    const problem = {
      ...{ numTasks: 2, numAgents: 2, pairStart: Int32Array.of(0, 2, 4), pairAgent: Int32Array.of(0, 1, 0, 1) },
      ...{ cost: Float64Array.of(0.5, 4.5, 0.5, 6.5), use: Float64Array.of(2, 1, 2, 1) },
      capacity: Float64Array.of(3, Infinity),
    };
    const { prices, bound } = priceCapacities(problem, { meter: unlimited() });
    expect(bound).toBeCloseTo(3, 3);
    expect(prices[0]).toBeCloseTo(2, 2);
    expect(prices[1]).toBe(0);
  });

  it("leave a plateau where many agents take every task for nothing, and another at a price", () => {
    // Each of 20 agents has room for 5 of the 200 tasks, alike on all; leaving a task out costs 1 to 10.
    const [numTasks, numAgents] = [200, 20];
    const perTask = Array.from({ length: numTasks }, (_, task) => 1 + (task % 10));
    const problem = {
      ...{ numTasks, numAgents: numAgents + 1 },
      pairStart: Int32Array.from({ length: numTasks + 1 }, (_, task) => task * (numAgents + 1)),
      pairAgent: Int32Array.from({ length: numTasks * (numAgents + 1) }, (_, pair) => pair % (numAgents + 1)),
      cost: Float64Array.from(perTask.flatMap((cost) => [...new Array<number>(numAgents).fill(0), cost])),
      use: new Float64Array(numTasks * (numAgents + 1)).fill(10),
      capacity: Float64Array.from({ length: numAgents + 1 }, (_, agent) => (agent < numAgents ? 50 : Infinity)),
    };
    // The cheaper half is left out.
    const optimum = perTask
      .sort((a, b) => a - b)
      .slice(0, 100)
      .reduce((sum, cost) => sum + cost);
    const { bound } = priceCapacities(problem, { meter: unlimited() });
    expect(bound).toBeLessThanOrEqual(optimum);
    expect(bound).toBeGreaterThan(0.99 * optimum);
  });

  it("say Infinity where a task fits nowhere, and obey the work limit", () => {
    const problem = generateGap("d", { numTasks: 300, numAgents: 20 }, 1);
    expect(priceCapacities({ ...problem, capacity: new Float64Array(20) }, { meter: unlimited() }).bound).toBe(
      Infinity,
    );
    const meter = unlimited();
    const [short, long] = [3e4, 3e6].map((workLimit) => priceCapacities(problem, { meter, workLimit }));
    expect(short!.bound).toBeLessThan(long!.bound);
    expect(meter.used).toBeLessThan(3.2e6);
  });

  it("are as good from a sample as without one", () => {
    const problem = generateGap("e", { numTasks: 10_000, numAgents: 60 }, 3);
    const first = priceCapacities(problem, { meter: unlimited() });
    const again = priceCapacities(problem, { meter: unlimited(), start: first.prices });
    expect(Math.abs(again.bound - first.bound)).toBeLessThanOrEqual(2e-4 * first.bound);
  });
});

describe("prices of a makespan", () => {
  it.each(MAKESPAN_FAMILIES)("bound the optimum from below, %s", (family) => {
    for (let seed = 1; seed <= 12; seed++) {
      const plain = generateMakespan(family, { numTasks: 6, numAgents: 3 }, seed);
      const problem = { ...plain, slots: Int32Array.of(1, 2, 1), availableFrom: Float64Array.of(0, 40, 500) };
      for (const one of [plain, problem]) {
        const { prices, bound } = priceMakespan(one, { meter: unlimited() });
        expect(bound).toBeLessThanOrEqual(leastEnd(one));
        expect(evaluateMakespanPrices(one, prices)).toBeLessThanOrEqual(bound);
        expect(prices.reduce((sum, price, agent) => sum + price * one.slots[agent]!, 0)).toBeCloseTo(1, 9);
      }
    }
  });

  it("do not count an agent that comes too late, and count one that comes in between", () => {
    const layout = generateMakespan("u1", { numTasks: 40, numAgents: 2 }, 1);
    const problem = { ...layout, use: new Float64Array(80).fill(1), slots: Int32Array.of(1, 2) };
    const boundAt = (release: number) =>
      priceMakespan({ ...problem, availableFrom: Float64Array.of(0, release) }, { meter: unlimited() }).bound;
    expect([boundAt(1000), boundAt(10), boundAt(0)]).toEqual([40, 20, 14]);
  });

  it("know identical agents and their pigeonholes", () => {
    const problem = generateMakespan("u1", { numTasks: 4, numAgents: 3 }, 1);
    expect(identicalUses(problem)).toBeNull();
    const uses = Float64Array.of(5, 4, 3, 3);
    const alike = { ...problem, use: Float64Array.from({ length: 12 }, (_, pair) => uses[Math.floor(pair / 3)]!) };
    expect(identicalUses(alike)).toEqual(uses);
    expect(identicalUses({ ...alike, availableFrom: Float64Array.of(0, 0, 1) })).toBeNull();
    expect(pigeonholeBound(uses, 3)).toBe(6);
  });
});
