import { describe, expect, it } from "vitest";
import type { AttemptResult } from "../../../../src/pipeline/execute/executor.js";
import { play } from "./play.js";

const gone: Partial<AttemptResult> = { succeeded: false, errorKind: "agent", errorMessage: "gone", durationMs: 1 };

describe("an agent that is gone", () => {
  it("gets no more work after two errors, and what waited for it is done by the others", async () => {
    const { requests, numCompleted, changes, moves, makespanMs } = await play({
      ...{ agents: ["a", "b", "c"], numTasks: 18 },
      answer: ({ agentId }) => (agentId === "b" ? gone : {}),
    });
    expect(numCompleted).toBe(18);
    expect(requests.filter(({ agentId }) => agentId === "b")).toHaveLength(2);
    expect(changes).toMatchObject([{ agentId: "b", change: "down", atMs: 2, reason: "gone" }]);
    expect(moves.filter(({ from }) => from.agentId === "b")).toHaveLength(6);
    // 18 tasks on two agents.
    expect(makespanMs).toBeLessThanOrEqual(1_000);
  });

  it("is probed after its cool-down, which doubles, and left alone in the end; what only it can take waits for another wave", async () => {
    const { requests, result, changes } = await play({
      ...{ agents: ["a", "b"], numTasks: 20, pinned: true },
      answer: ({ agentId }) => (agentId === "b" ? gone : {}),
    });
    const starts = requests.filter(({ agentId }) => agentId === "b").map(({ startMs }) => startMs);
    const gaps = starts.slice(2).map((startMs, k) => startMs - starts[k + 1]!);
    expect(gaps).toHaveLength(4);
    for (const [k, gapMs] of gaps.entries()) {
      expect(gapMs).toBeGreaterThanOrEqual(1_000 * 2 ** k);
      expect(gapMs).toBeLessThanOrEqual(1_210 * 2 ** k);
    }
    expect(changes.at(-1)).toMatchObject({ change: "down", probeAtMs: null });
    expect(result.notStarted.length).toBeGreaterThan(5);
    expect(result.notStarted[0]).toMatchObject({
      canChange: true,
      reason: "b is down, and no other agent can take it",
    });
    expect(result.tasks.length + result.notStarted.length).toBe(20);
  });

  it("comes back with its first answer, and takes what others are late with", async () => {
    let numErrors = 0;
    const { changes, numCompleted, makespanMs } = await play({
      ...{ agents: ["a", "b"], numTasks: 60 },
      answer: ({ agentId }) => (agentId === "b" && ++numErrors <= 2 ? gone : {}),
    });
    expect(numCompleted).toBe(60);
    expect(changes.map(({ change }) => change)).toEqual(["down", "up"]);
    // Undisturbed 3,000 ms, on one agent 6,000 ms; b was out for a little more than 1,000 ms.
    expect(makespanMs).toBeLessThanOrEqual(3_800);
  });

  it("is not down because its tasks fail", async () => {
    const { changes, requests } = await play({
      ...{ agents: ["a", "b"], numTasks: 4, pinned: true },
      answer: ({ agentId }) => (agentId === "b" ? { succeeded: false } : {}),
    });
    expect(changes).toEqual([]);
    expect(requests.filter(({ agentId }) => agentId === "b")).toHaveLength(6);
  });
});

