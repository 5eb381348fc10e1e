import { describe, expect, it } from "vitest";
import { buildStage } from "../../models/build.js";
import { earliestStarts } from "../../models/earliest-starts.js";
import { evaluateForm, isIntegral, largestCoefficient, nonlinearGoal } from "../../models/goal.js";
import { weightedSum, withDeferralPrice } from "../../models/goals.js";
import { DEFERRED, type Instance } from "../../models/instance.js";
import * as measures from "../../models/measures.js";
import { selectPairs, selectTasks } from "../../models/select-instance.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { timedInstance } from "../support/small-instance.js";

const plan = (agentOf: number[], slotOf = [0, 0, 1]) => ({
  agentOf: Int32Array.from(agentOf),
  slotOf: Int32Array.from(agentOf, (agent, task) => (agent === DEFERRED ? DEFERRED : agent === 1 ? 0 : slotOf[task]!)),
});
/** t1 on ada slot 0, t2 on bob, t3 on ada slot 1. */
const PLAN = plan([0, 1, 0]);
const unordered = (instance: Instance): Instance => ({
  ...instance,
  ...{ dependsStart: new Int32Array(instance.numTasks + 1), dependsOn: new Int32Array(0) },
});

describe("earliest starts, by hand", () => {
  const instance = timedInstance();
  const startsOf = (agentOf: number[], order: number[], of = instance): number[] =>
    [...earliestStarts(of, of.timing!, plan(agentOf), order)].map((start) => Math.round(start * 1e6) / 1e6);

  it.each<[string, number[], number[], number[]]>([
    // t1 (440 ms) does not fit before ada's first absence; t2 waits for its two gpu, t3 for bob's slot.
    ["agents away and a full pool", [0, 1, 1], [0, 1, 2], [300, 740, 1475]],
    // t2 runs on bob from 100 to 835. Then t1 does not fit before ada's second absence; t3 waits for t1.
    ["another order", [0, 1, 0], [1, 0, 2], [1000, 100, 1440]],
    ["a deferred task", [1, DEFERRED, 0], [0, 1, 2], [100, NaN, 1000]],
  ])("%s", (_, agentOf, order, starts) => {
    expect(startsOf(agentOf, order)).toEqual(starts);
  });

  it("let tasks run together that the pool has room for, whichever starts first", () => {
    expect(startsOf([0, DEFERRED, 1], [0, 2], unordered(instance))).toEqual([300, NaN, 100]);
    expect(startsOf([1, DEFERRED, 0], [2, 0], unordered(instance))).toEqual([100, NaN, 1000]);
  });

  it("begin at a task's release and at the end of what it waits for", () => {
    const timing = { ...instance.timing!, releaseMs: Float64Array.of(0, 1500, 0) };
    expect(startsOf([1, 1, 1], [0, 2, 1], { ...instance, timing })).toEqual([100, 1500, 520]);
  });

  it("are what a decoded program has, in the order of its starts", () => {
    const goal = STRATEGY_MODELS.maximize_throughput.first.on(instance);
    const { program, decode } = buildStage(instance, { goal, settled: [] });
    const values = new Float64Array(program.variableNames.length);
    const set = (name: string, value: number) => (values[program.variableNames.indexOf(name)] = value);
    for (const name of ["x[t1,ada,0]", "x[t2,bob]", "x[t3,ada,1]"]) set(name, 1);
    for (const [task, start] of Object.entries({ t1: 900, t2: 90, t3: 1500 })) set(`S[${task}]`, start);
    const decoded = decode(values);
    expect([[...decoded.agentOf], [...decoded.startMs!]]).toEqual([
      [0, 1, 0],
      [1000, 100, 1440],
    ]);
    expect(measures.makespanMs(instance, decoded)).toBeCloseTo(1440 + 900, 9);
    expect(() => measures.makespanMs(instance, PLAN)).toThrow("has no start times");
  });
});

