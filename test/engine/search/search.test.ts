import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findViolations } from "../../../models/feasibility.js";
import { DEFERRED, findPair, type Instance } from "../../../models/instance.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { goalChain } from "../../../models/strategy.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { constructByRegret } from "../../../src/engine/search/construct.js";
import { Descent } from "../../../src/engine/search/descent.js";
import { PlanState } from "../../../src/engine/search/plan-state.js";
import { searchPlan } from "../../../src/engine/search/search.js";
import { Scoring } from "../../../src/engine/search/scoring.js";
import { bruteForce } from "../../support/brute-force.js";
import { PLAIN_STRATEGIES, smallProblem } from "../../support/check-against-brute-force.js";
import { goldenInstance } from "../../support/small-instance.js";
import { runs } from "../../support/runs.js";

const SEEDS = fc.integer({ min: 1, max: 100_000 });

/** Deferral allowed: a plan under change leaves tasks out. */
function openInstance(seed: number): Instance | null {
  const instance = smallProblem(seed, 3_000)?.instance ?? null;
  return instance?.deferral.kind === "forbidden" ? { ...instance, deferral: { kind: "first" } } : instance;
}

describe("PlanState", () => {
  it("lets a task in exactly where the plan with it breaks no row", () => {
    const counts = { yes: 0, no: 0 };
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const instance = openInstance(seed);
        if (instance === null || instance.numPairs === 0) return;
        const random = drawingRandom(seed);
        const state = new PlanState(instance, []);
        for (let step = 0; step < 40; step++) {
          const pair = random.below(instance.numPairs);
          const task = instance.pairTask[pair]!;
          const slot = random.below(instance.slots[instance.pairAgent[pair]!]!);
          if (state.agentOf[task] !== DEFERRED) {
            if (state.canDefer(task)) state.remove(task);
            continue;
          }
          const plan = state.snapshot();
          plan.agentOf[task] = instance.pairAgent[pair]!;
          plan.slotOf[task] = slot;
          const fits = state.canPlace(pair, slot);
          expect(fits).toBe(findViolations(instance, plan).length === 0);
          counts[fits ? "yes" : "no"] += 1;
          if (fits) state.place(pair, slot);
        }
      }),
      runs(150),
    );
    expect(counts.yes).toBeGreaterThan(500);
    expect(counts.no).toBeGreaterThan(300);
  });

  it("scores a plan after many moves as its goals evaluate it", () => {
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const instance = openInstance(seed);
        if (instance === null || instance.numPairs === 0) return;
        const goals = PLAIN_STRATEGIES.flatMap((strategy) => goalChain(instance, STRATEGY_MODELS[strategy]).goals);
        const state = new PlanState(instance, goals);
        const scoring = new Scoring(state);
        const score = new Float64Array(scoring.length);
        const random = drawingRandom(seed);
        for (let step = 0; step < 60; step++) {
          const pair = random.below(instance.numPairs);
          const task = instance.pairTask[pair]!;
          const slot = random.below(instance.slots[instance.pairAgent[pair]!]!);
          if (state.agentOf[task] !== DEFERRED) state.remove(task);
          else if (state.canPlace(pair, slot)) state.place(pair, slot);
        }
        scoring.read(score);
        goals.forEach((goal, k) => {
          const value = (goal.sense === "min" ? 1 : -1) * goal.evaluate(state.snapshot());
          expect(Math.abs(score[k]! - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
        });
      }),
      runs(60),
    );
  });
});

describe("Descent", () => {
  it("takes out every placed task that costs more than its price, dependents first", () => {
    const plain = goldenInstance();
    const instance: Instance = { ...plain, deferral: { kind: "priced", penalty: 2.5 } };
    const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS.minimize_cost);
    const state = new PlanState(instance, [goals[firstIndex]!]);
    // Costs 4, 3 and 7; t3 depends on t1, so t1 can go only after it.
    for (const [task, agent] of [
      [0, 0],
      [1, 1],
      [2, 1],
    ] as const)
      state.place(findPair(instance, task, agent)!, 0);
    const meter = { used: 0, limit: 1_000, shouldStop: () => false };
    const steps = [...new Descent(state, new Scoring(state)).steps(Int32Array.of(0, 1, 2), meter)];
    expect(steps.length).toBeLessThan(30);
    // On bob t1 costs 2 and is worth placing; nothing else is.
    expect([...state.agentOf]).toEqual([1, DEFERRED, DEFERRED]);
  });
});

