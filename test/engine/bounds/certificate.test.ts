import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Goal, isIntegral } from "../../../models/goal.js";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { goalChain } from "../../../models/strategy.js";
import { evaluateCertificate } from "../../../src/engine/bounds/certificate.js";
import { aloneBound, relax } from "../../../src/engine/bounds/goal-bound.js";
import type { RowCertificate } from "../../../src/domain/certificates.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { bruteForce, type PlainStrategy } from "../../support/brute-force.js";
import { PLAIN_STRATEGIES, smallProblem } from "../../support/check-against-brute-force.js";
import { denseKnapsacks } from "../../support/dense-knapsacks.js";
import { runs } from "../../support/runs.js";
import { wave } from "../../planner/forecast/instances.js";
import { knapsackCertificate, timeCertificate } from "../../support/strong-certificates.js";

const SEEDS = fc.integer({ min: 1, max: 100_000 });
const MAX_PLANS = 3_000;

function casesOf(seed: number) {
  const small = smallProblem(seed, MAX_PLANS);
  if (small === null) return [];
  const { instance } = small;
  const best = bruteForce(instance);
  return PLAIN_STRATEGIES.flatMap((strategy) => {
    const values = best[strategy];
    if (values === null) return [];
    const settledValues = { deferred: values[0]!, belowGate: values.length === 3 ? values[1]! : 0 };
    const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy]);
    const settled = goals.slice(0, firstIndex).map((goal) => {
      return { goal, value: goal.name === "deferral" ? settledValues.deferred : settledValues.belowGate };
    });
    const goal = goals[firstIndex]!;
    const sign = goal.sense === "min" ? 1 : -1;
    const prove = (certificate: RowCertificate): number =>
      sign * evaluateCertificate(instance, goal, settled, certificate);
    return [{ instance, strategy, goal, settled, settledValues, sign, prove, optimum: values.at(-1)! }];
  });
}

type Case = ReturnType<typeof casesOf>[number];

/** Multipliers of every sign and size for the assignment rows, positive ones for the others, a third left out. */
function randomMultipliers({ instance, goal, settled, strategy }: Case, seed: number): Record<string, number> {
  const random = drawingRandom(seed);
  const scale = isTimed(strategy) ? 1000 : 1;
  const rows = relax(instance, goal, settled).rows.filter(() => random.unit() < 0.67);
  const tasks = instance.taskIds.filter(() => random.unit() < 0.8);
  return Object.fromEntries([
    ...tasks.map((id) => [`assign[${id}]`, scale * (2.5 * random.unit() - 1)]),
    ...rows.map(({ name }) => [name, 10 ** (-5 + 6 * random.unit())]),
  ]) as Record<string, number>;
}

function isTimed(strategy: PlainStrategy): strategy is "maximize_throughput" | "balance_load" {
  return strategy === "maximize_throughput" || strategy === "balance_load";
}

const tolerance = (value: number): number => 1e-8 * Math.max(1, Math.abs(value));

function roundUp(one: Case, value: number): number {
  return isIntegral(one.instance, one.goal) ? Math.ceil(value - 1e-6) : value;
}

describe("a knapsack certificate", () => {
  it("proves what an enumeration of the knapsacks gives, and never more than the optimum", () => {
    let numFinite = 0;
    fc.assert(
      fc.property(SEEDS, SEEDS, (seed, multiplierSeed) => {
        for (const one of casesOf(seed)) {
          const multipliers = randomMultipliers(one, multiplierSeed);
          const proven = one.prove({ kind: "knapsack", multipliers, bound: 0 });
          expect(proven).toBeLessThanOrEqual(one.optimum + tolerance(one.optimum));
          const { value } = denseKnapsacks(one.instance, one.strategy, one.settledValues, multipliers, null);
          if (!Number.isFinite(value)) continue;
          numFinite += 1;
          const size = Object.values(multipliers).reduce((sum, term) => sum + Math.abs(term), Math.abs(value)) * 1000;
          expect(Math.abs(proven - roundUp(one, value))).toBeLessThanOrEqual(
            1e-11 * Math.max(1, size) + tolerance(value),
          );
        }
      }),
      runs(60),
    );
    expect(numFinite).toBeGreaterThan(100);
  });

  it("proves more than each task alone can, and often the optimum, once its multipliers are good", () => {
    const counts = { all: 0, stronger: 0, optimal: 0 };
    for (let seed = 1; seed <= 60; seed++) {
      for (const one of casesOf(seed)) {
        const { instance, strategy, settledValues, settled, goal, sign, optimum } = one;
        const { multipliers } = knapsackCertificate(instance, strategy, settledValues, {}, optimum);
        const proven = one.prove({ kind: "knapsack", multipliers, bound: 0 });
        expect(proven).toBeLessThanOrEqual(optimum + tolerance(optimum));
        if (isTimed(strategy)) continue;
        const alone = sign * aloneBound(instance, goal, settled).bound;
        if (alone >= optimum - tolerance(optimum)) continue;
        counts.all += 1;
        if (proven > alone + tolerance(optimum)) counts.stronger += 1;
        if (proven >= optimum - 1e-3 * Math.max(1, Math.abs(optimum))) counts.optimal += 1;
      }
    }
    expect(counts.all).toBeGreaterThan(10);
    expect(counts.stronger / counts.all).toBeGreaterThan(0.5);
    expect(counts.optimal / counts.all).toBeGreaterThan(0.2);
  });
});

