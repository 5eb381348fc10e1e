import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/domain/errors.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { renderExplanation } from "../../../src/faces/cli/render-explain.js";
import { describeConsequence } from "../../../src/planner/ask/consequence.js";
import { explain } from "../../../src/planner/ask/explain.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { checkExplanations } from "../../support/check-explanations.js";
import { agents, estimate, NOW, task } from "../../support/documents.js";
import { plainPaint } from "../../faces/cli/stand-ins.js";

afterAll(closeSolvers);

const chances = (...success: number[]) => ({
  estimates: Object.fromEntries(
    success.map((success_probability, k) => ["ab"[k]!, estimate(100, { success_probability, cost: k + 1 })]),
  ),
});
const WAVE = {
  agents: agents({ max_tasks: 1 }, {}),
  tasks: [
    task("t0", "", 0, chances(0.9, 0.5)),
    task("t1", "", 0, chances(0.8, 0.7)),
    task("t2", "", 0, chances(0.7, 0.1)),
  ],
  options: { load_limit: "none", strategy: "maximize_success" },
};
const plan = (document: unknown, options: object = {}) => solve(document, { now: NOW, ...options });

describe("explain", () => {
  it("says what the task on another agent costs, which limit is in the way and what it is worth", async () => {
    const result = await plan(WAVE);
    const { task: asked } = await explain(result, WAVE, { task: "t2" });
    expect(asked).toMatchObject({ task_id: "t2", agent_id: "a", reason: "best of 2" });
    const [other] = asked!.alternatives;
    expect(other).toMatchObject({ agent_id: "b", not_eligible: null, ask_again: "--pin t2=b --load-limit none" });
    // Then t0 is on a: .9 + .7 + .1, instead of .5 + .7 + .7.
    expect(other!.consequence).toMatchObject({ proven: true, deferred_weight: 0, infeasible: false });
    expect(other!.consequence!.costs).toBeCloseTo(0.2, 9);

    const { limits, goals, reasons } = await explain(result, WAVE);
    expect(limits).toMatchObject([{ limit: "count[a]", used: 1, allowed: 1, lifted: { proven: true } }]);
    expect(limits[0]!.one_more!.gains).toBeCloseTo(0.4, 9);
    expect(limits[0]!.lifted.gains).toBeCloseTo(0.5, 9);
    expect(goals!.map(({ name }) => name)).toContain("makespan_ms");
    expect(reasons.map(({ reason }) => reason)).toEqual([
      "2nd of 2; count[a] is full",
      "2nd of 2; count[a] is full",
      "best of 2",
    ]);
  });

  it("names the departure of the agent that a task is kept from", async () => {
    const both = (better: number) => ({
      estimates: { a: estimate(100, { success_probability: better }), b: estimate(100, { success_probability: 0.5 }) },
    });
    const wave = {
      agents: agents({ available_until_ms: 250, unavailable: [[0, 50]] }, {}),
      tasks: [0.9, 0.8, 0.7].map((better, k) => task(`t${k}`, "", 0, both(better))),
      options: { load_limit: "none", strategy: "maximize_success" },
    };
    const { reasons } = await explain(await plan(wave), wave);
    expect(reasons.map(({ reason }) => reason)).toEqual([
      "best of 2",
      "best of 2",
      "2nd of 2; departure[a] leaves no room",
    ]);
  });

  it("promises of a lifted limit no more than the prices of the plan allow, however little time there is", async () => {
    const odd = (k: number): number => ((k * 7919) % 101) / 101;
    const estimates = (t: number) =>
      Object.fromEntries(
        [..."abcd"].map((id, a) => {
          const [success_probability, cost] = [0.5 + odd(13 * t + 5 * a) / 2, 1 + odd(29 * t + 17 * a + 3)];
          return [id, estimate(100, { success_probability, cost })];
        }),
      );
    const tight = {
      agents: agents({ max_tasks: 12 }, { max_tasks: 12 }, { max_tasks: 12 }, { max_tasks: 12 }),
      tasks: Array.from({ length: 40 }, (_, t) => task(`t${t}`, "", 0, { estimates: estimates(t) })),
      options: { load_limit: "none", strategy: "maximize_success", budget: 53.5 },
    };
    const result = await plan(tight);
    expect(result.certificate?.kind).toBe("lagrangian");
    const { limits } = await explain(result, tight, { timeLimitMs: 1 });
    const slack = limits.filter(({ price_per_unit, limit }) => price_per_unit === 0 && limit.startsWith("count"));
    expect(slack.length).toBeGreaterThan(0);
    for (const { lifted } of slack) expect(lifted.gains_at_most).toBeLessThan(0.1);
  });

  it("takes for the worth of a limit nothing that the plan gains under the limits as they are", async () => {
    const estimates = { a: estimate(100, { cost: 5 }), b: estimate(100, { cost: 1 }) };
    const wave = {
      agents: agents({ max_tasks: 4 }, { max_tasks: 4 }),
      tasks: Array.from({ length: 4 }, (_, t) => task(`t${t}`, "", 0, { estimates })),
      options: { load_limit: "none", strategy: "minimize_cost", budget: 20 },
    };
    const pinned = { ...wave, tasks: wave.tasks.map((one) => ({ ...one, pinned_agent: "a" })) };
    // The dearest plan, of which nothing is proven.
    const result = await plan(pinned, { strategy: "minimize_cost" });
    const best = await plan(wave, { strategy: "minimize_cost" });
    const given = {
      ...result,
      termination: "feasible" as const,
      certificate: null,
      problem_sha256: best.problem_sha256,
    };
    Object.assign(given, { objective: { ...result.objective, bound: null, bound_by: null, gap: null } });
    expect([result.objective.value, best.objective.value]).toEqual([20, 4]);
    const { limits } = await explain(given, wave, { timeLimitMs: 4_000 });
    expect(limits.map(({ lifted }) => lifted.gains ?? 0).filter((gains) => gains > 0)).toEqual([]);
  });

  it("says what the plan would be without an agent", async () => {
    const { agent, limits } = await explain(await plan(WAVE), WAVE, { agent: "a" });
    expect(agent).toMatchObject({ tasks: ["t2"], load_ms: 100, without: { proven: true, deferred_weight: 0 } });
    expect(agent!.without.value).toBeCloseTo(1.3, 9);
    expect(limits.map(({ limit }) => limit)).toEqual(["count[a]"]);
  });

  it("never calls it better that more tasks are left out, nor worse that more find a place", async () => {
    const fewer = { ...WAVE, agents: agents({ max_tasks: 1 }, { max_tasks: 1 }) };
    const result = await plan(fewer, { strategy: "maximize_throughput" });
    const { agent } = await explain(result, fewer, { agent: "b" });
    expect(agent!.without).toMatchObject({ leaves_out_more: 1, deferred_weight: 2, costs: 0 });
    expect(agent!.without.words).toBe(
      "leaves out t1, a weight of 1 more, which counts before makespan_ms; proven best",
    );
    const whole = await explain(result, fewer);
    expect(whole.limits[0]!.lifted).toMatchObject({ places_more: 1, gains: -100 });
    const told = renderExplanation(whole, plainPaint(120));
    expect(told).toMatch(/^count\[a\] .* 1 placed +200 +1 placed +–$/m);
    expect(told).toMatch(/^retries +least +0 {2}retries, weighted$/m);
  });

  it.each([
    [{ costs: -2 }, true, "2 better"],
    [{ costs: -2 }, false, "2 better; the plan itself is not proven best"],
    [{ costs: 2 }, false, "2 worse, proven best"],
    [{ costs: 2, proven: false, costs_at_least: 1 }, true, "1 to 2 worse, proven"],
    [{ costs: 0, proven: false, costs_at_least: -1 }, true, "as good or better; not proven best"],
    [{ costs: 2, proven: false, costs_at_least: -1 }, true, "at most 2 worse, perhaps not worse at all"],
    [{ leaves_out_more: 1 }, true, "leaves out t4, a weight of 1 more, which counts before success; proven best"],
    [{ leaves_out_more: -1 }, false, "leaves out a weight of 1 less, which counts before success; the plan itself"],
    [{ value: null, costs: null }, true, "no plan was found in the time"],
    [{ infeasible: true }, true, "no plan is possible, proven"],
  ])("puts %j in words", (more, isBest, words) => {
    const facts = { value: 1, bound: 1, proven: true, costs: 0, costs_at_least: 0, deferred_weight: 0 };
    const whole = { ...facts, leaves_out_more: 0, left_out: ["t4"], infeasible: false, reproducible: true, ...more };
    expect(describeConsequence(whole, "success", isBest)).toContain(words);
  });

  it("says why a task is deferred, and the changes that would place it, each the smallest of its kind", async () => {
    const tight = { ...WAVE, options: { ...WAVE.options, budget: 3 } };
    const result = await plan(tight);
    const [left] = result.deferred_tasks;
    const { deferred } = await explain(result, tight);
    expect(deferred).toHaveLength(1);
    expect(deferred[0]!.task_id).toBe(left!.task_id);
    const budget = deferred[0]!.cures.find(({ change }) => change.startsWith("raise the budget"));
    expect(budget).toMatchObject({ from: 3, to: 5, least: true, flags: "--budget 5" });
    expect([budget!.not_enough! < 5, budget!.not_enough! > 4.99]).toEqual([true, true]);
    expect(deferred[0]!.cures.some(({ flags }) => flags?.startsWith("--drop"))).toBe(true);
  });

  it("says what clashes where nothing is possible, and what would end it", async () => {
    const impossible = { ...WAVE, agents: agents({ max_tasks: 1 }, { max_tasks: 1 }) };
    const result = await plan(impossible, { noDefer: true });
    expect(result.termination).toBe("infeasible");
    const { infeasible, task: none } = await explain(result, impossible);
    expect(none).toBeNull();
    expect(infeasible!.conflict).toMatchObject({ verified: true });
    const changes = infeasible!.cures.map(({ flags }) => flags);
    expect(changes).toContain("--agent 'a.max_tasks=2'");
    expect(changes).toContain("--drop t0");
    expect(infeasible!.cures.every(({ least, to }) => to === null || least === true)).toBe(true);
  });

  it("names agents that may not take the task, and refuses what it does not know", async () => {
    const skilled = {
      ...WAVE,
      tasks: WAVE.tasks.map((one) => ({ ...one, eligible_agents: one.task_id === "t2" ? ["a"] : null })),
    };
    const result = await plan(skilled);
    const { task: asked } = await explain(result, skilled, { task: "t2" });
    expect(asked).toMatchObject({ reason: "no other agent can", alternatives: [{ agent_id: "b", consequence: null }] });
    await expect(explain(result, WAVE)).rejects.toThrow(/is of another problem/);
    await expect(explain(result, skilled, { task: "t0", agent: "a" })).rejects.toThrow("options: takes task or agent");
    await expect(explain(result, skilled, { task: "t9" })).rejects.toThrow(
      'options.task: "t9" is not a task of the problem; did you mean',
    );
    await expect(explain(result, skilled, { tusk: "t2" } as object)).rejects.toThrow(InputError);
  });

  it.each([false, true])(
    "agrees with brute force and full solves on random waves, with order %s",
    { timeout: 60_000 },
    async (hasOrder) => {
      let compared = 0;
      for (let seed = 1; seed <= (hasOrder ? 6 : 12); seed++) {
        const check = await checkExplanations(seed, hasOrder);
        expect(check.mistakes).toEqual([]);
        compared += check.alternatives;
      }
      expect(compared).toBeGreaterThan(8);
    },
  );
});
