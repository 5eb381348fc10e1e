import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { isIntegral } from "../../../models/goal.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { goalChain } from "../../../models/strategy.js";
import { aloneBound, bestBound, boundOfMultipliers, relax } from "../../../src/engine/bounds/goal-bound.js";
import { buildLinearRelaxation } from "../../../src/engine/bounds/linear-relaxation.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { closeSolvers, getSolver } from "../../../src/engine/exact/registry.js";
import { bruteForce, type PlainStrategy } from "../../support/brute-force.js";
import { PLAIN_STRATEGIES, smallProblem, type SmallProblem } from "../../support/check-against-brute-force.js";
import { runs } from "../../support/runs.js";
import { runInSlices } from "../../../src/engine/threads/slices.js";
import { lagrangianBound } from "../../support/lagrangian.js";

afterAll(closeSolvers);

const SEEDS = fc.integer({ min: 1, max: 100_000 });
/** Plans a brute force looks at: small, so that many instances fit into the time of the suite. */
const MAX_PLANS = 5_000;

interface Case {
  readonly small: SmallProblem;
  readonly strategy: PlainStrategy;
  readonly settledValues: { readonly deferred: number; readonly belowGate: number };
  /** Minimised optimum of the first goal. */
  readonly optimum: number;
}

function casesOf(seed: number): Case[] {
  const small = smallProblem(seed, MAX_PLANS);
  if (small === null) return [];
  const best = bruteForce(small.instance);
  return PLAIN_STRATEGIES.flatMap((strategy) => {
    const values = best[strategy];
    if (values === null) return [];
    const settledValues = { deferred: values[0]!, belowGate: values.length === 3 ? values[1]! : 0 };
    return [{ small, strategy, settledValues, optimum: values.at(-1)! }];
  });
}

function firstGoal({ small, strategy, settledValues }: Case) {
  const { goals, firstIndex } = goalChain(small.instance, STRATEGY_MODELS[strategy]);
  const goal = goals[firstIndex]!;
  const settled = goals.slice(0, firstIndex).map((one) => ({
    goal: one,
    value: one.name === "deferral" ? settledValues.deferred : settledValues.belowGate,
  }));
  return { goal, settled, sign: goal.sense === "min" ? 1 : -1, rows: relax(small.instance, goal, settled).rows };
}

/** Sizes from tiny to far too large, a third of them 0. */
function randomMultipliers(one: Case, seed: number): Record<string, number> {
  const random = drawingRandom(seed);
  const chosen = firstGoal(one).rows.filter(() => random.unit() < 0.67);
  return Object.fromEntries(chosen.map(({ name }) => [name, 10 ** (-5 + 6 * random.unit())]));
}

const tolerance = (value: number): number => 1e-9 * Math.max(1, Math.abs(value));

