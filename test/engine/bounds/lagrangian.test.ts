import { describe, expect, it } from "vitest";
import {
  costGoal,
  deferralGoal,
  type GoalForm,
  type GoalKind,
  type InstanceArrays,
  makespanGoal,
  maxLoadGoal,
  settledSlack,
  successGoal,
} from "../../../models/index.js";
import { boundOfMultipliers, relax } from "../../../src/engine/bounds/goal-bound.js";
import { deferralOptions, evaluateLagrangian } from "../../../src/engine/bounds/lagrangian.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";
import { ONE_ROOM } from "../../support/one-room.js";

const arrays: InstanceArrays = { ...ONE_ROOM, success: [0.9, 0.5, 0.8, 0.6] };

interface Own {
  readonly own?: Partial<InstanceArrays>;
  readonly deferred?: number;
  readonly form?: Partial<GoalForm>;
}

function bound(
  kind: GoalKind,
  multipliers: Record<string, number>,
  { own = {}, deferred, form = {} }: Own = {},
): number {
  const instance = instanceOfArrays({ ...arrays, ...own });
  const settled = deferred === undefined ? [] : [{ goal: deferralGoal(instance), value: deferred }];
  return boundOfMultipliers(instance, { ...kind.on(instance), ...form }, settled, multipliers).bound;
}

describe("a Lagrangian bound by hand", () => {
  it("is the cheapest choice of each task at the prices of the rows", () => {
    // min(1 + 2, 4) + min(1 + 2, 3) − 0.2 · 10.
    expect(bound(costGoal, { "load[agent_0]": 0.2 })).toBe(4);
    expect(bound(costGoal, {})).toBe(2);
    expect(bound(costGoal, { "load[agent_0]": 1 })).toBe(-3);
    expect(bound(costGoal, { "load[agent_0]": -1 })).toBe(2);
  });

  it("turns the sign of a maximised goal, and is not rounded where its values are parts", () => {
    expect(bound(successGoal, {})).toBeCloseTo(1.7, 9);
    // −max(0.9 − 0.2, 0.5) − max(0.8 − 0.2, 0.6) − 0.02 · 10: 0.7 + 0.6 + 0.2.
    expect(bound(successGoal, { "load[agent_0]": 0.02 })).toBeCloseTo(1.5, 9);
    expect(bound(successGoal, { "load[agent_0]": 0.02 }, { form: { constant: 7 } })).toBeCloseTo(8.5, 9);
  });

  it("is rounded up where all values are whole, not for what rounding may have added", () => {
    // min(1 + 1, 4) + min(1 + 1, 3) − 1; with 0.15: 2.5 + 2.5 − 1.5 = 3.5.
    expect([bound(costGoal, { "load[agent_0]": 0.1 }), bound(costGoal, { "load[agent_0]": 0.15 })]).toEqual([3, 4]);
    expect(bound(costGoal, { "load[agent_0]": 0.15 }, { form: { constant: 0.5 } })).toBeCloseTo(4, 9);
    expect(bound(costGoal, { "load[agent_0]": 0.1 + 1e-9 })).toBe(3);
  });

  it("scales the prices of times down to the weight of their time, and never up", () => {
    const own = { capacityMs: [Infinity, Infinity], busyMs: [10, 30, 30, 10] };
    const at = (first: number, second: number): number =>
      bound(makespanGoal, { "makespan[agent_0]": first, "makespan[agent_1]": second }, { own });
    // 5 + 5 at 0.5 each.
    expect([at(0.5, 0.5), at(1, 1), at(7, 7)]).toEqual([10, 10, 10]);
    expect([at(0.25, 0.25), at(1, 0), at(1, -1)]).toEqual([5, 0, 0]);
    const loads = { "max_load[agent_0]": 3, "max_load[agent_1]": 3 };
    expect(bound(maxLoadGoal, loads, { own })).toBe(10);
    // A task ends with its own length on the quickest agent.
    expect(bound(makespanGoal, { "task_end[task_0]": 1 }, { own: { ...own, availableFromMs: [7, 0] } })).toBe(17);
    expect(bound(maxLoadGoal, { "task_load[task_0]": 1 }, { own: { ...own, availableFromMs: [7, 0] } })).toBe(10);
    // Rows of one time are no part of the other.
    expect(bound(makespanGoal, loads, { own })).toBe(0);
  });

  it("lets a task be left out at its price where that is allowed", () => {
    const own = { noDefer: false, weight: [1, 2] };
    // Nothing is settled: both may be left out, at no price.
    expect(bound(costGoal, {}, { own })).toBe(0);
    expect(bound(costGoal, {}, { own, form: { perDeferral: Float64Array.of(0.5, 9) } })).toBeCloseTo(1.5, 9);
    // 2 instead of 0.9, and twice 0.8.
    expect(bound(successGoal, {}, { own, form: { perDeferral: Float64Array.of(2, 0) } })).toBeCloseTo(3.6, 9);
    // With a deferred weight of 1 only task 0 may be.
    expect(bound(costGoal, {}, { own, deferred: 1 })).toBe(1);
    expect(bound(costGoal, {}, { own, deferred: 0 })).toBe(2);
    const instance = instanceOfArrays({ ...arrays, ...own });
    const room = 1 + settledSlack(instance, deferralGoal(instance), 1);
    // Priced at 0.75: min(1, 0.75) + 1 − 0.75 · room.
    expect(bound(costGoal, { "goal[deferral]": 0.75 }, { own, deferred: 1 })).toBe(
      Math.ceil(1.75 - 0.75 * room - 1e-6),
    );
  });

  it("says that there is no plan where a task can neither be placed nor left out", () => {
    const blocked = { pairStart: [0, 2, 2], pairAgent: [0, 1], busyMs: [10, 10], cost: [1, 4], success: [1, 1] };
    expect(bound(costGoal, {}, { own: blocked })).toBe(Infinity);
    expect(bound(successGoal, {}, { own: blocked })).toBe(-Infinity);
    // Where deferral is open it is left out, whatever its weight.
    expect(bound(costGoal, {}, { own: { ...blocked, noDefer: false }, deferred: 0 })).toBe(1);
  });

  it("proves nothing where sums overflow", () => {
    expect(bound(costGoal, { "load[agent_0]": 1e308 })).toBe(-Infinity);
  });
});

