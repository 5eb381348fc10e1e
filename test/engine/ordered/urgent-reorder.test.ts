import { describe, expect, it } from "vitest";
import {
  type Assignment,
  DEFERRED,
  deferralGoal,
  findViolations,
  type Instance,
  runAtOnce,
} from "../../../models/index.js";
import { urgentReorderSteps } from "../../../src/engine/ordered/urgent-reorder.js";
import { forEachTimedPlan } from "./every-timed-plan.js";
import { randomTimedInstance } from "./random-timed-instance.js";

/** All plans that defer the least weight, by exhaustion. */
function bestPlans(instance: Instance): readonly Assignment[] {
  const goal = deferralGoal(instance);
  let [least, plans]: [number, Assignment[]] = [Infinity, []];
  forEachTimedPlan(instance, (plan) => {
    const value = goal.evaluate(plan);
    if (value > least) return;
    if (value < least) [least, plans] = [value, []];
    plans.push({ agentOf: plan.agentOf.slice(), slotOf: plan.slotOf.slice(), startMs: plan.startMs!.slice() });
  });
  return plans;
}

/** Whether a plan is another but for one deferred task that it has for a less urgent one, with the others in the same order. */
function isMoreUrgent({ urgencyRank }: Instance, plan: Assignment, other: Assignment): boolean {
  const tasks = Array.from(urgencyRank.keys());
  const changed = tasks.filter((task) => plan.agentOf[task] !== other.agentOf[task]);
  const [out] = changed.filter((task) => plan.agentOf[task] === DEFERRED);
  const [into] = changed.filter((task) => other.agentOf[task] === DEFERRED);
  if (changed.length !== 2 || out === undefined || into === undefined) return false;
  const orderOf = ({ startMs }: Assignment): number[] =>
    tasks
      .filter((task) => !Number.isNaN(startMs![task]!) && !changed.includes(task))
      .sort((a, b) => startMs![a]! - startMs![b]!);
  return urgencyRank[into]! < urgencyRank[out]! && String(orderOf(plan)) === String(orderOf(other));
}

describe("among equals where time binds", () => {
  it("no exchange of one deferred for one less urgent task is left", () => {
    let numExchanged = 0;
    for (let seed = 1; seed <= 160; seed++) {
      const random = randomTimedInstance(seed, 4);
      const urgencyRank = random.urgencyRank.map((rank) => -rank);
      const instance: Instance = {
        ...random,
        urgencyRank,
        weight: random.weight.map(() => 1),
        deferral: { kind: "first" },
      };
      const plans = bestPlans(instance);
      const start = plans[0]!;
      if (!start.agentOf.includes(DEFERRED)) continue;
      const goals = [deferralGoal(instance)];
      const { assignment, numExchanges } = runAtOnce(urgentReorderSteps(instance, goals, start, () => false));
      numExchanged += numExchanges;
      expect({ seed, broken: findViolations(instance, assignment) }).toEqual({ seed, broken: [] });
      expect({ seed, value: goals[0]!.evaluate(assignment) }).toEqual({ seed, value: goals[0]!.evaluate(start) });
      const left = plans.filter((plan) => isMoreUrgent(instance, plan, assignment)).length;
      expect({ seed, left }).toEqual({ seed, left: 0 });
    }
    expect(numExchanged).toBeGreaterThan(20);
  });

  it("says where a limit ended it", () => {
    const instance = randomTimedInstance(1);
    const agentOf = new Int32Array(instance.numTasks).fill(DEFERRED);
    const none = { agentOf, slotOf: agentOf.slice(), startMs: new Float64Array(instance.numTasks).fill(NaN) };
    expect(runAtOnce(urgentReorderSteps(instance, [], none, () => true))).toMatchObject({
      numExchanges: 0,
      wasStopped: true,
    });
  });
});
