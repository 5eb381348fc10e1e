import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { AttemptRequest, AttemptResult, ProcessGroup } from "../../../../src/pipeline/execute/executor.js";
import { createCommandExecutor } from "../../../../src/pipeline/execute/executors/command-executor.js";
import { endGroup, signalGroup } from "../../../../src/pipeline/execute/executors/process-group.js";
import { writeScratch } from "../../files/scratch.js";

const REQUEST: AttemptRequest = {
  ...{ runId: "r", wave: 1, taskId: "t", task: { task_id: "t" }, taskType: null, riskLevel: "LOW", agentId: "a" },
  ...{ slot: 0, attempt: 1, idempotencyKey: "r:1:t:1", confidence: 0.8, startMs: 0, expectedDurationMs: 10 },
  ...{ predicted: { durationMs: 10, p95Ms: 15, successProbability: 0.9 }, timeoutMs: 5_000, heuristicsApplied: [] },
};

interface Asked {
  readonly signal?: AbortSignal;
  readonly environment?: NodeJS.ProcessEnv;
  readonly onGroup?: (group: ProcessGroup) => void;
}

/** One attempt by a shell script; a KILL follows a TERM after 200 ms. */
function run(commandLine: string, { signal, onGroup, ...settings }: Asked = {}): Promise<AttemptResult> {
  const executor = createCommandExecutor({ kind: "shell", commandLine, killAfterMs: 200, ...settings });
  return executor.execute(REQUEST, signal ?? new AbortController().signal, {
    started: (group) => onGroup?.(group),
    waiting: () => undefined,
  });
}

describe("a command", () => {
  it("that exits 0 without an answer has succeeded, with its last line as output", async () => {
    expect(await run("cat >/dev/null; echo one; echo two")).toEqual({ succeeded: true, output: "two" });
    expect(await run("true")).toEqual({ succeeded: true, output: null });
  });

  it.each<[string, string, object]>([
    ["exits otherwise", "echo oops >&2; exit 3", { errorKind: "task", errorMessage: "exit 3: oops" }],
    ["is not there", "no-such-program-here", { errorKind: "agent" }],
    ["is killed", "kill -9 $$", { errorKind: "agent", errorMessage: "was ended by SIGKILL" }],
    ["says success and exits 1", `echo '{"status": "success"}'; exit 1`, { errorKind: "task", errorMessage: "exit 1" }],
    [
      "answers failed and exits 1",
      `echo '{"status": "failed", "error_kind": "agent"}'; exit 1`,
      { errorKind: "agent" },
    ],
  ])("that %s has failed", async (_, commandLine, expected) => {
    expect(await run(commandLine)).toMatchObject({ succeeded: false, ...expected });
  });

  it.each([
    ["is not JSON", "echo '{status: 1'", /is not JSON/],
    ["is too long", "head -c 2000000 /dev/zero | tr '\\0' x", /longer than 1 MiB/],
  ])("whose answer %s could not make the attempt", async (_, commandLine, message) => {
    await expect(run(commandLine)).rejects.toThrow(message);
  });

  it("that writes 100 MB to both outputs costs no memory and is heard all the same", async () => {
    const noise = "head -c 100000000 /dev/zero | tr '\\0' '\\n'";
    const before = process.memoryUsage().rss;
    expect(await run(`${noise}; ${noise} >&2; echo '{"status": "success"}'`)).toMatchObject({ succeeded: true });
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  }, 30_000);

  it("that is told to stop gets TERM, then KILL, with every child of it", async () => {
    const scratch = writeScratch({});
    const marks = { told: join(scratch, "told"), late: join(scratch, "late") };
    const abort = new AbortController();
    const ended = run(
      `trap 'touch ${marks.told}' TERM; (trap '' TERM; sleep 2; touch ${marks.late}) & while :; do sleep 0.05; done`,
      {
        signal: abort.signal,
        onGroup: () => setTimeout(() => abort.abort(), 300),
      },
    );
    // Not an answer: the attempt is made again, and nothing is held against the agent.
    await expect(ended).rejects.toThrow("aborted");
    expect(existsSync(marks.told)).toBe(true);
    await sleep(2_000);
    expect(existsSync(marks.late)).toBe(false);
  }, 15_000);

  it("leaves nothing running once it has answered", async () => {
    const late = join(writeScratch({}), "late");
    await run(`(sleep 1; touch ${late}) & echo '{"status": "success"}'`);
    await sleep(1_200);
    expect(existsSync(late)).toBe(false);
  });

  it("sees of our environment what is listed, and the key of the attempt", async () => {
    const environment = { PATH: process.env["PATH"], SECRET: "s3cret", PHASE19_TOKEN: "given", LC_ALL: "C" };
    const { output } = await run("env | tr '\\n' ' '", { environment });
    expect(output).not.toContain("s3cret");
    for (const word of ["PHASE19_TOKEN=given", "PHASE19_ATTEMPT=r:1:t:1", "LC_ALL=C"]) expect(output).toContain(word);
  });

  it("of an earlier process is ended by its group, and a stranger of the same number is left alone", async () => {
    const scratch = writeScratch({});
    const groups: ProcessGroup[] = [];
    const running = run(`echo ready > ${join(scratch, "ready")}; sleep 60`, { onGroup: (group) => groups.push(group) });
    const [group] = groups as [ProcessGroup];
    expect(await endGroup({ ...group, startToken: "1" }, 200)).toBe(false);
    expect(signalGroup(group.id, 0)).toBe(true);
    expect(await endGroup(group, 200)).toBe(true);
    expect(await running).toMatchObject({ succeeded: false, errorKind: "agent" });
    expect(await endGroup(group, 200)).toBe(false);
  });

  it("need not read its request, however long that is", async () => {
    const file = join(writeScratch({}), "size");
    writeFileSync(file, "");
    const executor = createCommandExecutor({ kind: "command", commandLine: "true" });
    const task = { task_id: "t", prompt: "x".repeat(1_000_000) };
    const result = await executor.execute({ ...REQUEST, task }, new AbortController().signal);
    expect(result).toMatchObject({ succeeded: true });
    expect(readFileSync(file, "utf8")).toBe("");
  });
});