describe("a slow agent", () => {
  it("is relieved once an attempt takes twice its 95th percentile", async () => {
    const { makespanMs, moves, numCompleted } = await play({
      ...{ agents: ["a", "b", "c"], numTasks: 18 },
      answer: ({ agentId }) => (agentId === "b" ? { durationMs: 1_500 } : {}),
    });
    expect(numCompleted).toBe(18);
    expect(makespanMs).toBe(1_500);
    expect(moves.map(({ from }) => from.agentId)).toEqual(new Array(5).fill("b"));
    const perTask = new Map<string, number>();
    for (const { taskId } of moves) perTask.set(taskId, (perTask.get(taskId) ?? 0) + 1);
    expect(Math.max(...perTask.values())).toBeLessThanOrEqual(2);
  });

  it("is relieved once its attempts, none of them that late, have fallen behind by more than one task", async () => {
    const playAt = (durationMs: number) =>
      play({
        ...{ agents: ["a", "b", "c"], numTasks: 24 },
        answer: ({ agentId }) => (agentId === "b" ? { durationMs } : {}),
      });
    const slow = await playAt(250);
    expect(slow.numCompleted).toBe(24);
    // Unrelieved, it would take 2,000.
    expect(slow.makespanMs).toBeLessThanOrEqual(1_100);
    expect(new Set(slow.moves.map(({ from }) => from.agentId))).toEqual(new Set(["b"]));
    // What luck explains moves nothing.
    expect((await playAt(150)).moves).toEqual([]);
  });

  it("gets no second retry while it is late, between two plans of the rest too", async () => {
    const { requests, numCompleted } = await play({
      ...{ agents: ["a", "b", "c"], numTasks: 24 },
      answer: ({ agentId }) => (agentId === "b" ? { succeeded: false, durationMs: 350 } : {}),
    });
    const retries = requests.filter(({ taskId }) => taskId === "t1").map(({ agentId }) => agentId);
    expect(retries.slice(0, 2)).toEqual(["b", "b"]);
    expect(retries[2]).not.toBe("b");
    expect(numCompleted).toBe(24);
  });

  it("gets no retry of what it was late with, though it is idle", async () => {
    const { requests, numCompleted, makespanMs } = await play({
      ...{ agents: ["a", "b", "c"], numTasks: 18 },
      answer: ({ agentId, attempt }) => {
        if (agentId === "b") return { succeeded: false, durationMs: 1_500 };
        return { succeeded: attempt !== 2 };
      },
    });
    expect(requests.filter(({ agentId }) => agentId === "b")).toHaveLength(1);
    const retries = requests.filter(({ taskId }) => taskId === requests.find(({ agentId }) => agentId === "b")!.taskId);
    expect(retries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(numCompleted).toBe(18);
    expect(makespanMs).toBe(1_700);
  });

  it("keeps a retry that no other agent can take", async () => {
    const { requests, numCompleted } = await play({
      ...{ agents: ["a", "b"], numTasks: 4, pinned: true },
      answer: ({ agentId, attempt }) => (agentId === "b" ? { succeeded: attempt > 1, durationMs: 1_500 } : {}),
    });
    expect(requests.filter(({ agentId, attempt }) => agentId === "b" && attempt === 2)).toHaveLength(2);
    expect(numCompleted).toBe(4);
  });

  it("keeps dependencies when its tasks move", async () => {
    const { result, requests } = await play({
      ...{ agents: ["a", "b"], numTasks: 12, dependsOn: (k) => (k >= 2 ? [`t${k - 1}`] : []) },
      answer: ({ agentId }) => (agentId === "b" ? { durationMs: 3_000 } : {}),
    });
    const ended = new Map(result.tasks.map(({ taskId, endMs }) => [taskId, endMs]));
    for (const { taskId, startMs } of requests) {
      const k = Number(taskId.slice(1));
      if (k >= 2) expect(startMs).toBeGreaterThanOrEqual(ended.get(`t${k - 1}`)!);
    }
  });
});

describe("money", () => {
  it("starts nothing that what is left does not pay for, and says so", async () => {
    const { requests, result } = await play({
      ...{ agents: ["a", "b"], numTasks: 10, budget: 35 },
      answer: () => ({ cost: 20 }),
    });
    // Both agents may start on 35; what is left after 40 are spent pays for nothing.
    expect(requests).toHaveLength(2);
    expect(result.notStarted).toHaveLength(8);
    expect(result.notStarted[0]!.reason).toBe("the budget of 35 does not pay for it: 40 is spent");
  });

  it("waits for attempts under way that may cost less than expected", async () => {
    const { numCompleted } = await play({
      ...{ agents: ["a", "b"], numTasks: 4, budget: 25 },
      answer: () => ({ cost: 5 }),
    });
    expect(numCompleted).toBe(4);
  });
});

describe("a retry", () => {
  it("on the same agent waits for its delay, which doubles, and lets others go first", async () => {
    const { requests } = await play({
      ...{ agents: ["a"], numTasks: 2, retryDelayMs: 1_000 },
      answer: ({ taskId, attempt }) => (taskId === "t0" && attempt < 3 ? { succeeded: false } : {}),
    });
    const [first, second, third] = requests.filter(({ taskId }) => taskId === "t0").map(({ startMs }) => startMs);
    expect(requests[1]!.taskId).toBe("t1");
    expect(second! - first!).toBeGreaterThanOrEqual(1_100);
    expect(third! - second!).toBeGreaterThanOrEqual(2_100);
    expect(third! - second!).toBeLessThanOrEqual(2_500);
  });
});
