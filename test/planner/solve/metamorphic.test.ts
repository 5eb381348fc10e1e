import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/domain/errors.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import type { StrategyName } from "../../../src/domain/problem.js";
import { ALL_STRATEGIES, deferredIds, type Document, estimate, solveVerified } from "../../support/documents.js";
import { randomDocument } from "../../support/random-problem.js";
import { runs } from "../../support/runs.js";

afterAll(closeSolvers);

const SEEDS = fc.integer({ min: 1, max: 100_000 });

/** A document small enough to be solved to the end in a moment. */
function smallDocument(seed: number): Document {
  return randomDocument({ seed, maxTasks: 7, maxAgents: 3, maxPlans: 20_000 }) as unknown as Document;
}

/** null where a random pin contradicts its deadline. */
async function solveOrSkip(document: Document, strategy: StrategyName): Promise<ResultDocument | null> {
  try {
    return await solveVerified(document, { strategy, solver: "glpk" });
  } catch (error) {
    if (error instanceof InputError && error.place.includes("pinned_agent")) return null;
    throw error;
  }
}

function deferredWeight(document: Document, result: ResultDocument): number {
  const deferred = deferredIds(result);
  return document.tasks
    .filter(({ task_id }) => deferred.includes(task_id))
    .reduce((sum, { weight }) => sum + ((weight as number | undefined) ?? 1), 0);
}

/** Deferred weight and the first goal, both to be minimised. */
function score(document: Document, result: ResultDocument): [number, number] {
  const sign = result.objective.sense === "min" ? 1 : -1;
  const isPriced = document.options?.defer_penalty !== undefined;
  return [isPriced ? 0 : deferredWeight(document, result), sign * result.objective.value!];
}

function expectNoWorse(better: readonly number[], worse: readonly number[]): void {
  for (const [k, value] of better.entries()) {
    const difference = value - worse[k]!;
    if (Math.abs(difference) <= 1e-6 * Math.max(1, Math.abs(value))) continue;
    expect(difference).toBeLessThan(0);
    return;
  }
}

