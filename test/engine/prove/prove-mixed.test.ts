import { describe, expect, it } from "vitest";
import { findViolations } from "../../../models/feasibility.js";
import { evaluateForm, formOf, type GoalForm } from "../../../models/goal.js";
import { costGoal, deferralGoal, makespanGoal, maxLoadGoal, successGoal, weightedSum } from "../../../models/goals.js";
import type { Instance } from "../../../models/instance.js";
import type { GoalTask } from "../../../src/engine/prove/goal-task.js";
import { canProve, proveGoal } from "../../../src/engine/prove/prove-goal.js";
import { forEachPlan } from "../../support/brute-force.js";
import { smallProblem } from "../../support/check-against-brute-force.js";

const NUM_PROBLEMS = 50;
const MOVES = 10_000;

/** Small problems with every kind of limit, and more than one agent to choose from. */
function problems(): { seed: number; instance: Instance }[] {
  const found: { seed: number; instance: Instance }[] = [];
  for (let seed = 1; found.length < NUM_PROBLEMS; seed++) {
    const small = smallProblem(seed, 1_000);
    if (small !== null && small.instance.numAgents > 1) found.push({ seed, instance: small.instance });
  }
  return found;
}

/** A sum over pairs that is about as large as the time beside it. */
function mixOf(instance: Instance, time: "makespan" | "load"): GoalForm {
  const timeGoal = (time === "makespan" ? makespanGoal : maxLoadGoal).on(instance);
  const parts = [
    { goal: successGoal.on(instance), factor: -1 },
    { goal: costGoal.on(instance), factor: 0.1 },
    { goal: timeGoal, factor: 1e-3 },
  ];
  return formOf(weightedSum(instance, "mix", parts, 2));
}

/** The least deferred weight where that comes first, and the least value of the form among those plans; null where there is no plan. */
function bestOf(instance: Instance, form: GoalForm): { deferred: number | null; value: number } | null {
  const zero = deferralGoal(instance);
  const isFirst = instance.deferral.kind === "first";
  let best: { deferred: number | null; value: number } | null = null;
  forEachPlan(instance, ({ agentOf, slotOf }) => {
    const plan = { agentOf: Int32Array.from(agentOf), slotOf: Int32Array.from(slotOf) };
    const deferred = isFirst ? zero.evaluate(plan) : null;
    const value = evaluateForm(instance, form, plan);
    const isLess = best === null || (deferred ?? 0) < (best.deferred ?? 0) - 1e-9;
    const isEqual = best !== null && Math.abs((deferred ?? 0) - (best.deferred ?? 0)) <= 1e-9;
    if (isLess || (isEqual && value < best!.value)) best = { deferred, value };
  });
  return best;
}

function taskOf(instance: Instance, goal: GoalForm, deferred: number | null): GoalTask {
  return {
    ...{ instance, goal, multipliers: {}, start: null, seed: 1, maxMoves: MOVES, expectedMoves: MOVES },
    settled: deferred === null ? [] : [{ goal: formOf(deferralGoal(instance)), value: deferred }],
    ...{ deadlineMs: Infinity, gap: 0 },
  };
}

describe("sums over pairs with one time", () => {
  it("are settled as brute force settles them", { timeout: 60_000 }, () => {
    const mistakes: string[] = [];
    const seen = { proven: 0, open: 0, infeasible: 0, deferring: 0, slots: 0 };
    for (const { seed, instance } of problems()) {
      for (const time of ["makespan", "load"] as const) {
        const form = mixOf(instance, time);
        const best = bestOf(instance, form);
        const complain = (text: string): void => void mistakes.push(`seed ${seed}, ${time}: ${text}`);
        const task = taskOf(instance, form, best?.deferred ?? null);
        expect(canProve(task)).toBe(true);
        const { plan, bound, isInfeasible } = proveGoal(task, () => undefined);
        if (best === null) {
          seen.infeasible += 1;
          if (!isInfeasible) complain(`bound ${bound}, though no plan exists`);
          continue;
        }
        const slack = 1e-6 * Math.max(1, Math.abs(best.value));
        if (bound > best.value + slack) complain(`bound ${bound} above ${best.value}`);
        if (plan === null) {
          complain(`no plan, though ${best.value} is possible`);
          continue;
        }
        if (findViolations(instance, plan).length > 0) complain("breaks a row");
        const isProven = bound >= evaluateForm(instance, form, plan) - slack;
        seen[isProven ? "proven" : "open"] += 1;
        if ((best.deferred ?? 0) > 0) seen.deferring += 1;
        if (instance.slots.some((slots) => slots > 1)) seen.slots += 1;
      }
    }
    expect(mistakes).toEqual([]);
    // A few stay open: without multipliers of their other rows, or where slots cannot be filled as the limits allow.
    expect(seen.open).toBeLessThanOrEqual(4);
    expect(Math.min(seen.infeasible, seen.deferring)).toBeGreaterThanOrEqual(1);
    expect(Math.min(seen.proven, seen.slots)).toBeGreaterThan(30);
  });
});
