import { describe, expect, it } from "vitest";
import {
  costGoal,
  deferralGoal,
  type InstanceArrays,
  makespanGoal,
  maxLoadGoal,
  successGoal,
  type GoalKind,
} from "../../../models/index.js";
import type { RowCertificate } from "../../../src/domain/index.js";
import { evaluateCertificate } from "../../../src/engine/bounds/certificate.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";

/** Two tasks of 10 ms that are cheapest on agent 0, which has room for one of them: 1 + 3 is the least cost. */
const arrays: InstanceArrays = {
  ...{ numTasks: 2, numAgents: 2, pairStart: [0, 2, 4], pairAgent: [0, 1, 0, 1], noDefer: true },
  ...{ busyMs: [10, 10, 10, 10], cost: [1, 4, 1, 3], success: [0.9, 0.5, 0.8, 0.6], capacityMs: [10, Infinity] },
};

function prove(
  kind: GoalKind,
  certificate: Omit<RowCertificate, "bound">,
  { own = {} as Partial<InstanceArrays>, deferred = null as number | null } = {},
): number {
  const instance = instanceOfArrays({ ...arrays, ...own });
  const settled = deferred === null ? [] : [{ goal: deferralGoal(instance), value: deferred }];
  return evaluateCertificate(instance, kind.on(instance), settled, { ...certificate, bound: 0 } as RowCertificate);
}

const knapsack = (multipliers: Record<string, number>) => ({ kind: "knapsack", multipliers }) as const;

describe("knapsacks of agents", () => {
  it.each<[string, Record<string, number>, number]>([
    // 3 + 3 − max(2, 2) on agent 0 − nothing on agent 1.
    ["prices of both tasks", { "assign[task_0]": 3, "assign[task_1]": 3 }, 4],
    // 4 + 3 − max(3, 2) − (4 − 4) − 0.
    ["prices that reach the optimum as well", { "assign[task_0]": 4, "assign[task_1]": 3 }, 4],
    ["a price too low", { "assign[task_0]": 2 }, 1],
    ["a price below 0", { "assign[task_0]": -1 }, -1],
    ["none", {}, 0],
    // The load row is in the knapsack already: 6 + 0.1 · −10 − max(2 − 1, 2 − 1).
    ["a load row beside them", { "assign[task_0]": 3, "assign[task_1]": 3, "load[agent_0]": 0.1 }, 4],
    ["rows that do not exist", { "assign[task_0]": 3, "assign[task_1]": 3, budget: 9, "assign[x]": 5 }, 4],
    ["multipliers of rows below 0", { "assign[task_0]": 3, "assign[task_1]": 3, "load[agent_0]": -9 }, 4],
  ])("cost: %s", (_, multipliers, bound) => expect(prove(costGoal, knapsack(multipliers))).toBe(bound));

  it("are maximised with the sign turned, and not rounded where values are parts", () => {
    // −0.7 − 0.6 − max over agent 0 of (0.9 − 0.7, 0.8 − 0.6) = −1.5: a bound of 1.5 on 0.9 + 0.6.
    const bound = prove(successGoal, knapsack({ "assign[task_0]": -0.7, "assign[task_1]": -0.6 }));
    expect(bound).toBeCloseTo(1.5, 9);
    expect(bound).toBeGreaterThanOrEqual(1.5);
  });

  it("let an agent of several slots take what each could take", () => {
    // Two slots of 15 ms: each takes one of three tasks of 10 ms, though 30 ms would hold all of them.
    const own = {
      ...{ numTasks: 3, numAgents: 1, pairStart: [0, 1, 2, 3], pairAgent: [0, 0, 0], busyMs: [10, 10, 10] },
      ...{ cost: [0, 0, 0], success: [0, 0, 0], slots: [2], capacityMs: [15] },
    };
    const prices = { "assign[task_0]": 5, "assign[task_1]": 5, "assign[task_2]": 5 };
    expect(prove(costGoal, knapsack(prices), { own })).toBe(5);
    // With room for two in each slot, and 40 ms in all, all fit.
    expect(prove(costGoal, knapsack(prices), { own: { ...own, capacityMs: [20] } })).toBe(0);
  });

  it("let an agent exceed its limit as far as a plan may", () => {
    const price = { "assign[task_0]": 5, "assign[task_1]": 5 };
    const at = (capacityMs: number): number =>
      prove(costGoal, knapsack(price), { own: { capacityMs: [capacityMs, 0] } });
    // 10 − 4 with one task on agent 0; with less room than a task needs there is nothing to take off.
    expect([at(10), at(10 - 5e-9), at(9.9), at(20 - 1e-8)]).toEqual([6, 6, 10, 2]);
  });
});

