import { chmodSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../src/domain/errors.js";
import { createExecutor } from "../../../../src/pipeline/execute/executors/create-executor.js";
import { createCommandExecutor } from "../../../../src/pipeline/execute/executors/command-executor.js";
import { writeScratch } from "../../files/scratch.js";

const root = writeScratch({ "agent.sh": "#!/bin/sh\n", "plain.txt": "no program\n" });
const [agent, plain] = ["agent.sh", "plain.txt"].map((name) => join(root, name)) as [string, string];
chmodSync(agent, 0o755);
chmodSync(plain, 0o644);

describe("a command that --execute names", () => {
  it.each([
    ["command:phase19-nosuch --fast", 'no program "phase19-nosuch" is on the PATH'],
    ["command:./phase19-nosuch.py", "./phase19-nosuch.py does not exist"],
    [`command:${root}`, `${root} is a folder`],
    [`command:${plain}`, `${plain} may not be executed`],
    ["shell:phase19-nosuch | cat", 'the shell knows no "phase19-nosuch"'],
  ])("is refused before anything runs where it cannot start: %s", async (text, reason) => {
    const refused = createExecutor(text);
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow(`--execute: ${text} cannot be started: ${reason}`);
  });

  it.each([
    `command:${agent} "a b"`,
    "command:sh -c true",
    "shell:if true; then :; fi",
    "shell:A=1 true",
    "shell:cd /",
  ])("is taken where it can: %s", async (text) => expect((await createExecutor(text))?.name).toBe(text));

  it("costs nothing where it is gone when an attempt begins", async () => {
    const executor = createCommandExecutor({ kind: "command", commandLine: "phase19-nosuch" });
    const request = {
      ...{ runId: "r", wave: 1, taskId: "t", task: {}, taskType: null, riskLevel: "LOW" as const, agentId: "a" },
      ...{ slot: 0, attempt: 1, idempotencyKey: "r:1:t:1", confidence: 0.8, startMs: 0, expectedDurationMs: 10 },
      ...{ predicted: { durationMs: 10, p95Ms: 15, successProbability: 0.9 }, timeoutMs: 5_000 },
      heuristicsApplied: [],
    };
    expect(await executor.execute(request, new AbortController().signal)).toMatchObject({
      ...{ succeeded: false, errorKind: "agent", cost: 0 },
      errorMessage: "the command could not be started: spawn phase19-nosuch ENOENT",
    });
  });
});