describe("an optimal plan", () => {
  const oneOf = fc.constantFrom(...ALL_STRATEGIES.filter((name) => name !== "mix" && name !== "minimize_retries"));

  it("is no worse with one agent more, more capacity, slots or tasks, under a fixed load limit", async () => {
    let numCompared = 0;
    const check = async (seed: number, strategy: StrategyName): Promise<void> => {
      const base = smallDocument(seed);
      base.options = { ...base.options, load_limit: seed % 2 === 0 ? "none" : "4s" };
      const before = await solveOrSkip(base, strategy);
      if (before === null || before.termination !== "optimal") return;
      const extraAgent = structuredClone(base);
      extraAgent.agents.push({ agent_id: "extra" });
      for (const one of extraAgent.tasks) one.estimates.extra = estimate(700, { success_probability: 0.8 });
      const roomier = structuredClone(base);
      for (const agent of roomier.agents) {
        if (agent.capacity_ms !== undefined) agent.capacity_ms = (agent.capacity_ms as number) * 1.5;
        if (agent.max_tasks !== undefined) agent.max_tasks = (agent.max_tasks as number) + 1;
      }
      const moreSlots = structuredClone(base);
      moreSlots.agents[0]!.slots = ((moreSlots.agents[0]!.slots as number | undefined) ?? 1) + 1;
      for (const larger of [extraAgent, roomier, moreSlots]) {
        const after = (await solveOrSkip(larger, strategy))!;
        expect(after.termination).toBe("optimal");
        expectNoWorse(score(larger, after), score(base, before));
        numCompared += 1;
      }
    };
    await fc.assert(fc.asyncProperty(SEEDS, oneOf, check), runs(25));
    expect(numCompared).toBeGreaterThan(35);
  });

  it("is the same, byte for byte, whatever the order of agents, tasks and estimates", async () => {
    const check = async (seed: number, strategy: StrategyName): Promise<void> => {
      const base = smallDocument(seed);
      const shuffled = structuredClone(base);
      shuffled.agents.reverse();
      shuffled.tasks.reverse();
      for (const one of shuffled.tasks) {
        one.estimates = Object.fromEntries(Object.entries(one.estimates).reverse());
      }
      const [first, second] = [await solveOrSkip(base, strategy), await solveOrSkip(shuffled, strategy)];
      expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    };
    await fc.assert(fc.asyncProperty(SEEDS, fc.constantFrom(...ALL_STRATEGIES), check), runs(25));
  });

  it("is the same, byte for byte, for the same seed", async () => {
    const check = async (seed: number, strategy: StrategyName): Promise<void> => {
      const document = smallDocument(seed);
      const first = await solveOrSkip(document, strategy);
      expect(JSON.stringify(await solveOrSkip(document, strategy))).toBe(JSON.stringify(first));
    };
    await fc.assert(fc.asyncProperty(SEEDS, fc.constantFrom(...ALL_STRATEGIES), check), runs(12));
  });

  it("takes k times as long where every duration is k times as long", async () => {
    let numCompared = 0;
    const check = async (seed: number, factor: number): Promise<void> => {
      const base = smallDocument(seed);
      for (const one of base.tasks) {
        for (const agent of base.agents) one.estimates[agent.agent_id as string] ??= estimate(300 + (seed % 7) * 100);
      }
      base.options = base.options?.no_defer === true ? { no_defer: true } : {};
      const scaled = structuredClone(base);
      for (const agent of scaled.agents) {
        for (const key of ["capacity_ms", "available_from_ms"]) {
          if (agent[key] !== undefined) agent[key] = factor * (agent[key] as number);
        }
      }
      for (const one of scaled.tasks) {
        if (one.deadline_ms !== undefined) one.deadline_ms = factor * (one.deadline_ms as number);
        for (const own of Object.values(one.estimates)) own.duration_ms = factor * (own.duration_ms as number);
      }
      const [first, second] = [
        await solveOrSkip(base, "maximize_throughput"),
        await solveOrSkip(scaled, "maximize_throughput"),
      ];
      if (first === null || first.termination !== "optimal") return;
      expect(deferredWeight(scaled, second!)).toBeCloseTo(deferredWeight(base, first), 6);
      const expected = factor * first.objective.value!;
      expect(Math.abs(second!.objective.value! - expected)).toBeLessThanOrEqual(1e-6 * Math.max(1, expected));
      numCompared += first.objective.value! > 0 ? 1 : 0;
    };
    await fc.assert(fc.asyncProperty(SEEDS, fc.constantFrom(2, 3, 0.5, 10), check), runs(30));
    expect(numCompared).toBeGreaterThan(10);
  });

  it("never gets shorter by a task more, where nothing is deferred", async () => {
    let numCompared = 0;
    const check = async (seed: number): Promise<void> => {
      const base = smallDocument(seed);
      base.options = { load_limit: "none" };
      const larger = structuredClone(base);
      larger.tasks.push({
        task_id: "zz",
        risk_level: "LOW",
        confidence: 0.9,
        estimates: Object.fromEntries(base.agents.map(({ agent_id }) => [agent_id, estimate(1_000)])),
      });
      const [before, after] = [
        await solveOrSkip(base, "maximize_throughput"),
        await solveOrSkip(larger, "maximize_throughput"),
      ];
      if (before === null || after === null) return;
      if (before.deferred_tasks.length > 0 || after.deferred_tasks.length > 0) return;
      expect(after.objective.value!).toBeGreaterThanOrEqual(before.objective.value! * (1 - 1e-6));
      numCompared += 1;
    };
    await fc.assert(fc.asyncProperty(SEEDS, check), runs(30));
    expect(numCompared).toBeGreaterThan(5);
  });
});