describe("who may be left out", () => {
  const allowed = (own: Partial<InstanceArrays>, value?: number): boolean[] => {
    const instance = instanceOfArrays({ ...arrays, noDefer: false, ...own });
    const settled = value === undefined ? [] : [{ goal: deferralGoal(instance), value }];
    return deferralOptions(instance, costGoal.on(instance), settled).map((option) => option.allowed);
  };

  it("depends on the deferred weight, within its rounding", () => {
    const weight = [1, 2];
    expect([allowed({ weight }), allowed({ weight }, 2), allowed({ weight }, 1.5)]).toEqual([
      [true, true],
      [true, true],
      [true, false],
    ]);
    expect(allowed({ weight }, 2 - 1e-6)).toEqual([true, true]);
    expect(allowed({ weight }, 2 - 1e-5)).toEqual([true, false]);
    expect(allowed({ weight, noDefer: true })).toEqual([false, false]);
  });

  it("is at the coefficient of the goal, minimised", () => {
    const instance = instanceOfArrays({ ...arrays, noDefer: false });
    const goal = { ...successGoal.on(instance), perDeferral: Float64Array.of(3, -4) };
    expect(deferralOptions(instance, goal, []).map(({ coefficient }) => coefficient)).toEqual([-3, 4]);
    expect(deferralOptions(instance, { ...goal, sense: "min" }, []).map(({ coefficient }) => coefficient)).toEqual([
      3, -4,
    ]);
    const none = deferralOptions(instance, { ...goal, sense: "min", perDeferral: null }, []);
    expect(none.map(({ coefficient }) => coefficient)).toEqual([0, 0]);
  });
});

describe("the prices under the multipliers", () => {
  it("are those of pairs and of leaving out, and what is left beside them", () => {
    const instance = instanceOfArrays({ ...arrays, noDefer: false, weight: [1, 2] });
    const goal = { ...costGoal.on(instance), constant: 5 };
    const { rows, options } = relax(instance, goal, [{ goal: deferralGoal(instance), value: 1 }]);
    expect(rows.map(({ name }) => name)).toEqual(["load[agent_0]", "goal[deferral]"]);
    const { pairPrices, deferralPrices, base } = evaluateLagrangian(
      instance,
      goal,
      rows,
      options,
      Float64Array.of(0.5, 2),
    );
    expect([...pairPrices]).toEqual([6, 4, 6, 3]);
    expect([...deferralPrices]).toEqual([2, Infinity]);
    expect(base).toBeCloseTo(5 - 0.5 * 10 - 2 * rows[1]!.rhs, 12);
  });
});
