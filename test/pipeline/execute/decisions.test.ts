import { describe, expect, it } from "vitest";
import { type Heuristics, NO_HEURISTICS } from "../../../src/domain/history.js";
import {
  type Agent,
  type Estimate,
  type FullProblem,
  PLAIN_AGENT,
  PLAIN_PROBLEM,
  PLAIN_TASK,
  type Task,
} from "../../../src/domain/problem.js";
import type { AttemptRecord } from "../../../src/domain/run.js";
import type { FailureSituation } from "../../../src/pipeline/execute/failure-decision.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { createFailurePolicy, type FailurePolicyOptions } from "../../../src/pipeline/execute/failure-policy.js";
import { prioritizeTasks } from "../../../src/pipeline/execute/prioritize.js";
import { rebalance } from "../../../src/pipeline/execute/rebalance.js";
import { scheduleAdherence } from "../../../src/pipeline/execute/adherence.js";
import { planned } from "./plans.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";
import { placed } from "../../planner/forecast/instances.js";

const NO_ERRORS = { successProbability: 0, durationMs: 0, retries: 0, confidenceDelta: 0, cost: 0 };

function agent(agentId: string, over: Partial<Agent> = {}): Agent {
  return { ...PLAIN_AGENT, agentId, ...over };
}

function estimate(successProbability: number, durationMs = 100): Estimate {
  return { successProbability, durationMs, retries: 0, confidenceDelta: 0, cost: 0, standardErrors: NO_ERRORS };
}

function task(taskId: string, estimates: Record<string, Estimate>, over: Partial<Task<Estimate>> = {}): Task<Estimate> {
  return { ...PLAIN_TASK, taskId, riskLevel: "LOW", confidence: 0.8, estimates, ...over };
}

function problem(agents: Agent[], tasks: Task<Estimate>[], over: Partial<FullProblem> = {}): FullProblem {
  return { ...PLAIN_PROBLEM, agents, tasks, ...over };
}

const attempt: AttemptRecord = {
  ...{ taskId: "t", agentId: "a", slot: 0, attempt: 1, startMs: 0, endMs: 100, durationMs: 100, succeeded: false },
  ...{
    confidenceBefore: 0.8,
    confidenceAfter: 0.75,
    heuristicsApplied: [],
    errorMessage: null,
    fault: null,
    errorKind: null,
    cost: null,
    output: null,
  },
};

/** t failed once on a; b and c are idle. */
function failure(over: Partial<FailureSituation> = {}): FailureSituation {
  return {
    ...{ task: planned("t", "a", 0), attempts: [attempt], retryable: true, nowMs: 100 },
    idleSlots: [
      { agentId: "b", slot: 1 },
      { agentId: "c", slot: 0 },
    ],
    ...over,
  };
}

