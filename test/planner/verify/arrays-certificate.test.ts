import { describe, expect, it } from "vitest";
import { goalChain, type InstanceArrays, type PlainStrategy, STRATEGY_MODELS } from "../../../models/index.js";
import type { Certificate, ArraysCertificate } from "../../../src/domain/index.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";
import { evaluateArraysCertificate, toArraysCertificate } from "../../../src/planner/verify/arrays-certificate.js";
import { ONE_ROOM } from "../../support/one-room.js";

/** Three tasks of 10 ms on agents of one and of two slots. */
const timed: InstanceArrays = {
  ...{ numTasks: 3, numAgents: 2, pairStart: [0, 2, 4, 6], pairAgent: [0, 1, 0, 1, 0, 1], noDefer: true },
  ...{ busyMs: [10, 10, 10, 10, 10, 10], slots: [1, 2] },
};

function evaluate(
  arrays: InstanceArrays,
  strategy: PlainStrategy,
  kind: ArraysCertificate["kind"],
  multipliers: readonly number[],
  { deferralPrice = null as number | null, deferred = 0, bound = 0 } = {},
): number {
  const instance = instanceOfArrays(arrays);
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
  const settled = goals.slice(0, firstIndex).map((goal) => ({ goal, value: deferred }));
  const stated = { kind, multipliers: Float64Array.from(multipliers), deferralPrice, bound };
  return evaluateArraysCertificate(instance, { first: goals[firstIndex]!, settled }, stated);
}

