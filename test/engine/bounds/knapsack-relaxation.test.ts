import { describe, expect, it } from "vitest";
import {
  costGoal,
  deferralGoal,
  type InstanceArrays,
  type GoalForm,
  type GoalKind,
  makespanGoal,
  maxLoadGoal,
  settledSlack,
  successGoal,
} from "../../../models/index.js";
import type { RowCertificate } from "../../../src/domain/index.js";
import { evaluateCertificate } from "../../../src/engine/bounds/certificate.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";
import { ONE_ROOM } from "../../support/one-room.js";

const arrays: InstanceArrays = { ...ONE_ROOM, success: [0.9, 0.5, 0.8, 0.6] };

/** Each kind by itself, so that the time of one belongs to it alone. */
type WithoutBound<C> = C extends unknown ? Omit<C, "bound"> : never;

function prove(
  kind: GoalKind,
  certificate: WithoutBound<RowCertificate>,
  { own = {} as Partial<InstanceArrays>, deferred = null as number | null, form = {} as Partial<GoalForm> } = {},
): number {
  const instance = instanceOfArrays({ ...arrays, ...own });
  const settled = deferred === null ? [] : [{ goal: deferralGoal(instance), value: deferred }];
  const goal = { ...kind.on(instance), ...form };
  return evaluateCertificate(instance, goal, settled, { ...certificate, bound: 0 });
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

  it("add the constant of the goal", () => {
    const multipliers = { "assign[task_0]": 3, "assign[task_1]": 3 };
    expect(prove(costGoal, knapsack(multipliers), { form: { constant: 7 } })).toBe(11);
    expect(prove(costGoal, knapsack(multipliers), { form: { constant: 0.5 } })).toBeCloseTo(4.5, 9);
    const turned = { "assign[task_0]": -0.7, "assign[task_1]": -0.6 };
    expect(prove(successGoal, knapsack(turned), { form: { constant: 7 } })).toBeCloseTo(8.5, 9);
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
    // Of two tasks of weight 1 one may be deferred.
    expect(prove(costGoal, prices, { own: { ...own, weight: [1, 1] }, deferred: 1 })).toBe(-10);
    // A task of weight 2 may not be deferred where 1 is left.
    expect(prove(costGoal, prices, { own: { ...own, weight: [2, 2] }, deferred: 1 })).toBe(-1);
    expect(prove(costGoal, prices, { own })).toBe(-19);
  });

  it("charge the deferred weight where its row has a price", () => {
    // 9 + 9 − 2 · 3 − 8 on agent 0 − (5 + 6) on agent 1 − (9 − 2) − (9 − 4) for what is deferred.
    const multipliers = { "assign[task_0]": 9, "assign[task_1]": 9, "goal[deferral]": 2 };
    const instance = instanceOfArrays({ ...arrays, ...own });
    const slack = settledSlack(instance, deferralGoal(instance), 3);
    const exact = 18 - 2 * (3 + slack) - 8 - 11 - 7 - 5;
    expect(prove(costGoal, knapsack(multipliers), { own, deferred: 3 })).toBe(Math.ceil(exact - 1e-6));
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

  it("rule out a makespan by rows as well: 30 ms of work in the room of both agents", () => {
    const rows = { "makespan[agent_0]": 1, "makespan[agent_1]": 1 };
    const tens = { "assign[task_0]": 10, "assign[task_1]": 10, "assign[task_2]": 10 };
    const at = (ms: number, own: Partial<InstanceArrays> = {}): number =>
      prove(
        makespanGoal,
        { kind: "makespan_knapsack", multipliers: { ...rows, ...tens }, at_ms: ms },
        { own: { ...three, ...own } },
      );
    expect([at(14), at(15)]).toEqual([15, -Infinity]);
    expect([at(19, { availableFromMs: [0, 10] }), at(20, { availableFromMs: [0, 10] })]).toEqual([20, -Infinity]);
  });

  it("prove nothing where leaving a task out is rewarded", () => {
    // Tasks 1 and 2 end at 10 at the earliest; leaving task 0 out takes 8 off.
    const own = { ...three, noDefer: false, weight: [1, 9, 9] };
    const at = (price: number): number =>
      prove(
        makespanGoal,
        { kind: "makespan_knapsack", multipliers: {}, at_ms: 9 },
        { own, deferred: 1, form: { perDeferral: Float64Array.of(price, 0, 0) } },
      );
    expect([at(8), at(-8)]).toEqual([10, -Infinity]);
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

  it("prove nothing for a goal that is more than a time", () => {
    const form = (own: Partial<GoalForm>): number =>
      prove(makespanGoal, until("makespan_knapsack", 19), { own: three, form: own });
    expect(form({})).toBe(20);
    for (const other of [
      ...[{ makespan: 2 }, { maxLoad: 1 }, { minLoad: 1 }, { constant: 1 }],
      ...[{ perPair: new Float64Array(6) }, { perDeferral: Float64Array.of(0, 0, -1) }],
    ] as const)
      expect(form(other)).toBe(other.perDeferral === undefined ? -Infinity : 20);
    // Of a goal that is maximised nothing is proven where any value is possible, and none above it.
    expect(form({ sense: "max" })).toBe(Infinity);
  });

  it("let tasks be deferred at their price, which ends before the time too", () => {
    // At 8 each it is best to defer one of three: 10 + 8. With both rows priced at 1 a task costs 10, or 16 to defer: 20 + 16 in 2 · at_ms.
    const form = { perDeferral: Float64Array.of(8, 8, 8) };
    const own = { ...three, noDefer: false };
    const rows = { "makespan[agent_0]": 1, "makespan[agent_1]": 1 };
    const sixteen = { "assign[task_0]": 16, "assign[task_1]": 16, "assign[task_2]": 16 };
    const at = (ms: number, other: Partial<GoalForm> = form): number =>
      prove(
        makespanGoal,
        { kind: "makespan_knapsack", multipliers: { ...rows, ...sixteen }, at_ms: ms },
        { own, form: other },
      );
    expect([at(17), at(18)]).toEqual([18, -Infinity]);
    expect(at(17, { perDeferral: Float64Array.of(8, 8, -1) })).toBe(-Infinity);
  });

  it("hold what must be deferred to the deferred weight", () => {
    // No task of 10 ms ends by 9, so that both would be deferred.
    const own = { noDefer: false, cost: [0, 0, 0, 0] };
    const at = (deferred: number): number =>
      prove(makespanGoal, { kind: "makespan_knapsack", multipliers: {}, at_ms: 9 }, { own, deferred });
    expect([at(0), at(1), at(2)]).toEqual([10, 10, -Infinity]);
  });

  it("take no row of a task's own end, and no time before an agent comes", () => {
    const ends = { ...ones, "task_end[task_0]": 5, "task_end[task_1]": 5 };
    expect(prove(makespanGoal, { kind: "makespan_knapsack", multipliers: ends, at_ms: 20 }, { own: three })).toBe(
      -Infinity,
    );
    const late = { ...three, numTasks: 2, pairStart: [0, 2, 4], availableFromMs: [0, 30] };
    const own = {
      ...late,
      pairAgent: [0, 1, 0, 1],
      busyMs: [10, 10, 10, 10],
      cost: [0, 0, 0, 0],
      success: [0, 0, 0, 0],
    };
    const price = { "makespan[agent_1]": 1 };
    expect(prove(makespanGoal, { kind: "makespan_knapsack", multipliers: price, at_ms: 20 }, { own })).toBe(-Infinity);
  });

  it("need multipliers that add up to more than nothing", () => {
    const none = { kind: "makespan_knapsack", multipliers: {}, at_ms: 19 } as const;
    expect(prove(makespanGoal, none, { own: three })).toBe(-Infinity);
  });
});

describe("rows of times beside knapsacks", () => {
  it("are scaled down to the weight of their time in the goal", () => {
    // Each agent is quick with one task. At 0.5 each, a task costs 5 where it is quick: 10 + 10 − 5 − 5.
    const own = { capacityMs: [Infinity, Infinity], busyMs: [10, 30, 30, 10] };
    const at = (first: number, second: number, ofTask = 10): number =>
      prove(
        makespanGoal,
        knapsack({
          ...{ "makespan[agent_0]": first, "makespan[agent_1]": second },
          ...{ "assign[task_0]": ofTask, "assign[task_1]": ofTask },
        }),
        { own },
      );
    expect([at(0.5, 0.5), at(1, 1), at(4, 4)]).toEqual([10, 10, 10]);
    // Less than the weight of the time is not scaled up: 10 − 2.5 − 2.5.
    expect(at(0.25, 0.25, 5)).toBe(5);
    // Agent 1 takes both tasks at no price, whatever the sign: 20 − 5 − 20, and 20 − 0 − 20.
    expect([at(0.5, 0), at(0.5, -0.5), at(1, -0.5)]).toEqual([-5, -5, 0]);
  });
});