describe("every solver", () => {
  it("keeps pins, eligibility and capacities, and none beats another that claims the optimum", async () => {
    const check = async (seed: number, strategy: StrategyName): Promise<void> => {
      const document = smallDocument(seed);
      if ((await solveOrSkip(document, strategy)) === null) return;
      const results = new Map<string, ResultDocument>();
      for (const solver of ["greedy", "glpk", "highs", "lp-solver"] as const) {
        const result = await solveVerified(document, { strategy, solver });
        results.set(solver, result);
        expectKept(document, result);
      }
      const [greedy, glpk, lpSolver] = [results.get("greedy")!, results.get("glpk")!, results.get("lp-solver")!];
      expect([lpSolver.termination, results.get("highs")!.termination]).toEqual([glpk.termination, glpk.termination]);
      if (glpk.termination === "infeasible") {
        expect(["infeasible", "no_solution"]).toContain(greedy.termination);
        return;
      }
      expectNoWorse(score(document, glpk).slice(0, 1), score(document, greedy).slice(0, 1));
      if (glpk.objective.name === "below_gate" || greedy.termination === "no_solution") return;
      if (strategy !== "minimize_retries") expectNoWorse(score(document, glpk), score(document, greedy));
    };
    const single = ALL_STRATEGIES.filter((name) => name !== "mix");
    await fc.assert(fc.asyncProperty(SEEDS, fc.constantFrom(...single), check), runs(25));
  });
});

/** Recomputed from the document alone, without a line of ours. */
function expectKept(document: Document, result: ResultDocument): void {
  for (const agent of document.agents) {
    const own = result.schedule.filter(({ agent_id }) => agent_id === agent.agent_id);
    const busyMs = own.reduce((sum, { start_ms, end_ms }) => sum + end_ms - start_ms, 0);
    const slots = (agent.slots as number | undefined) ?? 1;
    expect(busyMs).toBeLessThanOrEqual(slots * ((agent.capacity_ms as number | undefined) ?? Infinity) * (1 + 1e-6));
    expect(own.length).toBeLessThanOrEqual((agent.max_tasks as number | undefined) ?? Infinity);
    expect(result.agent_assignments[agent.agent_id as string]).toEqual(own.map(({ task_id }) => task_id));
    for (const { task_id, slot } of own) {
      const one = document.tasks.find((other) => other.task_id === task_id)!;
      expect(one.pinned_agent ?? agent.agent_id).toBe(agent.agent_id);
      expect(slot).toBeLessThan(slots);
      for (const skill of (one.required_skills as string[] | undefined) ?? []) expect(agent.skills).toContain(skill);
    }
  }
  const numPlaced = result.schedule.length + result.deferred_tasks.length;
  if (result.objective.value !== null) expect(numPlaced).toBe(document.tasks.length);
  if (result.schedule.length === 0) return;
  const chanceOf = new Map(result.schedule.map((one) => [one.task_id, one.success_probability]));
  const before = (task: string): string[] => {
    const names = document.tasks.find(({ task_id }) => task_id === task)?.["depends_on"];
    return ((names as string[] | undefined) ?? []).filter((name) => chanceOf.has(name));
  };
  const ancestorsOf = (task: string): string[] => [
    ...new Set(before(task).flatMap((one) => [one, ...ancestorsOf(one)])),
  ];
  const successes = result.schedule.map(({ task_id, success_probability }) =>
    ancestorsOf(task_id).reduce((chance, one) => chance * chanceOf.get(one)!, success_probability),
  );
  const mean = successes.reduce((sum, one) => sum + one, 0) / result.schedule.length;
  const makespanMs = Math.max(...result.schedule.map(({ end_ms }) => end_ms));
  expect(result.expected.success_rate).toBeCloseTo(mean, 9);
  expect(result.expected.makespan_ms).toBe(makespanMs);
  expect(result.expected.throughput_per_s).toBeCloseTo((1000 * mean * result.schedule.length) / makespanMs, 6);
  expect(result.expected_throughput).toBe(result.forecast!.throughput_per_s!.mean);
  expect(result.confidence).toBeCloseTo(Math.min(0.99, Math.max(0.1, mean)), 9);
}
