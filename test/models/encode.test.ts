import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { buildStage, type Stage } from "../../models/build.js";
import { findViolations } from "../../models/feasibility.js";
import { isTimed } from "../../models/goal.js";
import { deferralGoal } from "../../models/goals.js";
import type { Assignment, Instance } from "../../models/instance.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { goalChain } from "../../models/strategy.js";
import { forEachPlan } from "../support/brute-force.js";
import { PLAIN_STRATEGIES, smallProblem } from "../support/check-against-brute-force.js";
import { encode, findBroken, objectiveOf, randomPlan, sortSlots } from "../support/encode.js";
import { runs } from "../support/runs.js";

const SEEDS = fc.integer({ min: 1, max: 100_000 });

function instanceOf(seed: number): Instance | null {
  return smallProblem(seed, 2_000)?.instance ?? null;
}

/** One stage for each goal of each strategy, nothing settled. */
function stagesOf(instance: Instance): Stage[] {
  return PLAIN_STRATEGIES.flatMap((strategy) =>
    goalChain(instance, STRATEGY_MODELS[strategy]).goals.map((goal) => ({ goal, settled: [] })),
  );
}

/** Some feasible plans, evenly over all there are. */
function feasiblePlans(instance: Instance, count: number): Assignment[] {
  const plans: Assignment[] = [];
  forEachPlan(instance, ({ agentOf, slotOf }) => {
    plans.push({ agentOf: Int32Array.from(agentOf), slotOf: Int32Array.from(slotOf) });
  });
  const step = Math.max(1, Math.floor(plans.length / count));
  return plans.filter((_, k) => k % step === 0).map((plan) => sortSlots(instance, plan));
}

describe("programs and plans", () => {
  it("agree on what is feasible: every row holds exactly where the check finds no violation", () => {
    const counts = { feasible: 0, infeasible: 0 };
    fc.assert(
      fc.property(SEEDS, fc.double({ min: 0, max: 0.8, noNaN: true }), (seed, deferShare) => {
        const instance = instanceOf(seed);
        if (instance === null) return;
        for (const k of [0, 1, 2]) {
          const plan = randomPlan(instance, seed + k, deferShare);
          const violations = findViolations(instance, plan);
          counts[violations.length === 0 ? "feasible" : "infeasible"] += 1;
          for (const stage of stagesOf(instance)) {
            const { program } = buildStage(instance, stage);
            const broken = findBroken(program, encode(program, instance, plan));
            const stated = { stage: program.name, broken, violations };
            const agrees = (broken === null) === (violations.length === 0);
            expect({ ...stated, agrees }).toEqual({ ...stated, agrees: true });
          }
        }
      }),
      runs(120),
    );
    expect(counts.feasible).toBeGreaterThan(50);
    expect(counts.infeasible).toBeGreaterThan(50);
  });

  it("know every plan of brute force as a point of the same value, and read it back", () => {
    let [numPlans, numOwn] = [0, 0];
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const instance = instanceOf(seed);
        if (instance === null) return;
        for (const plan of feasiblePlans(instance, 10)) {
          numPlans += 1;
          expect(findViolations(instance, plan)).toEqual([]);
          for (const stage of stagesOf(instance)) {
            const { program, decode, encode: encodeOwn } = buildStage(instance, stage);
            const point = encode(program, instance, plan);
            const own = encodeOwn(plan);
            if (own !== null) numOwn += 1;
            expect(own).toEqual(isTimed(stage.goal) ? null : point);
            expect(findBroken(program, point)).toBeNull();
            const value = stage.goal.evaluate(plan);
            expect(Math.abs(objectiveOf(program, point) - value)).toBeLessThanOrEqual(
              1e-9 * Math.max(1, Math.abs(value)),
            );
            const back = decode(point);
            expect(back.agentOf).toEqual(plan.agentOf);
            if (isTimed(stage.goal)) expect(back.slotOf).toEqual(plan.slotOf);
            else expect(findViolations(instance, back)).toEqual([]);
          }
        }
      }),
      runs(60),
    );
    expect(numPlans).toBeGreaterThan(200);
    expect(numOwn).toBeGreaterThan(500);
  });

  it("keep a settled goal: a plan as good holds its row, a worse one breaks it", () => {
    let numBroken = 0;
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const instance = instanceOf(seed);
        if (instance === null || instance.deferral.kind === "forbidden") return;
        for (const plan of feasiblePlans(instance, 4)) {
          for (const { goal } of stagesOf(instance)) {
            const value = goal.evaluate(plan);
            const step = 1e-4 * Math.max(1, Math.abs(value));
            const better = goal.sense === "min" ? value - step : value + step;
            const rowsWith = (settledValue: number) => {
              const stage = { goal: deferralGoal(instance), settled: [{ goal, value: settledValue }] };
              const { program } = buildStage(instance, stage);
              return findBroken(program, encode(program, instance, plan));
            };
            // Deferral settled at what the blocked tasks weigh closes the variables instead of adding to the rows.
            if (goal.name !== "deferral") expect(rowsWith(value)).toBeNull();
            expect(rowsWith(better)).not.toBeNull();
            numBroken += 1;
          }
        }
      }),
      runs(40),
    );
    expect(numBroken).toBeGreaterThan(500);
  });
});
