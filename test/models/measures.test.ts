import { describe, expect, it } from "vitest";
import { evaluateForm, EMPTY_FORM, isIntegral, largestCoefficient, type GoalForm } from "../../models/goal.js";
import { DEFERRED, type Instance } from "../../models/instance.js";
import * as measures from "../../models/measures.js";
import { mixModel } from "../../models/mix.js";
import { placed, wave } from "../planner/forecast/instances.js";
import { goldenInstance } from "../support/small-instance.js";

/** t1 on ada slot 0, t2 on bob, t3 on ada slot 1. */
const PLAN = { agentOf: Int32Array.of(0, 1, 0), slotOf: Int32Array.of(0, 0, 1) };
const golden = goldenInstance();

describe("what a plan is worth", () => {
  const { instance } = wave([{ busyMs: 4 }, { busyMs: 6 }, { busyMs: 1 }], [{ slots: 2 }, { slots: 1 }]);

  it("counts the loads of slots, the largest and the distance to the smallest", () => {
    const plan = placed([0, 0], [0, 0], [1, 0]);
    expect(measures.slotLoadsMs(instance, plan)).toEqual([[10, 0], [1]]);
    expect(measures.maxLoadMs(instance, plan)).toBe(10);
    expect(measures.spreadMs(instance, plan)).toBe(10);
    expect(measures.spreadMs(instance, placed([0, 0], [0, 1], [1, 0]))).toBe(5);
  });

  it("leaves agents that can take no task out of the spread, and has none without any", () => {
    const limited = (...maxTasks: number[]): Instance => ({ ...instance, maxTasks: Float64Array.from(maxTasks) });
    const plan = placed([1, 0], null, null);
    expect(measures.spreadMs(limited(1, 1), plan)).toBe(4);
    expect([...measures.canTakeTasks(limited(1, 0))]).toEqual([1, 0]);
    expect(measures.spreadMs(limited(0, 1), plan)).toBe(0);
    expect(measures.spreadMs(limited(0, 0), plan)).toBe(0);
  });

  it("has equal values where the same terms come in another order", () => {
    const { instance: plain } = wave(
      Array.from({ length: 10 }, () => ({ busyMs: 1 })),
      [{ slots: 1 }, { slots: 1 }],
    );
    const unlike: Instance = { ...plain, success: plain.success.map((_, pair) => (pair % 2 === 0 ? 0.95 : 0.94)) };
    const slotOf = new Int32Array(10);
    const values = new Set<number>();
    for (let choice = 0; choice < 2 ** 10; choice++) {
      const agentOf = Int32Array.from(slotOf, (_, task) => (choice >> task) & 1);
      if (agentOf.reduce((sum, agent) => sum + agent, 0) !== 4) continue;
      values.add(measures.weightedSuccess(unlike, { agentOf, slotOf }));
    }
    expect(values.size).toBe(1);
    const huge: Instance = { ...plain, cost: plain.cost.map(() => 1e308) };
    expect(measures.totalCost(huge, { agentOf: slotOf, slotOf })).toBe(Infinity);
  });

  it("counts deferred tasks, and of their weight what some plan could place", () => {
    const weighted = { ...instance, weight: Float64Array.of(3, 1, 2) };
    const plan = placed(null, [0, 0], null);
    expect([measures.numDeferred(plan), measures.deferredWeight(weighted, plan)]).toEqual([2, 5]);
    expect(measures.avoidableDeferredWeight(weighted, plan)).toBe(5);
    const lonely = { ...weighted, pairStart: Int32Array.of(0, 2, 4, 4) };
    expect(measures.avoidableDeferredWeight(lonely, plan)).toBe(3);
  });

  it("refuses a pair that is not eligible, a slot that is not there, and a timed plan without times", () => {
    const narrow: Instance = { ...instance, ...{ numPairs: 1, pairStart: Int32Array.of(0, 1, 1, 1) } };
    expect(() => measures.totalCost(narrow, placed([1, 0], null, null))).toThrow(
      "task 0 is placed on agent 1, which is not eligible",
    );
    for (const slot of [-1, 2]) {
      expect(() => measures.slotLoadsMs(instance, placed([0, slot], null, null))).toThrow(
        `task 0 is in slot ${slot}, which is not there`,
      );
    }
  });
});

