import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { agents, ALL_STRATEGIES, deferredIds, estimate, solveVerified, task } from "../../support/documents.js";

afterAll(closeSolvers);

const NO_LIMIT = { loadLimit: "none" } as const;

describe.each(ALL_STRATEGIES)("%s at the edges", (strategy) => {
  it("plans nothing for zero tasks, with every agent named", async () => {
    const result = await solveVerified({ agents: agents({}, {}), tasks: [] }, { strategy });
    expect(result.termination).toBe("optimal");
    expect(result.agent_assignments).toEqual({ a: [], b: [] });
    expect([result.objective.value, result.objective.gap]).toEqual([0, 0]);
    expect([result.expected.success_rate, result.expected.makespan_ms, result.confidence]).toEqual([null, null, 0.1]);
  });

  it("defers everything where there is no agent, and says so", async () => {
    const result = await solveVerified({ agents: [], tasks: [task("t", "", 10)] }, { strategy });
    expect(result.termination).toBe("optimal");
    expect(result.deferred_tasks).toEqual([{ task_id: "t", reason: "there is no agent" }]);
  });

  it("gives one agent everything in sequence", async () => {
    const tasks = [task("t1", "a", 10), task("t2", "a", 20), task("t3", "a", 30)];
    const result = await solveVerified({ agents: agents({}), tasks }, { strategy });
    expect(result.termination).toBe("optimal");
    expect(result.expected.makespan_ms).toBeCloseTo(60, 9);
    expect(result.agent_assignments.a).toHaveLength(3);
  });

  it("keeps every pin where all tasks are pinned", async () => {
    const tasks = [task("t1", "ab", 10, { pinned_agent: "b" }), task("t2", "ab", 20, { pinned_agent: "a" })];
    const result = await solveVerified({ agents: agents({}, {}), tasks }, { strategy, ...NO_LIMIT });
    expect([result.termination, result.agent_assignments]).toEqual(["optimal", { a: ["t2"], b: ["t1"] }]);
  });

  it("defers the task that no agent can take, with the reason", async () => {
    const tasks = [task("t1", "ab", 10), task("t2", "ab", 10, { required_skills: ["rare"] })];
    const result = await solveVerified({ agents: agents({}, {}), tasks }, { strategy, ...NO_LIMIT });
    expect(result.termination).toBe("optimal");
    expect(deferredIds(result)).toEqual(["t2"]);
    expect(result.deferred_tasks[0]!.reason).toMatch(/no eligible agent.*lacks rare/);
  });

  it("defers everything where no agent may take a task", async () => {
    const tasks = [task("t1", "ab", 10), task("t2", "ab", 10)];
    const none = agents({ max_tasks: 0 }, { max_tasks: 0 });
    const result = await solveVerified({ agents: none, tasks }, { strategy });
    expect([result.termination, deferredIds(result)]).toEqual(["optimal", ["t1", "t2"]]);
    expect(result.deferred_tasks[0]!.reason).toBe("no agent takes it: max_tasks of a, b is 0");
  });

  it("defers of two tasks pinned to one small agent only one", async () => {
    const pin = { pinned_agent: "a" };
    const tasks = [task("t1", "ab", 10, pin), task("t2", "ab", 10, { ...pin, weight: 2 })];
    const document = { agents: agents({ capacity_ms: 15 }, {}), tasks };
    const result = await solveVerified(document, { strategy });
    expect([result.termination, deferredIds(result)]).toEqual(["optimal", ["t1"]]);
    expect(result.deferred_tasks[0]!.reason).toContain("load[a]");
  });

  it("blocks what waits for an unfinished task of an earlier wave, and what waits for that", async () => {
    const tasks = [
      task("t1", "ab", 10, { depends_on: ["old"] }),
      task("t2", "ab", 10, { depends_on: ["t1"] }),
      task("t3", "ab", 10),
      task("t4", "ab", 10, { depends_on: ["t1", "t2"] }),
    ];
    const document = { agents: agents({}, {}), tasks, earlier_tasks: { old: "unfinished" } };
    const result = await solveVerified(document, { strategy });
    expect([result.termination, deferredIds(result)]).toEqual(["optimal", ["t1", "t2", "t4"]]);
    expect(result.deferred_tasks.map(({ reason }) => reason)).toEqual([
      "waits for old, not finished and not in this plan",
      "depends on t1, which is deferred",
      "depends on t1, t2, which are deferred",
    ]);
    const met = await solveVerified({ ...document, earlier_tasks: { old: "finished" } }, { strategy });
    expect(deferredIds(met)).toEqual([]);
  });

  it("defers the light task, and a whole chain only where it weighs less", async () => {
    const one = { agents: agents({ max_tasks: 1 }), tasks: [task("t1", "a", 10, { weight: 3 }), task("t2", "a", 1)] };
    expect(deferredIds(await solveVerified(one, { strategy }))).toEqual(["t2"]);
    const chain = [
      task("t1", "a", 10),
      task("t2", "a", 1, { depends_on: ["t1"], weight: 5 }),
      task("t3", "a", 1, { weight: 4 }),
    ];
    const two = { agents: agents({ max_tasks: 2 }), tasks: chain };
    const result = await solveVerified(two, { strategy });
    expect([result.termination, deferredIds(result)]).toEqual(["optimal", ["t3"]]);
    const onlyOne = await solveVerified({ ...two, agents: agents({ max_tasks: 1 }) }, { strategy });
    expect(deferredIds(onlyOne)).toEqual(["t1", "t2"]);
  });

  it("spends nothing on a budget of 0", async () => {
    const free = { a: estimate(10, { cost: 0 }), b: estimate(5) };
    const tasks = [task("t1", "", 0, { estimates: free }), task("t2", "ab", 10)];
    const result = await solveVerified({ agents: agents({}, {}), tasks }, { strategy, budget: 0, ...NO_LIMIT });
    expect([result.termination, deferredIds(result), result.expected.cost]).toEqual(["optimal", ["t2"], 0]);
    expect(result.agent_assignments).toEqual({ a: ["t1"], b: [] });
  });
});