describe("a certificate of a time", () => {
  it("rules out a threshold exactly where an enumeration does, and none that a plan keeps", () => {
    let [numProven, numNot] = [0, 0];
    for (let seed = 1; seed <= 80; seed++) {
      for (const one of casesOf(seed)) {
        const { instance, strategy, settledValues, optimum } = one;
        if (!isTimed(strategy)) continue;
        const kind = strategy === "balance_load" ? "max_load_knapsack" : "makespan_knapsack";
        const strong = timeCertificate(instance, strategy, settledValues, optimum);
        const multipliers = strong?.multipliers ?? randomMultipliers(one, seed);
        for (const at_ms of [strong?.atMs ?? optimum / 2, optimum * 0.8, optimum, optimum * 1.1]) {
          const proven = one.prove({ kind, at_ms, multipliers, bound: 0 });
          expect(proven).toBeLessThanOrEqual(optimum + tolerance(optimum));
          const { value } = denseKnapsacks(instance, strategy, settledValues, multipliers, at_ms);
          if (Math.abs(value) < 1e-6) continue;
          const expected = isIntegral(instance, one.goal) ? Math.floor(at_ms) + 1 : at_ms;
          expect(proven).toBe(value > 0 ? expected : -Infinity);
          if (value > 0) numProven += 1;
          else numNot += 1;
        }
      }
    }
    expect(numProven).toBeGreaterThan(50);
    expect(numNot).toBeGreaterThan(50);
  });
});

describe("a certificate of a time whose multipliers lie near an end of the doubles", () => {
  /** Two tasks of 15 and seven of 4 on three agents: 20 is the best. */
  const { instance } = wave(
    [15, 15, 4, 4, 4, 4, 4, 4, 4].map((busyMs) => ({ busyMs })),
    [{ slots: 1 }, { slots: 1 }, { slots: 1 }],
  );
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS.maximize_throughput);
  const settled = goals.slice(0, firstIndex).map((goal) => ({ goal, value: 0 }));
  const proves = (multipliers: Record<string, number>, at_ms: number): number =>
    evaluateCertificate(instance, goals[firstIndex]!, settled, {
      kind: "makespan_knapsack",
      at_ms,
      multipliers,
      bound: 0,
    });
  const scaled = (multipliers: Record<string, number>, factor: number): Record<string, number> =>
    Object.fromEntries(Object.entries(multipliers).map(([name, value]) => [name, factor * value]));

  it.each([5e-324, 1e-323, 1e-310, 1e-300, 1, 1e300, 1e308])("rules out no plan: %d", (size) => {
    const alike = Object.fromEntries(instance.taskIds.map((id) => [`assign[${id}]`, size])) as Record<string, number>;
    for (const at_ms of [20, 20.9, 24, 30]) expect(proves(alike, at_ms)).toBe(-Infinity);
  });

  it("proves what it proves at any scale", () => {
    const byTime = Object.fromEntries(
      instance.taskIds.map((id, task) => [`assign[${id}]`, instance.busyMs[3 * task]!]),
    ) as Record<string, number>;
    for (const factor of [1e-250, 1e-9, 1, 1e9, 1e250]) expect(proves(scaled(byTime, factor), 19)).toBe(20);
    expect(proves(scaled(byTime, 1e308), 19)).toBe(-Infinity);
  });
});

describe("a certificate that does not fit", () => {
  const find = (strategy: PlainStrategy): Case => {
    for (let seed = 1; ; seed++) {
      const one = casesOf(seed).find((other) => other.strategy === strategy && other.instance.numTasks > 3);
      if (one !== undefined) return one;
    }
  };

  it("proves nothing: a kind for another goal, a threshold that is none, numbers that overflow", () => {
    const linear = find("minimize_cost");
    const timed = find("maximize_throughput");
    expect(linear.prove({ kind: "makespan_knapsack", at_ms: 1, multipliers: {}, bound: 0 })).toBe(-Infinity);
    expect(timed.prove({ kind: "max_load_knapsack", at_ms: 1, multipliers: {}, bound: 0 })).toBe(-Infinity);
    expect(timed.prove({ kind: "makespan_knapsack", at_ms: NaN, multipliers: {}, bound: 0 })).toBe(-Infinity);
    const success = find("maximize_success");
    for (const kind of ["makespan_knapsack", "max_load_knapsack"] as const) {
      for (const at_ms of [1, NaN, Infinity]) {
        expect(success.prove({ kind, at_ms, multipliers: {}, bound: 0 })).toBe(-Infinity);
      }
    }
    const rows = (goalCase: Case, value: number): Record<string, number> =>
      Object.fromEntries([
        ...relax(goalCase.instance, goalCase.goal, goalCase.settled).rows.map(({ name }) => [name, value]),
        ...goalCase.instance.taskIds.map((id) => [`assign[${id}]`, value]),
      ]) as Record<string, number>;
    for (const kind of ["knapsack", "lagrangian"] as const) {
      for (const value of [1e308, Infinity, NaN]) {
        for (const one of [linear, timed]) {
          expect(one.prove({ kind, multipliers: rows(one, value), bound: 0 })).toBeLessThanOrEqual(one.optimum + 1e-6);
        }
      }
    }
  });

  it("takes the goal's sense into account", () => {
    const one = find("maximize_success");
    const goal: Goal = one.goal;
    expect(goal.sense).toBe("max");
    const proven = evaluateCertificate(one.instance, goal, one.settled, {
      kind: "knapsack",
      multipliers: {},
      bound: 0,
    });
    expect(proven).toBeGreaterThanOrEqual(-one.optimum);
  });
});