describe("knapsacks where tasks may be deferred", () => {
  const own = { noDefer: false, weight: [1, 2] };

  it("have one of the deferred weight", () => {
    // 9 + 9 − 8 on agent 0 − (5 + 6) on agent 1 − the better of what is deferred: 9 of weight 1, if that is the room.
    const prices = knapsack({ "assign[task_0]": 9, "assign[task_1]": 9 });
    expect(prove(costGoal, prices, { own, deferred: 0 })).toBe(-1);
    expect(prove(costGoal, prices, { own, deferred: 1 })).toBe(-10);
    // A task of weight 2 may not be deferred where 1 is left.
    expect(prove(costGoal, prices, { own: { ...own, weight: [2, 2] }, deferred: 1 })).toBe(-1);
    expect(prove(costGoal, prices, { own })).toBe(-19);
  });

  it("take no multiplier of a task that no agent can take, and prove that there is no plan where it may not be deferred", () => {
    const blocked = {
      ...own,
      pairStart: [0, 2, 2],
      pairAgent: [0, 1],
      busyMs: [10, 10],
      cost: [1, 4],
      success: [1, 1],
    };
    const prices = knapsack({ "assign[task_0]": 3, "assign[task_1]": 50 });
    // 3 − 2 on agent 0; and 3 less where task 0 may be deferred as well.
    expect(prove(costGoal, prices, { own: blocked, deferred: 0 })).toBe(1);
    expect(prove(costGoal, prices, { own: blocked, deferred: 1 })).toBe(-2);
    expect(prove(costGoal, prices, { own: { ...blocked, noDefer: true } })).toBe(Infinity);
  });
});

describe("knapsacks up to a time", () => {
  /** Three tasks of 10 ms on two agents: one has two of them, so that nothing ends before 20. */
  const three = {
    ...{ numTasks: 3, pairStart: [0, 2, 4, 6], pairAgent: [0, 1, 0, 1, 0, 1], cost: [0, 0, 0, 0, 0, 0] },
    ...{ busyMs: [10, 10, 10, 10, 10, 10], success: [0, 0, 0, 0, 0, 0], capacityMs: [Infinity, Infinity] },
  };
  const ones = { "assign[task_0]": 1, "assign[task_1]": 1, "assign[task_2]": 1 };
  const until = (kind: "makespan_knapsack" | "max_load_knapsack", at_ms: number) =>
    ({ kind, multipliers: ones, at_ms }) as const;

  it("rule out a makespan in which not all tasks fit, and so all below the next whole number", () => {
    const at = (ms: number, own: Partial<InstanceArrays> = {}): number =>
      prove(makespanGoal, until("makespan_knapsack", ms), { own: { ...three, ...own } });
    expect([at(19), at(19.5), at(20), at(9)]).toEqual([20, 20, -Infinity, 10]);
    // Agent 1 comes at 10 ms: by 19 it ends nothing.
    expect(at(19, { availableFromMs: [0, 10] })).toBe(20);
    expect(at(20, { availableFromMs: [0, 10] })).toBe(-Infinity);
    expect(at(20, { availableFromMs: [0, 11] })).toBe(21);
    // Two slots have room for all of them in one go.
    expect(at(19, { slots: [1, 2] })).toBe(-Infinity);
    // Times in parts are not rounded up.
    expect(at(19.5, { busyMs: [10, 10, 10, 10, 10, 10.5] })).toBe(19.5);
  });

  it("rule out a load likewise, whenever agents come", () => {
    const at = (ms: number, own: Partial<InstanceArrays> = {}): number =>
      prove(maxLoadGoal, until("max_load_knapsack", ms), { own: { ...three, ...own } });
    expect([at(19), at(20)]).toEqual([20, -Infinity]);
    expect(at(20, { availableFromMs: [0, 11] })).toBe(-Infinity);
  });

  it("obey the limits of the agents too", () => {
    const own = { ...three, capacityMs: [10, 10] };
    expect(prove(makespanGoal, until("makespan_knapsack", 1000), { own })).toBe(1001);
    expect(prove(maxLoadGoal, until("max_load_knapsack", 1000), { own })).toBe(1001);
  });

  it("prove nothing for another goal or a time that is none", () => {
    expect(prove(makespanGoal, until("max_load_knapsack", 19), { own: three })).toBe(-Infinity);
    expect(prove(maxLoadGoal, until("makespan_knapsack", 19), { own: three })).toBe(-Infinity);
    expect(prove(costGoal, until("makespan_knapsack", 19), { own: three })).toBe(-Infinity);
    expect(prove(makespanGoal, until("makespan_knapsack", Infinity), { own: three })).toBe(-Infinity);
    expect(prove(makespanGoal, until("makespan_knapsack", NaN), { own: three })).toBe(-Infinity);
  });

  it("need multipliers that add up to more than nothing", () => {
    const none = { kind: "makespan_knapsack", multipliers: {}, at_ms: 19 } as const;
    expect(prove(makespanGoal, none, { own: three })).toBe(-Infinity);
  });
});

describe("rows of times beside knapsacks", () => {
  it("are scaled down to the weight of their time in the goal", () => {
    // Two agents, one task of 10 ms on each; rows priced at 2 in all count as priced at 1.
    const own = { capacityMs: [Infinity, Infinity], busyMs: [10, 30, 30, 10] };
    const both = { "makespan[agent_0]": 1, "makespan[agent_1]": 1, "assign[task_0]": 5, "assign[task_1]": 5 };
    expect(prove(makespanGoal, knapsack(both), { own })).toBe(10);
    const halves = { ...both, "makespan[agent_0]": 0.5, "makespan[agent_1]": 0.5 };
    expect(prove(makespanGoal, knapsack(halves), { own })).toBe(10);
    const signs = { ...halves, "makespan[agent_1]": -0.5 };
    // Agent 1 takes both tasks at no price.
    expect(prove(makespanGoal, knapsack(signs), { own })).toBe(0);
  });
});
