import { describe, expect, it } from "vitest";
import type { CountedGoalKind, Goal } from "../../../models/goal.js";
import { deferralGoal, makespanGoal, maxLoadGoal, successGoal } from "../../../models/goals.js";
import type { InstanceArrays } from "../../../models/instance-arrays.js";
import { bestBound, relax } from "../../../src/engine/bounds/goal-bound.js";
import { priceSlots } from "../../../src/engine/bounds/slot-prices.js";
import { runInSlices } from "../../../src/engine/threads/slices.js";
import { searchPlan } from "../../../src/engine/search/search.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";
import { bruteForce } from "../../support/brute-force.js";
import { randomFullProblem } from "../../support/random-problem.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";

const NO_DEFER = { ...PLAIN_OPTIONS, noDefer: true };

describe("priceSlots", () => {
  it.each([1, 2, 3, 4, 5, 6])("bounds the makespan and the load of small waves from below, seed %i", async (seed) => {
    const instance = buildInstance(randomFullProblem(seed, 6, 3, 1 + (seed % 2)), NO_DEFER);
    const best = bruteForce(instance);
    for (const [goal, optimum] of [
      [makespanGoal.on(instance), best.maximize_throughput![1]!],
      [maxLoadGoal.on(instance), best.balance_load![1]!],
    ] as const) {
      const relaxation = relax(instance, goal, []);
      const { bound } = bestBound(instance, goal, relaxation, [
        await runInSlices(priceSlots(instance, goal, relaxation)),
      ]);
      expect(bound).toBeLessThanOrEqual(optimum);
      expect(bound).toBeGreaterThan(0.5 * optimum);
    }
  });

  it("comes within a few per cent of a plan where there are many tasks", async () => {
    const instance = buildInstance(randomFullProblem(7, 200, 10), NO_DEFER);
    const goal = makespanGoal.on(instance);
    const relaxation = relax(instance, goal, []);
    const { bound } = bestBound(instance, goal, relaxation, [
      await runInSlices(priceSlots(instance, goal, relaxation)),
    ]);
    const { values } = searchPlan(instance, [goal], { seed: 1, workLimit: 50_000, preferences: [instance.busyMs] });
    expect(bound).toBeLessThanOrEqual(values[0]!);
    expect(bound).toBeGreaterThan(0.9 * values[0]!);
  });

  it("prices the deferred weight where only so much may be left out", async () => {
    const instance = buildInstance(randomFullProblem(7, 200, 10), { ...PLAIN_OPTIONS, noDefer: false });
    const deferral = deferralGoal(instance);
    const goal = maxLoadGoal.on(instance);
    const most = 0.2 * instance.weight.reduce((sum, one) => sum + one, 0);
    const relaxation = relax(instance, goal, [{ goal: deferral, value: most }]);
    const multipliers = await runInSlices(priceSlots(instance, goal, relaxation));
    const { bound } = bestBound(instance, goal, relaxation, [multipliers]);
    const all = relax(instance, goal, [{ goal: deferral, value: 0 }]);
    const whole = bestBound(instance, goal, all, [await runInSlices(priceSlots(instance, goal, all))]);
    expect(bound).toBeGreaterThan(0.4 * whole.bound);
    expect(bound).toBeLessThan(whole.bound);
    // No other price of the deferred weight is better for the same prices of the agents.
    const zero = relaxation.rows.findIndex(({ perDeferral }) => perDeferral !== null);
    for (const factor of [0, 0.8, 0.95, 1.05, 1.2]) {
      const other = multipliers.map((one, row) => (row === zero ? factor * one : one));
      expect(bestBound(instance, goal, relaxation, [other]).bound).toBeLessThanOrEqual(bound * (1 + 1e-12));
    }
  });

  it("prices nothing for a goal without times", async () => {
    const instance = buildInstance(randomFullProblem(1, 5, 3), NO_DEFER);
    const goal = successGoal.on(instance);
    expect(
      [...(await runInSlices(priceSlots(instance, goal, relax(instance, goal, []))))].every((price) => price === 0),
    ).toBe(true);
  });
});