describe("Lagrangian bound", () => {
  it("is no better than the optimum, whatever the multipliers", () => {
    fc.assert(
      fc.property(SEEDS, (seed) => {
        for (const one of casesOf(seed)) {
          const { goal, settled, sign } = firstGoal(one);
          const limit = one.optimum + tolerance(one.optimum);
          expect(sign * aloneBound(one.small.instance, goal, settled).bound).toBeLessThanOrEqual(limit);
          for (const k of [1, 2, 3]) {
            const multipliers = randomMultipliers(one, seed + k);
            const { bound } = boundOfMultipliers(one.small.instance, goal, settled, multipliers);
            expect(sign * bound).toBeLessThanOrEqual(limit);
          }
        }
      }),
      runs(60),
    );
  });

  it("is what the formula says, computed a second way", () => {
    let numCompared = 0;
    fc.assert(
      fc.property(SEEDS, (seed) => {
        for (const one of casesOf(seed)) {
          const { goal, settled, sign } = firstGoal(one);
          const { instance } = one.small;
          const multipliers = randomMultipliers(one, seed);
          const stated = sign * boundOfMultipliers(instance, goal, settled, multipliers).bound;
          const formula = lagrangianBound(instance, one.strategy, one.settledValues, multipliers);
          const expected = isIntegral(instance, goal) ? Math.ceil(formula - 1e-6) : formula;
          const size = Math.max(1, Math.abs(expected), ...Object.values(multipliers).map((value) => value * 1e5));
          expect(Math.abs(stated - expected)).toBeLessThanOrEqual(1e-10 * size);
          numCompared += Object.keys(multipliers).length > 0 ? 1 : 0;
        }
      }),
      runs(60),
    );
    expect(numCompared).toBeGreaterThan(100);
  });

  it("never gets weaker through the multipliers of the linear relaxation", async () => {
    let numStronger = 0;
    for (let seed = 1; seed <= 25; seed++) {
      for (const one of casesOf(seed)) {
        const { goal, settled, sign } = firstGoal(one);
        const { instance } = one.small;
        const { rows, options } = relax(instance, goal, settled);
        const { program, multipliersOf } = await runInSlices(buildLinearRelaxation(instance, goal, rows, options));
        const { outcome } = await getSolver("glpk").solve({ program, timeLimitMs: 5_000, gap: 0, relax: true });
        if (outcome.status !== "optimal") throw new Error(`relaxation of seed ${seed}: ${outcome.status}`);
        const values = multipliersOf(outcome.point.duals!);
        const multipliers = Object.fromEntries(rows.map(({ name }, r) => [name, values[r]!]));
        const bound = sign * boundOfMultipliers(instance, goal, settled, multipliers).bound;
        const alone = sign * aloneBound(instance, goal, settled).bound;
        // Strong duality: the best multipliers reach the optimum of the relaxation.
        const relaxed = outcome.point.objective + sign * goal.constant;
        expect(bound).toBeGreaterThanOrEqual(relaxed - 1e-6 * Math.max(1, Math.abs(relaxed)));
        expect(bound).toBeLessThanOrEqual(one.optimum + tolerance(one.optimum));
        if (bound > alone + 1e-6) numStronger += 1;
      }
    }
    expect(numStronger).toBeGreaterThan(20);
  });

  it("takes the strongest of several candidates, wherever it stands, and names what it rests on", () => {
    const places = new Set<number>();
    for (const one of Array.from({ length: 12 }, (_, seed) => casesOf(seed + 1)).flat()) {
      const { goal, settled, sign, rows } = firstGoal(one);
      const { instance } = one.small;
      const random = drawingRandom(places.size + 7);
      const names = [1, 2, 3].map(() => rows.filter(() => random.unit() < 0.6).map(({ name }) => name));
      const given = names.map((chosen) =>
        Object.fromEntries(chosen.map((name) => [name, 10 ** (-4 + 4 * random.unit())])),
      );
      const bounds = given.map((multipliers) => boundOfMultipliers(instance, goal, settled, multipliers).bound);
      const best = sign === 1 ? Math.max(...bounds) : Math.min(...bounds);
      const candidates = given.map((multipliers) => Float64Array.from(rows, ({ name }) => multipliers[name] ?? 0));
      const found = bestBound(instance, goal, relax(instance, goal, settled), candidates);
      expect(found.bound).toBe(best);
      expect(found.multipliers).toEqual(given[bounds.indexOf(best)]);
      if (new Set(bounds).size === 3) places.add(bounds.indexOf(best));
    }
    expect(places.size).toBe(3);
  });

  it("is 0, not −0, where a maximised goal has nothing to gain", () => {
    const [one] = casesOf(3);
    const none = { ...one!.small.instance, success: one!.small.instance.success.map(() => 0) };
    const goal = STRATEGY_MODELS.maximize_success.first.on(none);
    expect(aloneBound(none, goal, []).bound).toBe(0);
  });

  it("proves nothing where no multiplier is above 0 and no row is known", () => {
    const [one] = casesOf(3);
    const { goal, settled } = firstGoal(one!);
    const alone = aloneBound(one!.small.instance, goal, settled);
    const strange = boundOfMultipliers(one!.small.instance, goal, settled, { "no such row": 5, "load[agent_0]": -3 });
    expect(strange.bound).toBeCloseTo(alone.bound, 12);
    expect(strange.multipliers).toEqual({});
  });
});
