import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { AttemptRecord } from "../../../../src/domain/run.js";
import type { AttemptResult, Executor } from "../../../../src/pipeline/execute/executor.js";
import { createExecutor } from "../../../../src/pipeline/execute/executors/create-executor.js";
import { requestToWire, answerFromWire } from "../../../../src/pipeline/execute/executors/wire.js";
import { writeScratch } from "../../files/scratch.js";
import { agentOf, execute, planned } from "../plans.js";
import { startService } from "./answering-service.js";

/** What an agent does with an attempt, in words that each kind of executor understands. */
type Behaviour = "succeeds" | "fails" | "agent fault" | "rubbish" | "hangs" | "much output" | "echoes";

/** The answer of a behaviour on the wire; null: none ever. */
function wireAnswer(behaviour: Behaviour, request: Record<string, unknown>): string | null {
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

const scratch = writeScratch({});
const script = join(scratch, "agent.mjs");
writeFileSync(
  script,
  `let text = ""; for await (const chunk of process.stdin) text += chunk;
const request = JSON.parse(text);
console.log("some words on the way");
const answer = (${wireAnswer.toString()})(process.argv[2].replace("_", " "), request);
if (answer === null) setInterval(() => undefined, 1000); else console.log(answer);`,
);
const closing: (() => Promise<void>)[] = [];
afterAll(async () => void (await Promise.all(closing.map((close) => close()))));

const commandOf = (behaviour: Behaviour): string => `${process.execPath} ${script} ${behaviour.replace(" ", "_")}`;

const KINDS: Readonly<Record<string, (behaviour: Behaviour) => Promise<Executor>>> = {
  "in process": async (behaviour) => ({
    ...{ name: "mine", execution: "real" },
    execute: async (request) => {
      const answer = wireAnswer(behaviour, requestToWire(request));
      if (answer === null) return new Promise<AttemptResult>(() => undefined);
      return answerFromWire(JSON.parse(answer));
    },
  }),
  command: async (behaviour) => createExecutor(`command:${commandOf(behaviour)}`)!,
  shell: async (behaviour) => createExecutor(`shell:cat | ${commandOf(behaviour)}`)!,
  http: async (behaviour) => {
    const { url, close } = await startService(({ body }) => {
      const text = wireAnswer(behaviour, body);
      return text === null ? null : { text };
    });
    closing.push(close);
    return createExecutor(url)!;
  },
};

/** One attempt at task t, whose row has a field of its own. */
async function attempt(executor: Executor, over: { readonly attemptTimeoutMs?: number } = {}): Promise<AttemptRecord> {
  const { tasks } = await execute([planned("t", "a", 0)], [agentOf("a")], executor, {
    ...{ maxRetries: 0, runId: "r", wave: 3, ...over },
    onFailure: () => ({ kind: "give_up", reason: "one is enough" }),
    taskRow: (taskId) => ({ task_id: taskId, prompt: "say 'hi'; $(rm -rf /)" }),
  });
  return tasks[0]!.attempts[0]!;
}

describe.each(Object.entries(KINDS))("an executor: %s", (_, make) => {
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
    ["rubbish", { errorKind: "agent", errorMessage: expect.stringContaining("status") as string, fault: "threw" }],
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
