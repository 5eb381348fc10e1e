import { describe, expect, it } from "vitest";
import { NO_HEURISTICS, type Heuristics } from "../../../src/domain/history.js";
import type { AttemptRequest } from "../../../src/pipeline/execute/executor.js";
import type { ExecutionDecision } from "../../../src/pipeline/execute/failure-decision.js";
import { agentOf, execute, planned, retryOnSpot, scripted, timeline } from "./plans.js";

const HEURISTICS: Heuristics = {
  ...NO_HEURISTICS,
  priorityOrder: [{ riskLevel: "MEDIUM", confidenceMin: 0.72 }],
  boost: { riskLevels: ["MEDIUM"], from: 0.7, to: 0.75, amount: 0.05 },
  retry: { riskLevels: ["LOW", "MEDIUM"], maxAttempts: 3, confidencePenalty: -0.05 },
  weights: { H16_002: 0.8, H16_003: 0.5 },
};

describe("executeWave in virtual time", () => {
  it("follows each slot's sequence, availability and dependencies, as worked out by hand", async () => {
    const plan = [
      planned("a1", "a", 0),
      planned("a2", "a", 10, { dependsOn: ["b2", "earlier"] }),
      planned("a3", "a", 0, { slot: 1 }),
      planned("b1", "b", 5),
      planned("b2", "b", 15),
    ];
    const script = { a1: [7], a2: [4], a3: [-3, 6], b1: [8], b2: [9] };
    const result = await execute(plan, [agentOf("a", 2), agentOf("b", 1, 5)], scripted(script));
    expect(timeline(result)).toEqual([
      "a1 a/0 0–7",
      "a3 a/1 0–3 failed",
      "a3 a/1 3–9",
      "b1 b/0 5–13",
      "b2 b/0 13–22",
      "a2 a/0 22–26",
    ]);
    expect(result.tasks.map(({ taskId }) => taskId)).toEqual(["a1", "a2", "a3", "b1", "b2"]);
    expect(result).toMatchObject({ notStarted: [], wasAborted: false });
  });

  it("skips what waits for a failure, in no time and as soon as it is known", async () => {
    const plan = [
      planned("a1", "a", 0),
      planned("b1", "b", 0),
      planned("b2", "b", 20, { dependsOn: ["a1"] }),
      planned("b3", "b", 30),
      planned("c1", "c", 40, { dependsOn: ["b2"] }),
      planned("c2", "c", 50),
    ];
    const script = { a1: [-30], b1: [5], b3: [6], c2: [2] };
    const agents = [agentOf("a"), agentOf("b"), agentOf("c")];
    const result = await execute(plan, agents, scripted(script), { onFailure: retryOnSpot(1) });
    expect(timeline(result)).toEqual(["a1 a/0 0–30 failed", "b1 b/0 0–5", "b3 b/0 30–36", "c2 c/0 30–32"]);
    expect(result.notStarted).toEqual([
      { taskId: "b2", reason: "it depends on a1, which failed", canChange: false },
      { taskId: "c1", reason: "it depends on b2, which was not started", canChange: false },
    ]);
    expect(result.tasks[0]).toMatchObject({ succeeded: false, failureReason: "enough", endMs: 30 });
  });

  it("applies boost, penalties and weights to each attempt and says which acted", async () => {
    const plan = [planned("m", "a", 0, { riskLevel: "MEDIUM", confidence: 0.75 })];
    const result = await execute(plan, [agentOf("a")], scripted({ m: [-1, -1, 2] }), { heuristics: HEURISTICS });
    const [first, second, third] = result.tasks[0]!.attempts;
    expect(first).toMatchObject({ confidenceBefore: 0.79, heuristicsApplied: ["H16_001", "H16_002"] });
    expect(first!.confidenceAfter).toBeCloseTo(0.725, 12);
    expect(second!.confidenceBefore).toBeCloseTo(0.765, 12);
    expect(second!.heuristicsApplied).toEqual(["H16_001", "H16_002", "H16_003"]);
    expect(third!.confidenceBefore).toBeCloseTo(0.74, 12);
    expect(third!.confidenceAfter).toBeCloseTo(0.74, 12);
    expect(result.tasks[0]).toMatchObject({ confidence: 0.75, confidenceDelta: null });
    const high = [planned("h", "a", 0, { riskLevel: "HIGH", confidence: 0.72 })];
    const alone = await execute(high, [agentOf("a")], scripted({}), { heuristics: HEURISTICS });
    expect(alone.tasks[0]!.attempts[0]).toMatchObject({ confidenceBefore: 0.72, heuristicsApplied: [] });
  });

  it("adds the last attempt's gain to the task's own confidence, clamped", async () => {
    const executor = {
      ...scripted({}),
      execute: async () => ({ succeeded: true, durationMs: 1, confidenceDelta: 0.3 }),
    };
    const result = await execute([planned("t", "a", 0)], [agentOf("a")], executor);
    expect(result.tasks[0]).toMatchObject({ confidence: 1, confidenceDelta: 0.3 });
    expect(result.tasks[0]!.attempts[0]).toMatchObject({ confidenceBefore: 0.8, confidenceAfter: 1 });
  });

  it("offers slots with nothing left to run, moves the task there and lets its own slot go on", async () => {
    const plan = [planned("a1", "a", 0), planned("a2", "a", 10), planned("b1", "b", 0), planned("c1", "c", 0)];
    const requests: AttemptRequest[] = [];
    const offered: unknown[] = [];
    const decisions: ExecutionDecision[] = [];
    const script = { a1: [-6, 5], a2: [7], b1: [3], c1: [20] };
    const agents = [agentOf("a"), agentOf("b"), agentOf("c"), agentOf("d", 1, 6.5)];
    const result = await execute(plan, agents, scripted(script, requests), {
      onFailure: ({ idleSlots }) => {
        offered.push(idleSlots);
        return { kind: "retry", ...idleSlots[0]!, reason: "b is free" };
      },
      onDecision: (decision) => decisions.push(decision),
    });
    expect(offered).toEqual([[{ agentId: "b", slot: 0 }]]);
    expect(timeline(result)).toEqual(["a1 a/0 0–6 failed", "b1 b/0 0–3", "c1 c/0 0–20", "a1 b/0 6–11", "a2 a/0 6–13"]);
    expect(result.tasks[0]).toMatchObject({ plannedAgentId: "a", agentId: "b" });
    expect(decisions).toEqual([
      { kind: "reassign", taskId: "a1", attempts: 1, fromAgentId: "a", toAgentId: "b", atMs: 6, reason: "b is free" },
    ]);
    expect(requests.find(({ attempt }) => attempt === 2)).toMatchObject({ startMs: 6, agentId: "b" });
  });

  it("refuses policies that go beyond the retries or to a busy slot, and contradictory plans", async () => {
    const fail = scripted({ t: [-1, -1, -1, -1] });
    const one = [planned("t", "a", 0)];
    await expect(execute(one, [agentOf("a")], fail, { onFailure: retryOnSpot(9) })).rejects.toThrow(/after 3 of 3/);
    const high = [planned("t", "a", 0, { riskLevel: "HIGH" })];
    await expect(execute(high, [agentOf("a")], fail, { heuristics: HEURISTICS })).rejects.toThrow(/after 1 of 1/);
    const busy = () => ({ kind: "retry", agentId: "b", slot: 0, reason: "why not" }) as const;
    const two = [...one, planned("u", "b", 0)];
    await expect(execute(two, [agentOf("a"), agentOf("b")], fail, { onFailure: busy })).rejects.toThrow(/not idle/);
    await expect(execute([...one, ...one], [agentOf("a")], fail)).rejects.toThrow(/planned twice/);
    await expect(execute([planned("t", "a", 0, { slot: 1 })], [agentOf("a")], fail)).rejects.toThrow(/does not exist/);
    const crossed = [
      planned("a1", "a", 0, { dependsOn: ["b2"] }),
      planned("a2", "a", 10),
      planned("b1", "b", 0, { dependsOn: ["a2"] }),
      planned("b2", "b", 10),
    ];
    await expect(execute(crossed, [agentOf("a"), agentOf("b")], fail)).rejects.toThrow(/wait for each other/);
  });

  it("takes an empty plan and very many slots", async () => {
    expect(await execute([], [agentOf("a", 1e9)], scripted({}))).toEqual({
      tasks: [],
      notStarted: [],
      added: [],
      wasAborted: false,
    });
    const result = await execute([planned("t", "a", 0)], [agentOf("a", 1e9)], scripted({}));
    expect(timeline(result)).toEqual(["t a/0 0–10"]);
  });
});