describe("createFailurePolicy", () => {
  const chances = (a: number, b: number, c: number, over: Partial<Task<Estimate>> = {}) =>
    task("t", { a: estimate(a), b: estimate(b), c: estimate(c, 70) }, over);
  const policyFor = (
    own: Task<Estimate>,
    agents: Partial<Record<"a" | "b" | "c", Partial<Agent>>> = {},
    over: Partial<FailurePolicyOptions> = {},
  ) =>
    createFailurePolicy({
      problem: problem([agent("a", agents.a), agent("b", { slots: 2, ...agents.b }), agent("c", agents.c)], [own]),
      ...{ planned: [planned("t", "a", 0)], maxRetries: 2, heuristics: NO_HEURISTICS, reassignment: true },
      ...over,
    });

  it("moves to the best agent that is better by more than the margin", () => {
    // Each attempt has the whole chance, since the estimates expect no retries.
    expect(policyFor(chances(0.5, 0.7, 0.8))(failure())).toEqual({
      ...{ kind: "retry", agentId: "c", slot: 0 },
      reason: "retry 1 of 2 on c, chance 0.80 instead of 0.50 on a",
    });
    expect(policyFor(chances(0.5, 0.7, 0.7))(failure())).toMatchObject({ agentId: "b", slot: 1 });
    expect(policyFor(chances(0.5, 0.55, 0.4))(failure())).toMatchObject({ agentId: "a", slot: 0 });
    expect(policyFor(chances(0.5, 0.551, 0.4))(failure())).toMatchObject({ agentId: "b" });
    expect(policyFor(chances(0.5, 0.9, 0.9))(failure({ idleSlots: [] }))).toMatchObject({ agentId: "a" });
    expect(policyFor(chances(0.5, 0.9, 0.9), {}, { reassignment: false })(failure())).toMatchObject({ agentId: "a" });
  });

  it("moves only to agents that can take it: skills, pins, deadlines, max_tasks, capacity", () => {
    const agentOf = (over: Partial<Task<Estimate>>, agents = {}, now = 100) => {
      const decision = policyFor(chances(0.5, 0.6, 0.9, over), agents)(failure({ nowMs: now }));
      return decision.kind === "retry" ? decision.agentId : "nobody";
    };
    expect(agentOf({ requiredSkills: ["x"] }, { a: { skills: ["x"] }, b: { skills: ["x"] } })).toBe("b");
    expect(agentOf({ pinnedAgent: "a" })).toBe("a");
    expect(agentOf({ deadlineMs: 170 })).toBe("c");
    expect(agentOf({ deadlineMs: 169 })).toBe("a");
    expect(agentOf({}, { c: { maxTasks: 0 } })).toBe("b");
    expect(agentOf({}, { c: { capacityMs: 69 } })).toBe("b");
    expect(agentOf({}, { c: { capacityMs: 70 } })).toBe("c");
  });

  it("keeps account of what it hands out and of what is planned", () => {
    const own = ["t", "u"].map((id) => task(id, { a: estimate(0.5), c: estimate(0.9, 70) }));
    const make = (c: Partial<Agent>, also: string[] = []) =>
      createFailurePolicy({
        problem: problem([agent("a"), agent("c", c)], own),
        planned: [planned("t", "a", 0), ...also.map((id) => planned(id, "c", 0))],
        ...{ maxRetries: 2, heuristics: NO_HEURISTICS, reassignment: true },
      });
    const idleSlots = [{ agentId: "c", slot: 0 }];
    const u = failure({ task: planned("u", "a", 0), idleSlots });
    const one = make({ maxTasks: 1 });
    expect(one(failure({ idleSlots }))).toMatchObject({ agentId: "c" });
    expect(one(u)).toMatchObject({ agentId: "a" });
    const busy = make({ capacityMs: 139 });
    expect(busy(failure({ idleSlots }))).toMatchObject({ agentId: "c" });
    expect(busy(u)).toMatchObject({ agentId: "a" });
    expect(make({ maxTasks: 1 }, ["u"])(failure({ idleSlots }))).toMatchObject({ agentId: "a" });
    expect(make({ capacityMs: 139 }, ["u"])(failure({ idleSlots }))).toMatchObject({ agentId: "a" });
  });

  it("keeps to H16_003: two retries of LOW and MEDIUM, none of HIGH", () => {
    const heuristics: Heuristics = {
      ...NO_HEURISTICS,
      retry: { riskLevels: ["LOW", "MEDIUM"], maxAttempts: 3, confidencePenalty: -0.05 },
    };
    const kindOf = (riskLevel: "LOW" | "HIGH", numFailures: number) =>
      policyFor(
        chances(0.5, 0.5, 0.5, { riskLevel }),
        {},
        { heuristics, maxRetries: 9 },
      )(
        failure({
          task: planned("t", "a", 0, { riskLevel }),
          attempts: Array.from({ length: numFailures }, () => attempt),
        }),
      ).kind;
    expect([kindOf("LOW", 2), kindOf("LOW", 3), kindOf("HIGH", 1)]).toEqual(["retry", "give_up", "give_up"]);
    expect(policyFor(chances(0.5, 0.9, 0.9))(failure({ retryable: false })).kind).toBe("give_up");
  });
});

describe("prioritizeTasks", () => {
  const both = (a: number, b: number) => ({ a: estimate(a), b: estimate(b) });
  const wave = problem(
    [agent("a"), agent("b", { skills: ["x"] })],
    [
      task("t1", both(0.7, 0.9), { riskLevel: "MEDIUM", confidence: 0.8, dueMs: 900 }),
      task("t2", both(0.8, 0.75), { confidence: 0.7, deadlineMs: 2000, dueMs: 800 }),
      task("t3", both(0.3, 0.6), { confidence: 0.9, requiredSkills: ["x"] }),
      task("t4", both(0.9, 0.7), { confidence: 0.9, deadlineMs: 900 }),
    ],
    { priorityOrder: [{ riskLevel: "MEDIUM", confidenceMin: 0.75 }] },
  );
  it.each([
    ["risk_confidence", ["t1", "t3", "t4", "t2"]],
    ["deadline", ["t2", "t1", "t4", "t3"]],
    ["agent_specialization", ["t3", "t1", "t4", "t2"]],
  ] as const)("orders by %s, ties by id", (strategy, expected) => {
    const order = prioritizeTasks(wave, strategy);
    expect(order.map(({ taskId }) => taskId)).toEqual(expected);
    expect(order.every(({ reason }) => reason.length > 10)).toBe(true);
  });
});

