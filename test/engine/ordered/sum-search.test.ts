import { describe, expect, it } from "vitest";
import {
  type Assignment,
  compareGoals,
  DEFERRED,
  findViolations,
  goalChain,
  type Instance,
  runAtOnce,
  STRATEGY_MODELS,
} from "../../../models/index.js";
import { createRandom } from "../../../src/domain/random.js";
import { readDeadlineWave } from "../../../src/engine/ordered/deadline-wave.js";
import { findPairs } from "../../../src/engine/ordered/find-pairs.js";
import { findOrderedPlan } from "../../../src/engine/ordered/find-plan.js";
import { dropBehind, planOfSums } from "../../../src/engine/ordered/plan-of-sums.js";
import { SumSchedule } from "../../../src/engine/ordered/sum-schedule.js";
import { searchSums } from "../../../src/engine/ordered/sum-search.js";
import { SumValues } from "../../../src/engine/ordered/sum-values.js";
import { forEachTimedPlan } from "./every-timed-plan.js";
import { randomTimedInstance } from "./random-timed-instance.js";

const SEEDS = Array.from({ length: 40 }, (_, k) => k + 1);

/** A small instance without pools, which the schedule knows nothing of. */
function withoutPools(seed: number, numTasks?: number): Instance {
  const instance = randomTimedInstance(seed, numTasks);
  const none = { poolNames: [], poolLimit: new Float64Array(0), usePool: new Int32Array(0) };
  const useStart = new Int32Array(instance.numTasks + 1);
  return {
    ...instance,
    deferral: { kind: "first" },
    timing: { ...instance.timing!, ...none, useStart, useAmount: new Float64Array(0) },
  };
}

/** The first plans of all, as many as asked for. */
function plansOf(instance: Instance, most: number): readonly Assignment[] {
  const plans: Assignment[] = [];
  forEachTimedPlan(instance, ({ agentOf, slotOf, startMs }) => {
    if (plans.length < most)
      plans.push({ agentOf: agentOf.slice(), slotOf: slotOf.slice(), startMs: startMs!.slice() });
  });
  return plans;
}

function isComplete({ agentOf }: Assignment, { dependsStart, dependsOn }: Instance): boolean {
  return agentOf.every(
    (agent, task) =>
      agent === DEFERRED ||
      dependsOn.subarray(dependsStart[task], dependsStart[task + 1]).every((before) => agentOf[before] !== DEFERRED),
  );
}

describe("a schedule from which any task can be taken", () => {
  it.each(SEEDS)("keeps every row while tasks come and go, seed %i", (seed) => {
    const instance = withoutPools(seed, 9);
    const random = createRandom(seed);
    const schedule = new SumSchedule(readDeadlineWave(instance));
    for (let step = 0; step < 60; step++) {
      const task = random.below(instance.numTasks);
      const perPair = Float64Array.from({ length: instance.numPairs }, () => random.unit());
      if (schedule.isIn(task)) schedule.take(task);
      else schedule.insert(task, { perPair, perMs: random.unit() });
      const whole = new SumSchedule(schedule.wave);
      whole.copyFrom(schedule);
      for (let one = 0; one < instance.numTasks; one++) if (!whole.isIn(one)) dropBehind(whole, one);
      expect(findViolations(instance, planOfSums(whole))).toEqual([]);
    }
  });
});

describe("the search for sums under deadlines", () => {
  it.each(SEEDS)("finds the best of all plans of small waves, seed %i", (seed) => {
    const instance = withoutPools(seed);
    for (const model of [STRATEGY_MODELS.minimize_retries, STRATEGY_MODELS.maximize_success]) {
      const chain = goalChain(instance, model, { withSecond: false });
      const { goals } = chain;
      const valuesOf = (plan: Assignment): number[] => goals.map((goal) => goal.evaluate(plan));
      const { plan: start } = findOrderedPlan(instance, goals, { seed, maxPlans: 1, start: null });
      let found = start;
      const search = (): void => {
        const options = { seed, start, maxLooks: 60_000, shouldStop: () => false };
        runAtOnce(
          searchSums(readDeadlineWave(instance), SumValues.of(instance, chain)!, {
            ...options,
            onPlan: (plan) => {
              expect(findViolations(instance, plan)).toEqual([]);
              expect(isComplete(plan, instance)).toBe(true);
              found = plan;
            },
          }),
        );
      };
      search();
      const first = found;
      found = start;
      search();
      expect(found).toEqual(first);
      let best: readonly number[] | null = null;
      forEachTimedPlan(instance, (plan) => {
        const values = valuesOf(plan);
        if (best === null || compareGoals(goals, values, best) < 0) best = values;
      });
      expect(compareGoals(goals, valuesOf(found), valuesOf(start))).toBeLessThanOrEqual(0);
      expect(compareGoals(goals, valuesOf(found), best!)).toBe(0);
    }
  });
});

describe("sums as one number", () => {
  it.each(SEEDS)("tell plans apart as the goals do, seed %i", (seed) => {
    const instance = withoutPools(seed);
    for (const model of [STRATEGY_MODELS.minimize_retries, STRATEGY_MODELS.maximize_success]) {
      const chain = goalChain(instance, model, { withSecond: false });
      const values = SumValues.of(instance, chain)!;
      const judged = plansOf(instance, 60).map((plan) => ({
        own: values.evaluate(findPairs(instance, plan.agentOf)),
        goals: chain.goals.map((goal) => goal.evaluate(plan)),
      }));
      for (const a of judged) {
        for (const b of judged) {
          const order = compareGoals(chain.goals, a.goals, b.goals);
          const isFirstAlone = chain.goals.slice(0, chain.firstIndex).every((_, k) => a.goals[k] === b.goals[k]);
          if (isFirstAlone && order < 0) expect(a.own).toBeLessThan(b.own);
        }
      }
    }
  });

  it("guide by what each pair costs where all others stay", () => {
    const instance = withoutPools(11, 6);
    const chain = goalChain(instance, STRATEGY_MODELS.maximize_success, { withSecond: false });
    const values = SumValues.of(instance, chain)!;
    const pairOf = Int32Array.from({ length: instance.numTasks }, (_, task) => instance.pairStart[task]!);
    const costs = new Float64Array(instance.numPairs);
    values.guide(pairOf, costs);
    for (let task = 0; task < instance.numTasks; task++) {
      for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
        const other = pairOf.slice();
        other[task] = pair;
        expect(values.evaluate(other) - values.evaluate(pairOf)).toBeCloseTo(costs[pair]! - costs[pairOf[task]!]!, 9);
      }
    }
  });
});