describe("searchPlan", () => {
  it("returns feasible plans that are no better than the optimum and no worse than its construction", () => {
    let numOptimal = 0;
    let numPlans = 0;
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const instance = openInstance(seed);
        if (instance === null) return;
        const best = bruteForce(instance);
        for (const strategy of PLAIN_STRATEGIES) {
          const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
          const upToFirst = goals.slice(0, firstIndex + 1);
          const options = { seed, workLimit: 30 * instance.numPairs, preferences: [instance.busyMs] };
          const { assignment, values } = searchPlan(instance, upToFirst, options);
          expect(findViolations(instance, assignment)).toEqual([]);
          const found = values.map((value, k) => (upToFirst[k]!.sense === "min" ? value : -value));
          const optimum = best[strategy]!.slice(-upToFirst.length);
          expect(compare(found, optimum)).toBeGreaterThanOrEqual(0);
          numPlans += 1;
          numOptimal += compare(found, optimum) === 0 ? 1 : 0;

          const state = new PlanState(instance, upToFirst);
          constructByRegret(state, instance.busyMs);
          expect(findViolations(instance, state.snapshot())).toEqual([]);
          const built = upToFirst.map((goal) => (goal.sense === "min" ? 1 : -1) * goal.evaluate(state.snapshot()));
          expect(compare(built, optimum)).toBeGreaterThanOrEqual(0);
          expect(compare(built, found)).toBeGreaterThanOrEqual(0);
        }
      }),
      runs(60),
    );
    // Not a promise of the search; far fewer would say that it no longer searches.
    expect(numOptimal / numPlans).toBeGreaterThan(0.95);
  });

  it("improves any start it is given, or keeps it, and repeats itself for the same seed", () => {
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const instance = openInstance(seed);
        if (instance === null) return;
        const { goals } = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
        const nothing = new PlanState(instance, []).snapshot();
        const search = () => searchPlan(instance, goals, { seed, workLimit: 200, preferences: [], starts: [nothing] });
        const { assignment, values } = search();
        expect(findViolations(instance, assignment)).toEqual([]);
        expect(values[0]).toBeLessThanOrEqual(goals[0]!.evaluate(nothing));
        expect(search().assignment).toEqual(assignment);
      }),
      runs(40),
    );
  });

  it("leaves out what costs more than the price of leaving it out", () => {
    let [numPlans, numOptimal] = [0, 0];
    for (let seed = 1; seed <= 60; seed++) {
      const plain = openInstance(seed);
      if (plain === null || plain.numTasks === 0) continue;
      const instance: Instance = { ...plain, deferral: { kind: "priced", penalty: seed % 2 === 0 ? 0.3 : 200 } };
      const best = bruteForce(instance);
      for (const strategy of PLAIN_STRATEGIES) {
        const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
        const upToFirst = goals.slice(0, firstIndex + 1);
        const options = { seed, workLimit: 100 * instance.numPairs, preferences: [instance.busyMs] };
        const { values } = searchPlan(instance, upToFirst, options);
        const found = values.map((value, k) => (upToFirst[k]!.sense === "min" ? value : -value));
        const optimum = best[strategy]!.slice(-upToFirst.length);
        numOptimal += compare(found, optimum) === 0 ? 1 : 0;
        numPlans += 1;
      }
    }
    expect(numPlans).toBeGreaterThan(150);
    expect(numOptimal / numPlans).toBeGreaterThan(0.97);
  });

  it("stops when it is told to, with a plan", () => {
    const instance = openInstance(4)!;
    const { goals } = goalChain(instance, STRATEGY_MODELS.maximize_success);
    const outcome = searchPlan(instance, goals, {
      seed: 1,
      workLimit: 1e9,
      preferences: [instance.busyMs],
      shouldStop: () => true,
    });
    expect(outcome.wasStopped).toBe(true);
    expect(findViolations(instance, outcome.assignment)).toEqual([]);
  });
});

/** Lexicographic, up to rounding. */
function compare(a: readonly number[], b: readonly number[]): number {
  for (let k = 0; k < a.length; k++) {
    const difference = a[k]! - b[k]!;
    if (Math.abs(difference) > 1e-8 * Math.max(1, Math.abs(b[k]!))) return difference;
  }
  return 0;
}
