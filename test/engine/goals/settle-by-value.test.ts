import { afterAll, describe, expect, it } from "vitest";
import { type Goal, nonlinearGoal, timesWeight } from "../../../models/goal.js";
import { makespanGoal } from "../../../models/goals.js";
import { type Assignment, DEFERRED, findPair, type Instance } from "../../../models/index.js";
import { defineModel, type StrategyModel } from "../../../models/strategy.js";
import { runChain } from "../../../src/engine/wave/run-chain.js";
import { Session } from "../../../src/engine/goals/session.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { forEachPlan } from "../../support/brute-force.js";
import { smallProblem } from "../../support/check-against-brute-force.js";

afterAll(closeSolvers);

/** Σ w_i P_i Π P_a over the tasks a that i waits for, directly or through others: a task runs only after their success. */
function chainedSuccess(instance: Instance, { agentOf }: Assignment): number {
  const chance = (task: number): number => instance.success[findPair(instance, task, agentOf[task]!)!]!;
  const ancestors = (task: number, known = new Set<number>()): Set<number> => {
    for (const before of instance.dependsOn.subarray(instance.dependsStart[task], instance.dependsStart[task + 1])) {
      if (!known.has(before)) ancestors(before, known.add(before));
    }
    return known;
  };
  let sum = 0;
  for (let task = 0; task < instance.numTasks; task++) {
    if (agentOf[task] === DEFERRED) continue;
    sum += [...ancestors(task)].reduce((product, a) => product * chance(a), instance.weight[task]! * chance(task));
  }
  return sum;
}

type Form = "bound" | "none";

function chainedModel(form: Form): StrategyModel {
  const on = (instance: Instance): Goal =>
    nonlinearGoal(
      { name: "chained_success", sense: "max" },
      (plan) => chainedSuccess(instance, plan),
      form === "none" ? null : { perPair: timesWeight(instance, instance.success) },
    );
  return defineModel({
    name: "chained",
    problemClass: "products over ancestors",
    first: { name: "chained_success", sense: "max", on },
    second: makespanGoal,
    evaluate: chainedSuccess,
  });
}

interface Tally {
  compared: number;
  optimal: number;
  proven: number;
  bounded: number;
}

async function tally(form: Form): Promise<Tally> {
  const counts = { compared: 0, optimal: 0, proven: 0, bounded: 0 };
  for (let seed = 1; seed <= 60; seed++) {
    const small = smallProblem(seed, 10_000, true);
    if (small === null || small.instance.deferral.kind !== "first") continue;
    const instance: Instance = { ...small.instance, timing: null };
    let [leastDeferred, best] = [Infinity, -Infinity];
    forEachPlan(instance, ({ values, agentOf, slotOf }) => {
      const value = chainedSuccess(instance, { agentOf: Int32Array.from(agentOf), slotOf: Int32Array.from(slotOf) });
      const [deferred] = values.maximize_success as [number];
      if (deferred < leastDeferred - 1e-9) [leastDeferred, best] = [deferred, value];
      else if (deferred <= leastDeferred + 1e-9) best = Math.max(best, value);
    });
    const context = { now: () => 0, clock: () => 0, fixedNow: true };
    const session = new Session({ ...DEFAULT_OPTIONS, workLimit: 200_000 }, context);
    const { plan, steps, firstIndex, bound } = await runChain(session, instance, chainedModel(form));
    const { value, proof } = steps[firstIndex]!;
    expect(value).toBeCloseTo(chainedSuccess(instance, plan!), 9);
    expect(value).toBeLessThanOrEqual(best + 1e-9);
    counts.compared++;
    if (value >= best - 1e-9) counts.optimal++;
    if (bound !== null) {
      counts.bounded++;
      expect(bound).toBeGreaterThanOrEqual(best - 1e-9);
    }
    if (proof !== null) {
      counts.proven++;
      expect(value).toBeCloseTo(best, 9);
    }
  }
  return counts;
}

describe("a goal that is not linear", () => {
  it("is bounded by its form, and proven only where its value meets the bound", { timeout: 60_000 }, async () => {
    const { compared, optimal, proven, bounded } = await tally("bound");
    expect(compared).toBeGreaterThan(20);
    expect(optimal / compared).toBeGreaterThan(0.9);
    expect(bounded).toBe(compared);
    expect(proven).toBeGreaterThan(0);
    expect(proven).toBeLessThan(compared);
  });

  it("has no bound and no proof without a form, and is still planned for", { timeout: 60_000 }, async () => {
    const { compared, optimal, proven, bounded } = await tally("none");
    expect(optimal / compared).toBeGreaterThan(0.8);
    expect([proven, bounded]).toEqual([0, 0]);
  });
});