describe("what multipliers on arrays prove", () => {
  it("prices of capacities: min(1 + 2, 4) + min(1 + 2, 3) − 0.2 · 10", () => {
    expect(evaluate(ONE_ROOM, "minimize_cost", "capacity_prices", [0.2, 0])).toBeCloseTo(4, 9);
    expect(evaluate(ONE_ROOM, "minimize_cost", "capacity_prices", [0, 0])).toBeCloseTo(2, 9);
    // An agent without a limit has no row to price.
    expect(evaluate(ONE_ROOM, "minimize_cost", "capacity_prices", [0, 1])).toBeCloseTo(2, 9);
  });

  it("prices of tasks: 3 + 3, less the better of 2 and 2 on the agent with room for one", () => {
    expect(evaluate(ONE_ROOM, "minimize_cost", "task_prices", [3, 3])).toBeCloseTo(4, 9);
    expect(evaluate(ONE_ROOM, "minimize_cost", "task_prices", [-1, 0])).toBeCloseTo(-1, 9);
    expect(evaluate(ONE_ROOM, "minimize_cost", "task_prices", [0, 0])).toBeCloseTo(0, 9);
  });

  it("prices of a makespan: three tasks of 10 ms on three slots, one of which may come later", () => {
    expect(evaluate(timed, "maximize_throughput", "makespan_prices", [1, 1])).toBe(10);
    // 30 = C + 2 (C − 6) gives 14.
    const later = { ...timed, availableFromMs: [0, 6] };
    expect(evaluate(later, "maximize_throughput", "makespan_prices", [1, 1])).toBe(14);
    // A load does not depend on when an agent comes.
    expect(evaluate(later, "balance_load", "makespan_prices", [1, 1])).toBe(10);
  });

  it("prices of tasks at a time: two agents with room for one task of 6 ms each until 11 ms, and three tasks", () => {
    const three = { ...timed, slots: [1, 1], busyMs: [6, 6, 6, 6, 6, 6] };
    const at = (arrays: InstanceArrays, strategy: PlainStrategy, bound: number): number =>
      evaluate(arrays, strategy, "task_prices_at_time", [1, 1, 1], { bound });
    expect([11, 12, 13].map((bound) => at(three, "maximize_throughput", bound))).toEqual([11, 12, -Infinity]);
    expect([11, 12, 13].map((bound) => at(three, "balance_load", bound))).toEqual([11, 12, -Infinity]);
    // Where times are not whole, the bound is the time itself.
    const parts = { ...three, busyMs: [6, 6, 6, 6, 6.5, 6.5] };
    expect([11, 11.9, 12].map((bound) => at(parts, "maximize_throughput", bound))).toEqual([11, 11.9, -Infinity]);
    expect(evaluate(ONE_ROOM, "minimize_cost", "task_prices_at_time", [1, 1], { bound: 1 })).toBe(-Infinity);
  });

  it("rounds up where all times are whole", () => {
    const two = { ...timed, slots: [1, 1], busyMs: [5, 5, 5, 5, 5, 5] };
    expect(evaluate(two, "maximize_throughput", "makespan_prices", [1, 1])).toBe(8);
    const parts = { ...two, busyMs: [5, 5, 5, 5, 5.5, 5.5] };
    expect(evaluate(parts, "maximize_throughput", "makespan_prices", [1, 1])).toBeCloseTo(7.75, 9);
    const late = { ...two, availableFromMs: [0, 0.5] };
    expect(evaluate(late, "maximize_throughput", "makespan_prices", [1, 1])).toBeCloseTo(7.75, 9);
  });

  it("leaves out tasks that no agent can take", () => {
    const without = { ...timed, numTasks: 4, pairStart: [0, 2, 4, 4, 6], noDefer: false };
    expect(evaluate(without, "maximize_throughput", "makespan_prices", [1, 1])).toBe(10);
    const first = { ...timed, numTasks: 4, pairStart: [0, 0, 2, 4, 6], noDefer: false };
    expect(evaluate(first, "maximize_throughput", "makespan_prices", [1, 1])).toBe(10);
  });

  it("the deferred weight has a price too", () => {
    const open = { ...ONE_ROOM, noDefer: false };
    // min(1, 5) + min(1, 5) − 0; min(1, 3) + min(1, 3) − 3 · 1; and a half, which whole costs cannot be.
    const priced = (deferralPrice: number, deferred: number): number =>
      evaluate(open, "minimize_cost", "capacity_prices", [0, 0], { deferralPrice, deferred });
    expect(priced(5, 0)).toBeCloseTo(2, 6);
    expect(priced(3, 1)).toBeCloseTo(-1, 6);
    expect(priced(0.5, 1)).toBe(1);
  });

  it.each<[string, number]>([
    ["too few", evaluate(ONE_ROOM, "minimize_cost", "capacity_prices", [0.2])],
    ["too many", evaluate(ONE_ROOM, "minimize_cost", "capacity_prices", [0.2, 0, 0])],
    ["below zero", evaluate(ONE_ROOM, "minimize_cost", "capacity_prices", [-0.2, 0])],
    ["no numbers", evaluate(ONE_ROOM, "minimize_cost", "capacity_prices", [NaN, 0])],
    ["infinite ones for tasks", evaluate(ONE_ROOM, "minimize_cost", "task_prices", [Infinity, 0])],
    ["for agents instead of tasks", evaluate(timed, "minimize_cost", "task_prices", [0, 0])],
    ["of a makespan, for a cost", evaluate(ONE_ROOM, "minimize_cost", "makespan_prices", [1, 1])],
    [
      "of a makespan, where tasks may be deferred",
      evaluate({ ...timed, noDefer: false }, "balance_load", "makespan_prices", [1, 1], { deferred: 1 }),
    ],
  ])("proves nothing by multipliers that do not fit: %s", (_, bound) => expect(bound).toBeNaN());

  it("takes a makespan where nothing that could be placed is deferred", () => {
    const open = { ...timed, noDefer: false };
    expect(evaluate(open, "maximize_throughput", "makespan_prices", [1, 1])).toBe(10);
  });
});