describe("a linear form", () => {
  const form: GoalForm = {
    ...{ name: "all", sense: "min", constant: 1000 },
    perPair: Float64Array.from({ length: golden.numPairs }, (_, pair) => 10 ** pair),
    perDeferral: Float64Array.of(7, 8, 9),
    ...{ makespan: 2, maxLoad: 3, minLoad: -5 },
  };
  const loads = measures.slotLoadsMs(golden, PLAN).flat();

  it("is the sum of what its coefficients say", () => {
    const [most, least] = [Math.max(...loads), Math.min(...loads)];
    const times = 2 * measures.makespanMs(golden, PLAN) + 3 * most - 5 * least;
    // Pairs 0, 3 and 4.
    expect(evaluateForm(golden, form, PLAN)).toBeCloseTo(1000 + 11001 + times, 6);
    expect(evaluateForm(golden, { ...form, maxLoad: 0, minLoad: 0, makespan: 0 }, PLAN)).toBe(12001);
    expect(evaluateForm(golden, { ...EMPTY_FORM, name: "l", sense: "min", minLoad: 1 }, PLAN)).toBeCloseTo(least, 9);
    expect(evaluateForm(golden, { ...EMPTY_FORM, name: "l", sense: "min", maxLoad: 1 }, PLAN)).toBeCloseTo(most, 9);
  });

  it("prices what is deferred, and is its constant where it has no coefficients", () => {
    const deferred = { agentOf: Int32Array.of(0, DEFERRED, DEFERRED), slotOf: Int32Array.of(0, DEFERRED, DEFERRED) };
    const untimed = { ...form, maxLoad: 0, minLoad: 0, makespan: 0 };
    expect(evaluateForm(golden, untimed, deferred)).toBe(1000 + 1 + 8 + 9);
    expect(evaluateForm(golden, { ...untimed, perPair: null, perDeferral: null }, deferred)).toBe(1000);
  });

  it("has a largest coefficient whatever its sign, and is whole only where all it counts is", () => {
    const plain = { ...EMPTY_FORM, name: "g", sense: "min" as const };
    expect(largestCoefficient({ ...plain, perPair: Float64Array.of(-4, 3), minLoad: -5, maxLoad: 2 })).toBe(5);
    expect(largestCoefficient({ ...plain, perPair: Float64Array.of(-4, 3), makespan: 2 })).toBe(4);
    const whole: Instance = {
      ...golden,
      busyMs: golden.busyMs.map(Math.round),
      availableFromMs: golden.availableFromMs.map(Math.round),
    };
    expect(isIntegral(whole, { ...plain, makespan: 1 })).toBe(true);
    expect(isIntegral(whole, { ...plain, makespan: 0.5 })).toBe(false);
    expect(isIntegral(whole, { ...plain, perPair: Float64Array.of(1, 0.5) })).toBe(false);
    expect(isIntegral(whole, { ...plain, perDeferral: Float64Array.of(0.5) })).toBe(false);
    expect(isIntegral({ ...whole, busyMs: Float64Array.of(0.5) }, { ...plain, makespan: 1 })).toBe(false);
    expect(isIntegral({ ...whole, busyMs: Float64Array.of(0.5) }, plain)).toBe(true);
    expect(isIntegral({ ...whole, availableFromMs: Float64Array.of(0.5) }, { ...plain, maxLoad: 1 })).toBe(false);
  });
});

describe("a mix", () => {
  it("is one least weighted sum, between whose equals success decides", () => {
    const { name, problemClass, first, second } = mixModel([]);
    expect([name, problemClass, `${first.sense} ${first.name}`, second.name]).toEqual(["mix", "weighted sum", "min mix", "success"]); // prettier-ignore
    expect(first.on(golden)).toMatchObject({ name: "mix", sense: "min" });
  });

  it("is 0 at the ideals and each weight at its nadir, in value and in form", () => {
    const success = measures.weightedSuccess(golden, PLAN);
    const load = measures.maxLoadMs(golden, PLAN);
    const valueOf = (ideals: readonly [number, number], nadirs: readonly [number, number]): number => {
      const model = mixModel([
        { key: "success", weight: 0.75, ideal: ideals[0], nadir: nadirs[0] },
        { key: "balance", weight: 0.25, ideal: ideals[1], nadir: nadirs[1] },
      ]);
      const value = model.evaluate(golden, PLAN);
      expect(evaluateForm(golden, model.first.on(golden), PLAN)).toBeCloseTo(value, 9);
      return value;
    };
    expect(valueOf([success, load], [success - 1, load + 10])).toBe(0);
    expect(valueOf([success + 1, load], [success, load + 10])).toBeCloseTo(0.75, 12);
    expect(valueOf([success + 1, load - 10], [success, load])).toBeCloseTo(1, 12);
    expect(valueOf([success + 2, load - 5], [success, load + 5])).toBeCloseTo(0.75 + 0.125, 12);
    expect(valueOf([7, load - 5], [7, load + 5])).toBeCloseTo(0.125, 12);
  });
});
