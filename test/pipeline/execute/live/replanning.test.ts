import { describe, expect, it } from "vitest";
import { fillFromPrior, parseProblem } from "../../../../src/planner/index.js";
import { WaveInbox } from "../../../../src/pipeline/execute/live/inbox.js";
import { Purse } from "../../../../src/pipeline/execute/live/purse.js";
import { play } from "./play.js";

const AGENTS = ["a", "b", "c"];

/** A task of a problem that every agent takes 100 ms for. */
function lateTask(taskId: string, dependsOn: readonly string[] = []) {
  const one = { duration_ms: 100, success_probability: 0.9, retries: 0, confidence_delta: 0, cost: 10 };
  const row = { task_id: taskId, risk_level: "LOW", confidence: 0.8, depends_on: dependsOn };
  const estimates = Object.fromEntries(AGENTS.map((agentId) => [agentId, one]));
  const earlier = Object.fromEntries(dependsOn.map((id) => [id, "finished"]));
  const document = {
    ...{ agents: AGENTS.map((agent_id) => ({ agent_id })), earlier_tasks: earlier },
    tasks: [{ ...row, estimates }],
  };
  return fillFromPrior(parseProblem(document, "problem"), { maxRetries: 2 }).tasks[0]!;
}

describe("a task that comes while the wave runs", () => {
  it("is planned with what waits, runs after what it depends on, and is told apart from the plan", async () => {
    const inbox = new WaveInbox();
    inbox.add(lateTask("late", ["t17"]), 150);
    const { result, requests } = await play({ agents: AGENTS, numTasks: 18, inbox, answer: () => ({}) });
    const ended = new Map(result.tasks.map(({ taskId, endMs }) => [taskId, endMs]));
    expect(result.added.map(({ taskId }) => taskId)).toEqual(["late"]);
    expect(requests.find(({ taskId }) => taskId === "late")!.startMs).toBeGreaterThanOrEqual(ended.get("t17")!);
    expect(result.tasks).toHaveLength(19);
  });

  it("does not start once it is withdrawn, nor does what waits for it; what runs goes on", async () => {
    const inbox = new WaveInbox();
    inbox.withdraw("t0", 50);
    inbox.withdraw("t6", 50);
    const { result } = await play({
      ...{ agents: AGENTS, numTasks: 9, inbox, answer: () => ({}) },
      dependsOn: (k) => (k === 8 ? ["t6"] : []),
    });
    expect(result.tasks.map(({ taskId }) => taskId)).toEqual(["t0", "t1", "t2", "t3", "t4", "t5", "t7"]);
    expect(result.notStarted).toMatchObject([
      { taskId: "t6", reason: "it was withdrawn" },
      { taskId: "t8", reason: "it depends on t6, which was withdrawn" },
    ]);
  });
});

describe("a budget that falls short", () => {
  it("goes to cheaper agents, and more gets done than without", async () => {
    const wave = (reassignment: boolean) =>
      play({
        ...{ agents: ["a", "b"], numTasks: 20, budget: 220, reassignment },
        cost: (agentId) => (agentId === "a" ? 18 : 4),
        answer: ({ agentId }) => ({ cost: agentId === "a" ? 36 : 8 }),
      });
    const [without, own] = [await wave(false), await wave(true)];
    expect(own.numCompleted).toBeGreaterThanOrEqual(without.numCompleted + 3);
    expect(own.moves.some(({ to, reason }) => to.agentId === "b" && reason.includes("falls short"))).toBe(true);
  });

  it("says what is spent as other numbers are shown", async () => {
    const { result } = await play({
      ...{ agents: ["a"], numTasks: 3, budget: 12, reassignment: false },
      answer: () => ({ cost: 34 / 7 }),
    });
    expect(result.notStarted.map(({ reason }) => reason)).toEqual([
      "the budget of 12 does not pay for it: 4.85714 is spent",
      "the budget of 12 does not pay for it: 4.85714 is spent",
    ]);
  });

  it("never waits for money that nobody holds: sums of promises are rounded", () => {
    const purse = new Purse(1);
    for (const cost of [0.1, 0.2, 0.3]) purse.promise(cost);
    for (const cost of [0.1, 0.3, 0.2]) purse.pay(cost, cost);
    expect(purse.hasPromises).toBe(false);
    purse.pay(null, 0.2);
    expect(purse.left).toBeCloseTo(0.2, 9);
  });
});

describe("whatever happens", () => {
  it("slots and dependencies are kept, no task is lost, and none moves often", async () => {
    for (const seed of [1, 2]) {
      const { result, requests, moves } = await play({
        ...{ agents: AGENTS, numTasks: 15, slots: 2 },
        dependsOn: (k) => (k % 5 === 4 ? [`t${k - 4}`, `t${k - 1}`] : []),
        answer: ({ agentId, startMs, taskId }) => {
          if (agentId === "b" && Math.floor(startMs / 150) % 2 === seed % 2)
            return { succeeded: false, errorKind: "agent", durationMs: 5 };
          return agentId === "c" && Number(taskId.slice(1)) % 7 === seed ? { durationMs: 2_000 } : {};
        },
      });
      expect(result.tasks.length + result.notStarted.length).toBe(15);
      const attempts = result.tasks.flatMap((task) => task.attempts);
      expect(attempts).toHaveLength(requests.length);
      for (const one of attempts) {
        const beside = attempts.filter(
          ({ agentId, slot, startMs, endMs }) =>
            agentId === one.agentId && slot === one.slot && startMs < one.endMs && endMs > one.startMs,
        );
        expect(beside).toEqual([one]);
      }
      const endOf = new Map(result.tasks.map(({ taskId, endMs }) => [taskId, endMs]));
      for (const { taskId, startMs } of requests) {
        const k = Number(taskId.slice(1));
        if (k % 5 === 4)
          expect(startMs).toBeGreaterThanOrEqual(Math.max(endOf.get(`t${k - 4}`)!, endOf.get(`t${k - 1}`)!));
      }
      const counts = new Map<string, number>();
      for (const { taskId } of moves) counts.set(taskId, (counts.get(taskId) ?? 0) + 1);
      expect(Math.max(...counts.values())).toBeLessThanOrEqual(3);
    }
  });
});