function convert(arrays: InstanceArrays, strategy: PlainStrategy, certificate: Certificate | null) {
  const instance = instanceOfArrays(arrays);
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
  const settled = goals.slice(0, firstIndex).map((goal) => ({ goal, value: 0 }));
  return toArraysCertificate(instance, { first: goals[firstIndex]!, settled }, certificate);
}

describe("a certificate of rows as one of arrays", () => {
  const rows = (multipliers: Record<string, number>, bound = 4): Certificate => ({
    ...{ kind: "lagrangian", multipliers, bound },
  });

  it("has prices by agent or by task", () => {
    expect(convert(ONE_ROOM, "minimize_cost", null)).toBeNull();
    expect(convert(ONE_ROOM, "minimize_cost", rows({ "load[agent_0]": 0.2 }))).toEqual({
      ...{ kind: "capacity_prices", multipliers: Float64Array.of(0.2, 0), deferralPrice: null, bound: 4 },
    });
    const ofTasks = { kind: "knapsack", multipliers: { "assign[task_1]": 3 }, bound: 1 } as const;
    expect(convert(ONE_ROOM, "minimize_cost", ofTasks)).toEqual({
      ...{ kind: "task_prices", multipliers: Float64Array.of(0, 3), deferralPrice: null, bound: 1 },
    });
  });

  it("has the price of the deferred weight", () => {
    const open = { ...ONE_ROOM, noDefer: false };
    expect(convert(open, "minimize_cost", rows({ "goal[deferral]": 7 }, 2))).toMatchObject({ deferralPrice: 7 });
    expect(convert(open, "minimize_cost", rows({ "goal[deferral]": 0 }, 2))).toMatchObject({ deferralPrice: null });
  });

  it("has a makespan's prices by slot, and what they prove", () => {
    const certificate = rows({ "makespan[agent_0]": 1 / 3, "makespan[agent_1]": 2 / 3 }, 9);
    expect(convert(timed, "maximize_throughput", certificate)).toEqual({
      ...{ kind: "makespan_prices", multipliers: Float64Array.of(1 / 3, 1 / 3), deferralPrice: null, bound: 10 },
    });
    const ofOne = rows({ "makespan[agent_1]": 1 }, 9);
    const oneAgent = { kind: "makespan_prices", multipliers: Float64Array.of(0, 0.5) };
    expect(convert(timed, "maximize_throughput", ofOne)).toMatchObject(oneAgent);
    const ofLoads = rows({ "max_load[agent_0]": 1, "max_load[agent_1]": 2 }, 9);
    expect(convert(timed, "balance_load", ofLoads)).toMatchObject({ kind: "makespan_prices", bound: 10 });
  });

  it("has prices of tasks at the time that they rule out", () => {
    const multipliers = { "assign[task_0]": 1, "assign[task_2]": 2 };
    for (const kind of ["makespan_knapsack", "max_load_knapsack"] as const) {
      const certificate = { kind, at_ms: 9, multipliers, bound: 10 };
      expect(convert(timed, "maximize_throughput", certificate)).toEqual({
        ...{ kind: "task_prices_at_time", multipliers: Float64Array.of(1, 0, 2), deferralPrice: null, bound: 10 },
      });
    }
  });

  it.each<[string, Certificate]>([
    ["a price of another row", rows({ "load[agent_0]": 0.2, budget: 1 })],
    ["a price of a row of times, for a cost", rows({ "makespan[agent_0]": 1 })],
    ["a bound that is no number", rows({}, -Infinity)],
    [
      "knapsacks up to a time, beside another row",
      { kind: "makespan_knapsack", multipliers: { budget: 1 }, bound: 2, at_ms: 1 },
    ],
  ])("is none for %s", (_, certificate) => expect(convert(ONE_ROOM, "minimize_cost", certificate)).toBeNull());

  it("leaves out rows without a price", () => {
    expect(convert(ONE_ROOM, "minimize_cost", rows({ budget: 0 }, 2))).toMatchObject({ bound: 2 });
  });
});