describe("rebalance", () => {
  const wave = (agents: Agent[], sizes: number[], over: (k: number) => Partial<Task<Estimate>> = () => ({})) => {
    const estimates = (ms: number) =>
      Object.fromEntries(agents.map(({ agentId }, j) => [agentId, estimate(0.9 - 0.1 * j, ms)]));
    const full = problem(
      agents,
      sizes.map((ms, k) => task(`t${k}`, estimates(ms), over(k))),
    );
    return { full, instance: buildInstance(full, PLAIN_OPTIONS) };
  };
  const onA = (count: number) => placed(...Array.from({ length: count }, (): [number, number] => [0, 0]));

  it("moves the one task that suffices to the cheapest agent, or nothing where nothing must move", () => {
    const { full, instance } = wave([agent("a"), agent("b"), agent("c")], [50, 100, 200]);
    const { moves, schedule, unresolved } = rebalance(full, instance, onA(3), { loadBoundMs: 280 });
    expect(moves.map(({ taskId, toAgentId }) => [taskId, toAgentId])).toEqual([["t1", "b"]]);
    expect(moves[0]!.price).toBeCloseTo(0.11, 9);
    expect(schedule.entries.find(({ task: index }) => index === 1)!.startMs).toBe(0);
    expect(unresolved).toEqual([]);
    expect(rebalance(full, instance, onA(3), { loadBoundMs: 350 }).moves).toEqual([]);
    expect(rebalance(full, instance, onA(3), {}).moves).toEqual([]);
  });

  it("keeps pins, limits and the bound of others, and says what stays over it", () => {
    const pinFirst = (k: number) => (k === 0 ? { pinnedAgent: "a" } : {});
    const { full, instance } = wave([agent("a"), agent("b", { maxTasks: 1 })], [400, 90, 90, 90], pinFirst);
    const { moves, unresolved } = rebalance(full, instance, onA(4), { loadBoundMs: 420 });
    expect(moves).toHaveLength(1);
    expect(moves[0]!.taskId).not.toBe("t0");
    expect(unresolved).toEqual([{ agentId: "a", reason: "160 ms over the bound can go nowhere" }]);
    const tight = wave([agent("a"), agent("b", { capacityMs: 95 })], [90, 90, 90]);
    expect(rebalance(tight.full, tight.instance, onA(3), { loadBoundMs: 100 }).moves).toHaveLength(1);
  });

  it("empties an agent that is down but for what is fixed; what nobody can take waits, and what follows it too", () => {
    const over = (k: number) => (k === 1 ? { pinnedAgent: "a" } : k === 3 ? { dependsOn: ["t1"] } : {});
    const { full, instance } = wave([agent("a"), agent("b"), agent("c")], [50, 60, 70, 80], over);
    const plan = { ...placed([0, 0], [0, 0], [0, 0], [1, 0]), startMs: Float64Array.of(0, 50, 110, 110) };
    const result = rebalance(full, instance, plan, { unavailable: new Set(["a"]), fixed: new Set(["t0"]) });
    expect([...result.assignment.agentOf]).toEqual([0, -1, 1, -1]);
    expect(result.moves.map(({ taskId, toAgentId }) => [taskId, toAgentId])).toEqual([["t2", "b"]]);
    expect(result.deferred).toEqual([
      { taskId: "t1", reason: "a is down and no other agent can take it" },
      { taskId: "t3", reason: "it depends on t1, which is deferred" },
    ]);
  });
});

describe("scheduleAdherence", () => {
  it("counts a task that left its planned agent or ended outside its interval as not adhering", () => {
    const ran = (taskId: string, agentId: string, endMs: number, agents = [agentId]) => ({
      ...{ taskId, plannedAgentId: "a", agentId, slot: 0, succeeded: true, startMs: 0, endMs, confidence: 0.8 },
      ...{ confidenceDelta: null, failureReason: null },
      attempts: agents.map((by) => ({ ...attempt, taskId, agentId: by })),
    });
    const plan = ["t1", "t2", "t3", "t4", "t5"].map((id) => planned(id, "a", 0)).concat(planned("z", "b", 0));
    const tasks = [
      ran("t1", "a", 8),
      ran("t2", "a", 12),
      ran("t3", "a", 12.1),
      ran("t4", "b", 10),
      ran("t5", "a", 10, ["b", "a"]),
    ];
    const result = scheduleAdherence(plan, tasks, "real", ["c"]);
    expect([...result.adhered]).toEqual(["t1", "t2"]);
    expect(result.overall).toBe(0.4);
    expect({ ...result.byAgent }).toEqual({ a: 0.4, b: null, c: null });
  });
});
