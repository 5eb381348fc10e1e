import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it, vi } from "vitest";
import type { Row } from "./support/pipeline-runs.js";
import { readAgentRows, readJson, smallInputs } from "./support/pipeline-runs.js";
import { runRecorded } from "./faces/cli/recorded-environment.js";
import { ROOT } from "./source-files.js";

/** The agents in `examples/` run a plan. */

const TASKS: readonly Row[] = [
  { task_id: "t0", prompt: "hello" },
  { task_id: "t1", prompt: "world; rm -rf $HOME" },
  { task_id: "t2", prompt: 5 },
  { task_id: "t3", wave: 2 },
];

async function runLive(
  execute: string,
  rows: readonly Row[] = TASKS,
): Promise<{ readonly attempts: Row[]; readonly tasks: unknown }> {
  const outputs = smallInputs(rows);
  const ran = await runRecorded(["run", "--outputs", outputs, "--live", "--execute", execute, "--solver", "greedy"]);
  const note = expect.stringContaining("planned times in wave 1 were partly or wholly the default") as string;
  expect([ran.exitCode, ran.stderr]).toEqual([0, [note]]);
  const { tasks } = readJson<{ tasks: unknown }>(outputs, "phase19/phase19_summary.json");
  const attempts = readAgentRows(`${outputs}/phase19`, "execution_outcomes.jsonl");
  return { tasks, attempts: attempts.sort((a, b) => (String(a["task_id"]) < String(b["task_id"]) ? -1 : 1)) };
}

describe("examples", () => {
  it("agent.py runs each attempt as a command", async () => {
    const { tasks, attempts } = await runLive(`command:python3 ${ROOT}/examples/agent.py`);
    expect(tasks).toMatchObject({ completed: 3, failed: 1, deferred: 0, retries: 0 });
    expect(attempts.map(({ status, output, error_kind }) => [status, output, error_kind])).toEqual([
      ["completed", "HELLO", null],
      ["completed", "WORLD; RM -RF $HOME", null],
      ["failed", null, "task"],
      ["completed", "T3", null],
    ]);
    expect(attempts[0]).toMatchObject({ cost: 0.01, execution: "real" });
  });

  it("agent-service.mjs answers attempts over HTTP", async () => {
    await withService("agent-service.mjs", async (port) => {
      const { tasks, attempts } = await runLive(`http://127.0.0.1:${port}/attempt`);
      expect(tasks).toMatchObject({ completed: 4, failed: 0 });
      expect(attempts[0]!["output"]).toMatch(/^agent_\d did t0$/);
    });
  });

  it("llm-agent.mjs asks a model for each attempt, here llm-stub.mjs", async () => {
    await withService("llm-stub.mjs", async (port) => {
      vi.stubEnv("PHASE19_LLM_URL", `http://127.0.0.1:${port}/v1`);
      const execute = `command:${process.execPath} ${ROOT}/examples/llm-agent.mjs`;
      const rows = [
        { task_id: "t0", prompt: "two words" },
        { task_id: "t1", prompt: "forbidden" },
      ] as const;
      const { attempts } = await runLive(execute, rows);
      expect(attempts).toMatchObject([
        { status: "completed", output: "sdrow owt", cost: 0.000008 },
        { status: "failed", error_kind: "task", error_message: expect.stringContaining("HTTP 400") as string },
      ]);
    });
    vi.unstubAllEnvs();
  });
});

/** Runs an example that serves, on a free port. */
async function withService(example: string, use: (port: string) => Promise<void>): Promise<void> {
  const service = spawn(process.execPath, [`${ROOT}/examples/${example}`, "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const [line] = (await once(service.stdout, "data")) as [Buffer];
    await use(/\d+/.exec(line.toString("utf8"))![0]);
  } finally {
    service.kill();
  }
}
