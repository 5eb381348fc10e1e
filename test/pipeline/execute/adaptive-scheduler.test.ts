import { describe, expect, it } from "vitest";
import { check } from "../../../src/domain/schemas/check.js";
import { attemptRowSchema, plannedRowSchema, scheduledRowSchema } from "../../../src/domain/schemas/phase19-wave.js";
import { AdaptiveScheduler } from "../../../src/pipeline/execute/adaptive-scheduler.js";
import type { Executor } from "../../../src/pipeline/execute/executor.js";
import { solve } from "../../../src/planner/solve/solve.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { attemptRow, plannedRow, scheduledRow } from "../../../src/pipeline/execute/rows.js";
import { agents, asInput, type Document, estimate, NOW, task } from "../../support/documents.js";

const FIRST_KEYS = [
  ...["task_id", "agent_id", "wave", "scheduled_start_time", "scheduled_end_time", "actual_start_time"],
  ...["actual_end_time", "priority", "status", "confidence", "retry_count"],
];

/** Two agents; a is better at everything, b is faster. */
function demo(): Document {
  const both = (success: number) => ({
    a: estimate(100, { success_probability: success }),
    b: estimate(60, { success_probability: success - 0.2 }),
  });
  return {
    agents: agents({}, { slots: 2 }),
    tasks: [
      task("t1", "", 0, { estimates: both(0.9) }),
      task("t2", "", 0, { estimates: both(0.8), risk_level: "MEDIUM", confidence: 0.76 }),
      task("t3", "", 0, { estimates: both(0.7), depends_on: ["t1"] }),
      task("t4", "", 0, { estimates: both(0.6), risk_level: "HIGH", confidence: 0.95 }),
    ] as Document["tasks"],
    options: { load_limit: "none" },
  };
}

async function schedulerOf(document: Document, seed = 1) {
  const result: ResultDocument = await solve(document, { now: NOW, solver: "greedy" });
  return { result, scheduler: AdaptiveScheduler.fromDocument(asInput(document), result, { seed }) };
}