describe("the prices of slots by hand", () => {
  const arrays = {
    ...{ numTasks: 2, numAgents: 2, pairStart: [0, 2, 4], pairAgent: [0, 1, 0, 1], noDefer: true },
    ...{ busyMs: [10, 30, 30, 10], cost: [0, 0, 0, 0], success: [0, 0, 0, 0] },
  };

  async function priced(kind: CountedGoalKind, own: Partial<InstanceArrays> = {}, form: Partial<Goal> = {}) {
    const instance = instanceOfArrays({ ...arrays, ...own });
    const goal = { ...kind.on(instance), ...form };
    const relaxation = relax(instance, goal, []);
    const prices = await runInSlices(priceSlots(instance, goal, relaxation));
    const { bound } = bestBound(instance, goal, relaxation, [prices]);
    return { bound, byRow: relaxation.rows.map(({ name }, r) => [name, prices[r]!] as const) };
  }

  it("are alike where agents are alike, and only those of slots", async () => {
    const { bound, byRow } = await priced(makespanGoal);
    expect(bound).toBe(10);
    expect(byRow.map(([name]) => name)).toEqual([
      "makespan[agent_0]",
      "makespan[agent_1]",
      "task_end[task_0]",
      "task_end[task_1]",
    ]);
    expect(byRow.map(([, price]) => price)).toEqual([0.5, 0.5, 0, 0]);
  });

  it("are those of the weight of the time, whichever time it is", async () => {
    const ofLoads = await priced(maxLoadGoal, {}, { maxLoad: 3 });
    expect(ofLoads.byRow.map(([, price]) => price)).toEqual([1.5, 1.5, 0, 0]);
    expect(ofLoads.bound).toBe(30);
  });

  it("leave an agent that is slow with everything out of account", async () => {
    // 20 ms on agent 0 alone; agent 1 takes 1000 for either.
    const { bound, byRow } = await priced(makespanGoal, { busyMs: [10, 1000, 10, 1000] });
    expect(bound).toBe(20);
    expect(byRow[0]![1]).toBeGreaterThan(byRow[1]![1]);
  });

  it("share work that either can do: three tasks of 10 on two agents, one of two slots", async () => {
    const own = {
      ...{ numTasks: 3, pairStart: [0, 2, 4, 6], pairAgent: [0, 1, 0, 1, 0, 1], busyMs: [10, 10, 10, 10, 10, 10] },
      ...{ cost: [0, 0, 0, 0, 0, 0], success: [0, 0, 0, 0, 0, 0] },
    };
    expect((await priced(makespanGoal, own)).bound).toBe(15);
    // A third for each slot.
    const { byRow, bound } = await priced(makespanGoal, { ...own, slots: [1, 2] });
    expect(bound).toBe(10);
    expect(byRow.slice(0, 2).map(([, price]) => Math.round(30 * price))).toEqual([10, 20]);
  });

  it("count what may be left out at its price", async () => {
    const open = { noDefer: false };
    // Leaving a task out costs 3 each: less than 5 at equal prices.
    expect((await priced(makespanGoal, open, { perDeferral: Float64Array.of(3, 3) })).bound).toBe(6);
    expect((await priced(makespanGoal, open, { perDeferral: Float64Array.of(9, 9) })).bound).toBe(10);
  });

  it.each<[string, Partial<Goal>]>([
    ["pairs", { perPair: new Float64Array(4) }],
    ["the emptiest slot", { minLoad: 1 }],
    ["no time", { makespan: 0 }],
  ])("are none for a goal that counts %s", async (_, form) => {
    expect((await priced(makespanGoal, {}, form)).byRow.every(([, price]) => price === 0)).toBe(true);
  });

  it("are some of a wave without work", async () => {
    expect((await priced(makespanGoal, { busyMs: [0, 0, 0, 0] })).bound).toBe(0);
  });
});
