import { afterAll, describe, expect, it } from "vitest";
import { mixGoal } from "../../../models/index.js";
import { STRATEGIES } from "../../../src/domain/index.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { InputError } from "../../../src/domain/errors.js";
import { applyLoadLimit } from "../../../src/engine/index.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { compare } from "../../../src/planner/ask/compare.js";
import { compareProblem } from "../../../src/planner/ask/compare-problem.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { defineStrategy } from "../../../src/planner/instance/custom-strategy.js";
import { forEachPlan } from "../../support/brute-force.js";
import { smallProblem } from "../../support/check-against-brute-force.js";
import { agents, estimate, task } from "../../support/documents.js";

afterAll(closeSolvers);

const pair = (success_probability: number, ms: number) => estimate(ms, { success_probability, cost: ms / 100 });
const WAVE = {
  agents: agents({}, {}),
  tasks: ["t0", "t1", "t2"].map((id, k) =>
    task(id, "", 0, { estimates: { a: pair(0.9, 100 + 10 * k), b: pair(0.6 + 0.1 * k, 90) } }),
  ),
  options: { load_limit: "none" },
};

describe("compare", () => {
  it("measures every strategy and heuristic by every goal, with the bound that each goal's own strategy proves", async () => {
    const { plans, goals, front } = await compare(WAVE, { baselines: true });
    expect(front).toBeNull();
    expect(plans.filter(({ kind }) => kind === "strategy").map(({ name }) => name)).toEqual([...STRATEGIES]);
    expect(plans.filter(({ kind }) => kind === "baseline").length).toBeGreaterThan(5);
    for (const { key, sense, bound } of goals) {
      for (const { values } of plans) {
        const value = values![key]!;
        expect(sense === "max" ? value <= bound! + 1e-9 : value >= bound! - 1e-9).toBe(true);
      }
    }
    const own = plans.find(({ name }) => name === "maximize_success")!;
    expect(own.values!.success).toBeCloseTo(2.7, 9);
    expect(own.objective!.value).toBeCloseTo(2.7, 9);
  });

  it("says why a plan is missing", async () => {
    const none = { ...WAVE, agents: agents({ max_tasks: 1 }, { max_tasks: 1 }) };
    const { plans } = await compare(none, { noDefer: true, strategies: ["balance_load"], baselines: true });
    expect(plans[0]).toMatchObject({
      termination: "infeasible",
      values: null,
      fault: expect.stringContaining("count"),
    });
    expect(plans.slice(1).every(({ values, fault }) => values === null && fault !== null)).toBe(true);
  });

  it("refuses goals and strategies it does not know", async () => {
    await expect(compare(WAVE, { pareto: ["success"] })).rejects.toThrow(/two or three different goals/);
    await expect(compare(WAVE, { pareto: ["success", "sucess" as never] })).rejects.toThrow(/did you mean "success"/);
    await expect(compare(WAVE, { strategies: ["mixed" as never] })).rejects.toThrow(InputError);
    for (const strategies of ["mix", [3], [defineStrategy({ name: "energy", sense: "min", perTask: () => 1 })]]) {
      await expect(compare(WAVE, { strategies: strategies as never })).rejects.toThrow(/is not a list of names/);
    }
    await expect(compare(WAVE, { pareto: ["success", "cost"], points: 1 })).rejects.toThrow(/at least 2/);
    await expect(compare(WAVE, { baselines: "all" as never })).rejects.toThrow(
      /options\.baselines: "all" is not true or/,
    );
  });

  it("finds the whole front of small waves, by brute force, and proves it complete", { timeout: 60_000 }, async () => {
    let [complete, points] = [0, 0];
    for (let seed = 1; seed <= 16; seed++) {
      const small = smallProblem(seed, 2_000);
      if (small === null || small.options.noDefer || small.options.deferPenalty !== null) continue;
      const { instance } = applyLoadLimit(buildInstance(small.full, small.options), small.options.loadLimit);
      const keys = seed % 2 === 0 ? (["success", "throughput"] as const) : (["success", "cost"] as const);
      const ask = { strategies: [], baselines: false, pareto: { goals: keys, points: 60 } };
      const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
      const { front } = await compareProblem(small.full, small.options, ask, context);
      const truth = trueFront(instance, keys);
      if (front!.complete) {
        complete++;
        expect([seed, front!.points.length]).toEqual([seed, truth.length]);
        expect(front!.words).toMatch(truth.length === 1 ? /this plan is best on all goals/ : /there are no others\.$/);
      }
      for (const { values } of front!.points) {
        const own = keys.map((key) => values[key]!);
        expect([seed, truth.some((one) => one.every((value, k) => isNear(value, own[k]!)))]).toEqual([seed, true]);
        points++;
      }
    }
    expect([complete > 4, points > 8]).toEqual([true, true]);
  });
});

describe("compare, plans known already", () => {
  it("begins the front with plans of its table that no point is as good as", async () => {
    const costs = Array.from({ length: 7 }, (_, k) => 100 + 37 * k);
    const tasks = costs.map((ms, k) =>
      task(`t${k}`, "", 0, { estimates: { a: pair(0.95 - 0.01 * k, ms), b: pair(0.5 + 0.04 * k, 20) } }),
    );
    const { front, plans } = await compare(
      { agents: agents({}, {}), tasks, options: { load_limit: "none" } },
      { strategies: ["mix"], weights: { success: 0.6, cost: 0.4 }, pareto: ["success", "cost"], points: 3 },
    );
    const { success, cost } = plans[0]!.values!;
    expect(front!.points.length).toBe(3);
    const same = front!.points[1]!.values;
    expect([same.success, same.cost]).toEqual([expect.closeTo(success!, 9), expect.closeTo(cost!, 9)]);
  });
});