describe("goals where tasks wait for others", () => {
  const instance = timedInstance();
  const { first: success } = STRATEGY_MODELS.maximize_success;

  it("count a task with the chance that it starts, and bound it by the best chance", () => {
    const goal = success.on(instance);
    expect(goal.evaluate(PLAN)).toBeCloseTo(2 * 0.9 + 0.95 + 0.6 * 0.9, 12);
    expect(goal.evaluate(plan([1, DEFERRED, 1]))).toBeCloseTo(2 * 0.7 + 0.92 * 0.7, 12);
    expect(evaluateForm(instance, goal, plan([1, 1, 1]))).toBeCloseTo(2 * 0.7 + 0.95 + 0.92 * 0.9, 12);
    expect([...goal.chanced!.perStarted]).toEqual([...success.on(unordered(instance)).perPair!]);
    expect(success.on(unordered(instance)).linearity ?? "is").toBe("is");
  });

  it("bound what a task loses by the least chance that it starts", () => {
    const losing = { ...instance, confidenceDelta: instance.confidenceDelta.map((one) => -one) };
    const goal = STRATEGY_MODELS.confidence_optimization.first.on(losing);
    expect(evaluateForm(losing, goal, plan([0, 1, 0]))).toBeCloseTo(-2 * 0.05 - 0.06 - 0.01 * 0.7, 12);
    expect(goal.evaluate(plan([0, 1, 0]))).toBeCloseTo(-2 * 0.05 - 0.06 - 0.01 * 0.9, 12);
  });

  it("are summed with their chances, and what cancels is 0", () => {
    const [one, cost] = [success.on(instance), STRATEGY_MODELS.minimize_cost.first.on(instance)];
    const sum = weightedSum(
      instance,
      "mix",
      [
        { goal: one, factor: -2 },
        { goal: cost, factor: 3 },
      ],
      5,
    );
    expect(sum.evaluate(PLAN)).toBeCloseTo(5 - 2 * one.evaluate(PLAN) + 3 * 13, 9);
    expect(evaluateForm(instance, sum, PLAN)).toBeCloseTo(5 - 2 * evaluateForm(instance, one, PLAN) + 3 * 13, 9);
    expect([...sum.chanced!.perStarted]).toEqual(
      [...one.perPair!].map((_, pair) => -2 * one.chanced!.perStarted[pair]!),
    );
    expect([...sum.chanced!.perPlaced!]).toEqual([...cost.perPair!].map((value) => 3 * value));
    expect(weightedSum(instance, "mix", [{ goal: cost, factor: 1 }], 0).chanced).toBeUndefined();
    const none = weightedSum(
      instance,
      "mix",
      [
        { goal: cost, factor: 0.1 },
        { goal: cost, factor: -0.1 },
      ],
      0,
    );
    expect(none.evaluate(PLAN)).toBe(0);
    expect([none.linearity, sum.linearity]).toEqual(["is", "bounds"]);
    const opaque = nonlinearGoal({ name: "own", sense: "min" }, () => 7, null);
    expect(weightedSum(instance, "mix", [{ goal: opaque, factor: 1 }], 0).linearity).toBe("nothing");
    expect(weightedSum(instance, "mix", [{ goal: opaque, factor: 0 }], 0).linearity).toBe("bounds");
  });

  it("pay for every deferred task on the bad side", () => {
    const deferring = plan([0, DEFERRED, DEFERRED]);
    for (const [name, sign] of [
      ["maximize_success", -1],
      ["minimize_cost", 1],
    ] as const) {
      const goal = STRATEGY_MODELS[name].first.on(instance);
      const priced = withDeferralPrice(instance, { ...goal, perDeferral: Float64Array.of(0, 1, 2) }, 4);
      expect([...priced.perDeferral!]).toEqual([sign * 4, sign * 4 + 1, sign * 4 + 2]);
      expect(withDeferralPrice(instance, goal, 4).evaluate(deferring)).toBeCloseTo(
        goal.evaluate(deferring) + sign * 8,
        9,
      );
    }
  });

  it("know their scale, their whole numbers and the weight that a plan could still place", () => {
    const cost = STRATEGY_MODELS.minimize_cost.first.on(instance);
    expect([largestCoefficient(cost), isIntegral(instance, cost)]).toEqual([7, true]);
    expect(largestCoefficient({ ...cost, minLoad: -9 })).toBe(9);
    const whole = { ...instance, busyMs: instance.busyMs.map(Math.round) };
    const makespan = STRATEGY_MODELS.maximize_throughput.first.on(whole);
    const at = (releaseMs: Float64Array, absenceToMs = whole.timing!.absenceToMs) =>
      isIntegral({ ...whole, timing: { ...whole.timing!, releaseMs, absenceToMs } }, makespan);
    const [even, uneven] = [Float64Array.of(0, 50, 0), Float64Array.of(0, 50.5, 0)];
    expect([at(even), at(uneven), at(even, Float64Array.of(300.5, 1000))]).toEqual([true, false, false]);
    expect(isIntegral({ ...whole, timing: null }, makespan)).toBe(true);
    expect([measures.numDeferred(PLAN), measures.numDeferred(plan([0, DEFERRED, DEFERRED]))]).toEqual([0, 2]);
    expect(measures.avoidableDeferredWeight(instance, plan([DEFERRED, 1, DEFERRED]))).toBe(3);
  });
});

describe("a part of an instance", () => {
  const instance = timedInstance();

  it("has its tasks with their pairs, times and dependencies among themselves", () => {
    const part = selectTasks(instance, [0, 2]);
    expect(part).toMatchObject({ numTasks: 2, numPairs: 4, taskIds: ["t1", "t3"] });
    expect([[...part.pairStart], [...part.pairTask], [...part.pairAgent]]).toEqual([
      [0, 2, 4],
      [0, 0, 1, 1],
      [0, 1, 0, 1],
    ]);
    expect([[...part.dependsStart], [...part.dependsOn]]).toEqual([[0, 0, 1], [0]]);
    expect([[...part.success], [...part.cost], [...part.weight]]).toEqual([
      [0.9, 0.7, 0.6, 0.92],
      [4, 2, 6, 7],
      [2, 1],
    ]);
    const { useStart, usePool, useAmount, releaseMs } = part.timing!;
    expect([[...useStart], [...usePool], [...useAmount], [...releaseMs]]).toEqual([
      [0, 1, 2],
      [0, 0],
      [2, 1],
      [0, 0],
    ]);
    expect([...part.urgencyRank]).toEqual([instance.urgencyRank[0], instance.urgencyRank[2]]);
    const rest = selectTasks(instance, [1, 2]);
    expect([[...rest.dependsStart], [...rest.dependsOn], [...rest.deadlineMs]]).toEqual([
      [0, 0, 0],
      [],
      [1000, Infinity],
    ]);
    expect([[...rest.timing!.useStart], [...rest.timing!.useAmount]]).toEqual([
      [0, 2, 3],
      [2, 1, 1],
    ]);
    expect(selectTasks({ ...instance, timing: null }, [1]).timing).toBeNull();
  });

  it("has the pairs that are kept", () => {
    const part = selectPairs(instance, (pair) => instance.pairAgent[pair] === 1 || pair === 0);
    expect([part.numPairs, [...part.pairStart], [...part.pairTask]]).toEqual([4, [0, 2, 3, 4], [0, 0, 1, 2]]);
    expect([[...part.retries], [...part.belowGate]]).toEqual([
      [0.1, 0.4, 0.05, 0.1],
      [0, 1, 2, 4].map((k) => instance.belowGate[k]),
    ]);
  });
});
