import { describe, expect, it } from "vitest";
import type { AttemptRecord } from "../../../../src/domain/run.js";
import type { Executor } from "../../../../src/pipeline/execute/executor.js";
import { agentOf, execute, planned } from "../plans.js";

/** What an agent does with an attempt, in words that each kind of executor understands. */
export type Behaviour = "succeeds" | "fails" | "agent fault" | "rubbish" | "hangs" | "much output" | "echoes";

/** The answer of a behaviour on the wire; null: none ever. */
export function wireAnswer(behaviour: Behaviour, request: Record<string, unknown>): string | null {
  switch (behaviour) {
    case "succeeds":
      return JSON.stringify({ status: "success", execution_time_ms: 7, confidence_after: 0.85, cost: 3, output: [1] });
    case "fails":
      return JSON.stringify({ status: "failed", error_message: "no such page" });
    case "agent fault":
      return JSON.stringify({ status: "failed", error_kind: "agent", error_message: "out of memory" });
    case "rubbish":
      return JSON.stringify({ status: "maybe" });
    case "much output":
      return JSON.stringify({ status: "success", output: "x".repeat(100_000) });
    case "echoes":
      return JSON.stringify({ status: "success", output: request });
    case "hangs":
      return null;
  }
}

/** One attempt at task t, whose row has a field of its own. */
async function attempt(executor: Executor, over: { readonly attemptTimeoutMs?: number } = {}): Promise<AttemptRecord> {
  const { tasks } = await execute([planned("t", "a", 0)], [agentOf("a")], executor, {
    ...{ maxRetries: 0, runId: "r", wave: 3, ...over },
    onFailure: () => ({ kind: "give_up", reason: "one is enough" }),
    taskRow: (taskId) => ({ task_id: taskId, prompt: "say 'hi'; $(rm -rf /)" }),
  });
  return tasks[0]!.attempts[0]!;
}

/** What every executor does alike, whoever makes the attempt. */
export function describeExecutor(name: string, make: (behaviour: Behaviour) => Promise<Executor>): void {
  describe(`an executor: ${name}`, () => {
    it("gives back what the agent answered", async () => {
      const record = await attempt(await make("succeeds"));
      expect(record).toMatchObject({ succeeded: true, durationMs: 7, cost: 3, output: "[1]", errorKind: null });
      expect(record.confidenceAfter).toBeCloseTo(0.85, 12);
    });

    it("hands on the whole request, with fields that we do not know", async () => {
      const { output } = await attempt(await make("echoes"));
      expect(JSON.parse(output!)).toEqual({
        ...{ run_id: "r", wave: 3, agent_id: "a", attempt: 1, idempotency_key: "r:3:t:1", confidence: 0.8 },
        task: { task_id: "t", prompt: "say 'hi'; $(rm -rf /)" },
        predicted: { duration_ms: 10, p95_ms: expect.closeTo(11.73, 2) as number, success_probability: 0.9 },
        timeout_ms: 5_000,
      });
    });

    it.each<[Behaviour, object]>([
      ["fails", { errorKind: "task", errorMessage: "no such page", fault: null }],
      ["agent fault", { errorKind: "agent", errorMessage: "out of memory", fault: null }],
      ["rubbish", { errorKind: "agent", errorMessage: expect.stringContaining("status") as string }],
    ])("an agent that %s has failed for that reason", async (behaviour, expected) => {
      expect(await attempt(await make(behaviour))).toMatchObject({ succeeded: false, ...expected });
    });

    it("cuts what is too long, and says so", async () => {
      const { output } = await attempt(await make("much output"));
      expect(output).toMatch(/^x+ … \(cut; it had 100000 bytes\)$/);
      expect(Buffer.byteLength(output!)).toBeLessThanOrEqual(16_384);
    });

    it("an agent that hangs has failed after its time", async () => {
      const record = await attempt(await make("hangs"), { attemptTimeoutMs: 300 });
      expect(record).toMatchObject({ succeeded: false, fault: "hung", errorKind: "agent" });
    });
  });
}