describe("compare, order and deadlines", () => {
  it("finds points where a time before the sum is settled; none is better than another in both", async () => {
    for (const seed of [3]) {
      const wave = { agents: agents({}, { slots: 2 }, {}), tasks: chainedTasks(seed), options: { load_limit: "none" } };
      const limits = { workLimit: 4_000, timeLimitMs: 60_000 };
      const { front } = await compare(wave, {
        ...limits,
        strategies: [],
        pareto: ["success", "throughput"],
        points: 4,
      });
      const found = front!.points.map(({ values }) => ({ success: values.success!, makespan: values.throughput! }));
      expect(found.length).toBeGreaterThan(2);
      for (const one of found) {
        const isBeaten = found.some((other) => other.success > one.success && other.makespan < one.makespan);
        expect([seed, isBeaten]).toEqual([seed, false]);
      }
    }
  });
});

function chainedTasks(seed: number) {
  const random = drawingRandom(seed);
  return Array.from({ length: 12 }, (_, k) => {
    const estimates = Object.fromEntries(
      ["a", "b", "c"].map((id) => [id, pair(0.7 + 0.29 * random.unit(), 100 + 900 * random.unit())]),
    );
    const deadline = random.below(4) === 0 ? { deadline_ms: 2_500 + 1_000 * random.unit() } : {};
    return task(`t${k}`, "", 0, {
      ...{ estimates, ...deadline },
      depends_on: k > 2 && random.below(2) === 0 ? [`t${random.below(k)}`] : [],
    });
  });
}

describe("compare, three goals", () => {
  it("finds the whole front of small waves, by brute force", { timeout: 60_000 }, async () => {
    let [complete, points] = [0, 0];
    const keys = ["success", "throughput", "cost"] as const;
    for (let seed = 1; seed <= 12; seed++) {
      const small = smallProblem(seed, 300);
      if (small === null || small.options.noDefer || small.options.deferPenalty !== null) continue;
      const { instance } = applyLoadLimit(buildInstance(small.full, small.options), small.options.loadLimit);
      const ask = { strategies: [], baselines: false, pareto: { goals: keys, points: 40 } };
      const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
      const { front } = await compareProblem(small.full, small.options, ask, context);
      const truth = trueFrontOfThree(instance, keys);
      const found = front!.points.map(({ values }) => keys.map((key) => values[key]!));
      for (const own of found) {
        expect([seed, truth.some((one) => one.every((value, k) => isNear(value, own[k]!)))]).toEqual([seed, true]);
      }
      points += found.length;
      if (!front!.complete) continue;
      complete++;
      expect([seed, found.length]).toEqual([seed, truth.length]);
    }
    expect([complete > 2, points > 8]).toEqual([true, true]);
  });
});

const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 2e-5 * Math.max(1, Math.abs(a));

/** Values of the plans of least deferred weight that no such plan beats; points closer than the step of the search count once. */
function trueFront(
  instance: Parameters<typeof forEachPlan>[0],
  keys: readonly ("success" | "throughput" | "cost")[],
): number[][] {
  const goals = keys.map((key) => mixGoal(key).on(instance));
  let [least, all]: [number, number[][]] = [Infinity, []];
  forEachPlan(instance, ({ values, agentOf, slotOf }) => {
    const left = values.maximize_success[0]!;
    if (left > least + 1e-9) return;
    if (left < least - 1e-9) [least, all] = [left, []];
    const plan = { agentOf: Int32Array.from(agentOf), slotOf: Int32Array.from(slotOf) };
    all.push(goals.map((goal) => (goal.sense === "max" ? -1 : 1) * goal.evaluate(plan)));
  });
  const sorted = all.sort((a, b) => a[1]! - b[1]! || a[0]! - b[0]!);
  const front: number[][] = [];
  for (const [first, second] of sorted as [number, number][]) {
    const last = front.at(-1);
    if (last === undefined || first < last[0]! - 1e-5 * Math.max(1, Math.abs(first))) front.push([first, second]);
  }
  return front.map((values) => values.map((value, k) => (goals[k]!.sense === "max" ? -value : value)));
}

/** Of plans of least deferred weight, values that no other plan is at least as good as on all goals. */
function trueFrontOfThree(
  instance: Parameters<typeof forEachPlan>[0],
  keys: readonly ("success" | "throughput" | "cost")[],
): number[][] {
  const goals = keys.map((key) => mixGoal(key).on(instance));
  let [least, all]: [number, number[][]] = [Infinity, []];
  forEachPlan(instance, ({ values, agentOf, slotOf }) => {
    const left = values.maximize_success[0]!;
    if (left > least + 1e-9) return;
    if (left < least - 1e-9) [least, all] = [left, []];
    const plan = { agentOf: Int32Array.from(agentOf), slotOf: Int32Array.from(slotOf) };
    all.push(goals.map((goal) => (goal.sense === "max" ? -1 : 1) * goal.evaluate(plan)));
  });
  const better = (a: number, b: number): boolean => a < b - 1e-5 * Math.max(1, Math.abs(b));
  const front: number[][] = [];
  for (const one of all) {
    const isBeaten = (by: readonly number[]): boolean => by.every((value, k) => !better(one[k]!, value));
    if (front.some(isBeaten)) continue;
    const rest = front.filter((other) => !one.every((value, k) => !better(other[k]!, value)));
    front.splice(0, front.length, ...rest, one);
  }
  return front.map((values) => values.map((value, k) => (goals[k]!.sense === "max" ? -value : value)));
}