describe("time", () => {
  const three = [1, 2, 3].map((k) => task(`t${k}`, "a", 10));

  it("needs 20 ms for three tasks of 10 ms on two slots", async () => {
    for (const strategy of ["maximize_throughput", "balance_load"] as const) {
      const result = await solveVerified({ agents: agents({ slots: 2 }), tasks: three }, { strategy, ...NO_LIMIT });
      expect([result.termination, result.objective.value, result.expected.makespan_ms]).toEqual(["optimal", 20, 20]);
    }
  });

  it("defers one of them where all must end after 15 ms", async () => {
    const tasks = three.map((one) => ({ ...one, deadline_ms: 15 }));
    for (const strategy of ALL_STRATEGIES) {
      const result = await solveVerified({ agents: agents({ slots: 2 }), tasks }, { strategy, ...NO_LIMIT });
      expect([result.termination, result.deferred_tasks.length]).toEqual(["optimal", 1]);
      expect(result.expected.makespan_ms).toBe(10);
    }
  });

  it("starts the task with the deadline first", async () => {
    const tasks = [task("t1", "a", 30), task("t2", "a", 10, { deadline_ms: 12 })];
    const { schedule } = await solveVerified({ agents: agents({}), tasks });
    expect(schedule.map(({ task_id, end_ms }) => [task_id, end_ms])).toEqual([
      ["t2", 10],
      ["t1", 40],
    ]);
  });

  it("does not count a late agent that is not used", async () => {
    const tasks = [task("t1", "ab", 10), task("t2", "ab", 10)];
    const late = { agents: agents({}, { available_from_ms: 1000 }), tasks };
    const result = await solveVerified(late, { strategy: "maximize_throughput", ...NO_LIMIT });
    expect([result.termination, result.objective.value, result.agent_assignments.b]).toEqual(["optimal", 20, []]);
    const soon = { ...late, agents: agents({}, { available_from_ms: 5 }) };
    expect((await solveVerified(soon, { strategy: "maximize_throughput", ...NO_LIMIT })).objective.value).toBe(15);
  });

  it("promises the end of a schedule in which tasks wait for others", async () => {
    const tasks = [
      task("t1", "ab", 10, { pinned_agent: "a" }),
      task("t2", "ab", 10, { pinned_agent: "b", depends_on: ["t1"] }),
    ];
    const document = { agents: agents({}, {}), tasks };
    const result = await solveVerified(document, { strategy: "maximize_throughput", ...NO_LIMIT });
    expect([result.objective.value, result.expected.makespan_ms, result.schedule[1]!.end_ms]).toEqual([20, 20, 20]);
  });
});

describe("prices and risk", () => {
  const dear = { agents: agents({}), tasks: [task("t1", "a", 10, { estimates: { a: estimate(10, { cost: 7 }) } })] };

  it("defers for a price below what placing costs, and places above it", async () => {
    const cheap = await solveVerified(dear, { strategy: "minimize_cost", deferPenalty: 6 });
    expect([cheap.termination, deferredIds(cheap), cheap.objective.value]).toEqual(["optimal", ["t1"], 6]);
    expect(cheap.deferred_tasks[0]!.reason).toBe("deferring it costs less than placing it");
    const paid = await solveVerified(dear, { strategy: "minimize_cost", deferPenalty: 8 });
    expect([paid.termination, deferredIds(paid), paid.objective.value]).toEqual(["optimal", [], 7]);
  });

  it("accounts for a price in a maximised goal, also below 0", async () => {
    const blocked = { agents: agents({ max_tasks: 0 }), tasks: [task("t1", "a", 10), task("t2", "a", 10)] };
    const result = await solveVerified(blocked, { strategy: "maximize_success", deferPenalty: 50 });
    expect([result.termination, result.objective.value]).toEqual(["optimal", -100]);
  });

  it("prefers the well known agent once risk is shunned", async () => {
    const little = estimate(10, { success_probability: 0.9, standard_errors: { success_probability: 0.2 } });
    const well = estimate(10, { success_probability: 0.85, standard_errors: { success_probability: 0.01 } });
    const document = { agents: agents({}, {}), tasks: [task("t1", "", 0, { estimates: { a: little, b: well } })] };
    const bold = await solveVerified(document, { riskAversion: 0 });
    const careful = await solveVerified(document, { riskAversion: 1 });
    expect([bold.agent_assignments.a, careful.agent_assignments.b]).toEqual([["t1"], ["t1"]]);
    expect(bold.objective.value).toBeCloseTo(0.9, 12);
    expect(careful.objective.value).toBeCloseTo(0.84, 12);
    expect(careful.expected.success_rate).toBeCloseTo(0.85, 12);
  });
});