describe("TestAdaptiveScheduler", () => {
  it("test_assign_tasks_to_agents: every placed task with the plan's agent and times", async () => {
    const { result, scheduler } = await schedulerOf(demo());
    const planned = scheduler.assignTasksToAgents();
    expect(planned.map(({ taskId }) => taskId)).toEqual(["t1", "t2", "t3", "t4"]);
    for (const entry of result.schedule) {
      const record = planned.find(({ taskId }) => taskId === entry.task_id)!;
      expect(record).toMatchObject({
        ...{ agentId: entry.agent_id, slot: entry.slot, startMs: entry.start_ms, endMs: entry.end_ms },
        ...{ priority: result.task_priorities[entry.task_id], successProbability: entry.success_probability },
      });
      expect(record.reason).toMatch(/^success \d+\.\d % \(rank/);
      const failing = record.attemptProbabilities.reduce((product, p) => product * (1 - p), 1);
      expect(record.attemptProbabilities).toHaveLength(3);
      expect(failing).toBeLessThanOrEqual(1 - record.successProbability + 1e-9);
    }
    const other = AdaptiveScheduler.fromDocument(asInput({ ...demo(), tasks: demo().tasks.slice(0, 1) }), result);
    expect(() => other.assignTasksToAgents()).toThrow(/does not know/);
  });

  it("test_prioritize_tasks_risk_confidence: buckets first, then lower risk and higher confidence", async () => {
    const { scheduler } = await schedulerOf(demo());
    const order = scheduler.prioritizeTasks("risk_confidence");
    expect(order.map(({ taskId }) => taskId)).toEqual(["t1", "t3", "t2", "t4"]);
    expect(order.map(({ rank }) => rank)).toEqual([1, 2, 3, 4]);
  });

  it("test_adjust_for_agent_load: the overloaded agent gives away just enough, and all times are new", async () => {
    const { scheduler } = await schedulerOf(demo());
    const before = scheduler.assignTasksToAgents();
    expect(before.every(({ agentId }) => agentId === "a")).toBe(true);
    const { planned, moves, unresolved } = scheduler.adjustForAgentLoad({ loadBoundMs: 250 });
    expect(unresolved).toEqual([]);
    expect(moves).toHaveLength(2);
    expect(planned.filter(({ agentId }) => agentId === "a")).toHaveLength(2);
    for (const one of planned) {
      for (const other of planned) {
        if (one === other || one.agentId !== other.agentId || one.slot !== other.slot) continue;
        expect(one.endMs <= other.startMs || other.endMs <= one.startMs).toBe(true);
      }
    }
    const t3 = planned.find(({ taskId }) => taskId === "t3")!;
    expect(t3.startMs).toBeGreaterThanOrEqual(planned.find(({ taskId }) => taskId === "t1")!.endMs);
  });

  it("test_execute_schedule_dry_run: plays the whole plan in virtual time, the same again for the same seed", async () => {
    const { scheduler } = await schedulerOf(demo());
    const start = performance.now();
    const execution = await scheduler.executeSchedule();
    expect(performance.now() - start).toBeLessThan(2000);
    expect(execution.tasks.length + execution.notStarted.length).toBe(4);
    expect(await scheduler.executeSchedule()).toEqual(execution);
    const { scheduler: other } = await schedulerOf(demo(), 2);
    expect(await other.executeSchedule()).not.toEqual(execution);
    const { planned } = scheduler.adjustForAgentLoad({ loadBoundMs: 250 });
    const adjusted = await scheduler.executeSchedule({ planned });
    expect(new Set(adjusted.tasks.map(({ plannedAgentId }) => plannedAgentId)).size).toBe(2);
  });

  it("test_simulate_task_execution: succeeds as often as was predicted", async () => {
    const document = demo();
    const result = await solve(document, { now: NOW, solver: "greedy" });
    const outcomes = await Promise.all(
      Array.from({ length: 400 }, (_, seed) =>
        AdaptiveScheduler.fromDocument(asInput(document), result, { seed }).simulateTaskExecution("t3"),
      ),
    );
    const rate = outcomes.filter(({ succeeded }) => succeeded).length / 400;
    const { success_probability: predicted } = result.schedule.find(({ task_id }) => task_id === "t3")!;
    expect(Math.abs(rate - predicted)).toBeLessThan(3 * Math.sqrt((predicted * (1 - predicted)) / 400));
    const { scheduler } = await schedulerOf(document);
    await expect(scheduler.simulateTaskExecution("t9")).rejects.toThrow('"t9" is not in the plan');
  });

  it("test_calculate_schedule_adherence: planned agent and own interval, agent by agent", async () => {
    const { scheduler } = await schedulerOf(demo());
    const planned = scheduler.assignTasksToAgents();
    const executor: Executor = {
      ...{ name: "exact", execution: "simulated", time: "virtual" },
      execute: async ({ taskId }) => ({
        succeeded: true,
        durationMs: taskId === "t4" ? 9999 : 100,
      }),
    } as const;
    const execution = await scheduler.executeSchedule({ executor });
    const adherence = scheduler.calculateScheduleAdherence(execution);
    const last = planned.toSorted((x, y) => x.startMs - y.startMs).findIndex(({ taskId }) => taskId === "t4");
    expect(adherence.adhered.has("t4")).toBe(false);
    expect(adherence.adhered.size).toBe(last);
    expect(adherence.overall).toBe(last / 4);
    expect({ ...adherence.byAgent }).toEqual({ a: last / 4, b: null });
    expect(scheduler.calculateScheduleAdherence({ tasks: [] }).overall).toBeNull();
  });

  it("test_handle_task_failure_retry: tries again where it may, and gives up where it may not", async () => {
    const { scheduler } = await schedulerOf(demo());
    const [t1] = scheduler.assignTasksToAgents();
    const { tasks } = await scheduler.executeSchedule();
    const failed = { ...tasks[0]!.attempts[0]!, succeeded: false };
    const situation = { task: t1!, attempts: [failed], retryable: true, nowMs: 100, idleSlots: [] };
    expect(scheduler.handleTaskFailure(situation)).toMatchObject({ kind: "retry", agentId: "a", slot: 0 });
    expect(scheduler.handleTaskFailure({ ...situation, retryable: false }).kind).toBe("give_up");
    expect(scheduler.handleTaskFailure({ ...situation, attempts: [failed, failed, failed] }).kind).toBe("give_up");
  });

  it("test_write_schedule_outputs: every row keeps its schema, one final row a task", async () => {
    const { scheduler } = await schedulerOf(demo(), 3);
    const context = { wave: 1, execution: "simulated", timestamp: NOW.toISOString() } as const;
    const planned = scheduler.assignTasksToAgents();
    const executor: Executor = {
      ...{ name: "stumbling", execution: "simulated", time: "virtual" },
      execute: async ({ taskId, attempt }) => ({ succeeded: taskId !== "t2" && attempt > 1, durationMs: 90 }),
    };
    const { tasks } = await scheduler.executeSchedule({ executor });
    expect(tasks.map(({ succeeded }) => succeeded)).toEqual([true, false, true, true]);
    const { adhered } = scheduler.calculateScheduleAdherence({ tasks });
    for (const one of planned) check(plannedRowSchema, plannedRow(one, context), "planned");
    const rows = tasks.map((done) => {
      const plan = planned.find(({ taskId }) => taskId === done.taskId)!;
      return scheduledRow(plan, done, { ...context, hasAdhered: adhered.has(done.taskId) });
    });
    for (const row of rows) {
      check(scheduledRowSchema, row, "scheduled");
      expect(Object.keys(row).slice(0, 11)).toEqual(FIRST_KEYS);
    }
    expect(rows.map((row) => row.task_id)).toEqual(tasks.map(({ taskId }) => taskId));
    const attempts = tasks.flatMap((done) => done.attempts);
    expect(attempts.length).toBeGreaterThan(tasks.length);
    for (const attempt of attempts) check(attemptRowSchema, attemptRow(attempt, context), "attempt");
    expect(rows.reduce((sum, row) => sum + row.retry_count, 0)).toBe(attempts.length - tasks.length);
  });
});

describe("AdaptiveScheduler", () => {
  it("orders each slot's tasks: what others wait for before what waits", async () => {
    const { scheduler } = await schedulerOf(demo());
    const { a, b } = scheduler.optimizeTaskOrdering();
    expect(a!.flat().toSorted()).toEqual(["t1", "t2", "t3", "t4"]);
    expect(a![0]!.indexOf("t1")).toBeLessThan(a![0]!.indexOf("t3"));
    expect(b).toEqual([[], []]);
  });
});
