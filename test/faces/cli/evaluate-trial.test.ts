import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/result.js";
import { jsonLines } from "../../pipeline/files/scratch.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { copyFixture, readDocument, readRows } from "../../support/fixture-copies.js";
import { runRecorded } from "./recorded-environment.js";

const NOW = ["--now", "2026-01-03T00:00:00Z"];
let root = "";
let plan = "";
let result: ResultDocument;
beforeEach(async () => {
  root = copyFixture("sparse");
  plan = join(dirname(root), "result.json");
  const places = ["--phase18", join(root, "phase18"), "--phase16", join(root, "phase16"), "--wave", "1"];
  const solved = await runRecorded(["solve", "--strategy", "maximize_success", "--solver", "greedy", ...places]);
  result = JSON.parse(solved.stdout) as ResultDocument;
  writeFileSync(plan, solved.stdout);
});

/** What Phase 18 would report: the second task failed. */
const reported = () =>
  result.schedule.map(({ task_id, agent_id, start_ms, end_ms }, k) => ({
    ...{ task_id, agent_id, wave: 1, status: k === 1 ? "failed" : "success", attempts: 1 + (k % 2) },
    ...{ execution_time_ms: end_ms - start_ms, confidence_delta: 0.02, timestamp: "2026-01-02T00:00:00Z" },
  }));

function report(rows: readonly object[]): string {
  const file = join(dirname(root), "outcomes.jsonl");
  writeFileSync(file, jsonLines(rows));
  return file;
}

const evaluate = (outcomes: string, ...words: string[]) =>
  runRecorded(["evaluate", plan, "--outcomes", outcomes, "--outputs", root, ...NOW, ...words]);
const out = (): string => join(root, "phase19");
const learned = (file = join(out(), "learned_state.json")) =>
  readDocument(file) as { real: { outcomes: number }; runs: unknown[] };

const GATE_NOTE = "phase19: 2 tasks ran that the live gate would have held back: task_2, task_7";

describe("evaluate", () => {
  it("writes every file of a run, with outcomes that have times and ones that have none", async () => {
    for (const rows of [reported(), reported().map((row) => ({ ...row, execution_time_ms: null }))]) {
      const { stdout, stderr, exitCode } = await evaluate(report(rows));
      expect([stderr, exitCode]).toEqual([[GATE_NOTE], 0]);
      expect(checkOutputs(out())).toEqual([]);
      const numTasks = result.schedule.length;
      const { tasks, execution } = JSON.parse(stdout) as Record<string, unknown>;
      expect(tasks).toMatchObject({ total: numTasks, completed: numTasks - 1, failed: 1, deferred: 0 });
      expect(execution).toBe("real");
      expect(readDocument(join(out(), "wave_1/wave_summary.json"))).toMatchObject({ total_tasks: numTasks });
    }
  });

  it("learns each outcome once, be it evaluated twice and then read by a run", async () => {
    const folder = join(root, "phase18/wave_1");
    for (const agentId of new Set(reported().map(({ agent_id }) => agent_id))) {
      mkdirSync(join(folder, agentId), { recursive: true });
      const own = reported().filter(({ agent_id }) => agent_id === agentId);
      writeFileSync(join(folder, agentId, "task_outcomes.jsonl"), jsonLines(own));
    }
    await evaluate(folder);
    expect(learned()).toMatchObject({ real: { outcomes: result.schedule.length } });
    await evaluate(folder, "--run-id", "again");
    const { stdout } = await runRecorded(["run", "--outputs", root, "--solver", "greedy", ...NOW]);
    expect(learned()).toMatchObject({ real: { outcomes: result.schedule.length } });
    const { files } = (JSON.parse(stdout) as { inputs: { files: { rows: number; known_rows: number }[] } }).inputs;
    expect(files.reduce((sum, file) => sum + file.known_rows, 0)).toBe(result.schedule.length);
  });

  it("begins a state file and goes on with it", async () => {
    const state = join(dirname(root), "state.json");
    await evaluate(report(reported()), "--state", state);
    expect(learned(state)).toMatchObject({ real: { outcomes: result.schedule.length } });
    expect((await evaluate(report(reported()), "--state", state)).exitCode).toBe(0);
    expect(learned(state)).toMatchObject({ real: { outcomes: result.schedule.length } });
    expect(learned(state).runs).toHaveLength(1);
  });

  it("counts a task nobody reported on, and names outcomes of strangers", async () => {
    const [, ...rows] = reported();
    const { stdout, stderr } = await evaluate(report([...rows, { ...rows[0], task_id: "stranger" }]));
    expect(stderr).toEqual(["phase19: 1 outcome is of tasks that are not in the plan, and not used", GATE_NOTE]);
    expect(JSON.parse(stdout)).toMatchObject({ tasks: { total: result.schedule.length, deferred: 1 } });
    expect(checkOutputs(out())).toEqual([]);
    expect(readRows(join(out(), "deferred_tasks.jsonl"))).toMatchObject([
      { stage: "unreported", reason: "no outcome was reported" },
    ]);
  });

  it("invents no cause for tasks nobody reported on, and does not call two rows poor", async () => {
    await evaluate(report(reported().slice(0, 2)));
    const report19 = readFileSync(join(out(), "PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8");
    expect(report19).not.toMatch(/predecessor|plan them under maximize_success/);
    expect(report19).toContain(
      `${result.schedule.length - 2} of ${result.schedule.length} tasks of wave 1 were not reported`,
    );
    const health = readDocument(join(out(), "system_health.json"));
    expect(health).toMatchObject({ component_scores: { throughput_efficiency: null } });
    expect(health["health_status"]).not.toBe("POOR");
    expect(readRows(join(out(), "metrics.jsonl")).map(({ status }) => status)).not.toContain("critical");
  });

  it.each<[string, (file: string) => string[], string]>([
    ["a state in no folder", (file) => [file, "--state", "/nowhere/state.json"], "--state: /nowhere/state.json cannot"],
    ["a run id", (file) => [file, "--run-id", "a b"], '--run-id: "a b" is not'],
    ["outcomes twice", () => [report([...reported(), reported()[0]!])], "has an outcome at"],
    ["an agent of no plan", () => [report([{ ...reported()[0], agent_id: "agent_9" }])], "is no agent of the plan; "],
    ["another wave", () => [report([{ ...reported()[0], task_id: "x" }])], "give the outcomes of the same wave"],
    ["nothing", () => [report([])], "holds no outcome of a task that ended; give "],
    ["outcomes it would replace", (file) => [file, "--out", dirname(root), "--replace"], "is or holds"],
    ["events over the outcomes", (file) => [file, "--events", file], "which is read; give another path"],
  ])("refuses %s in one line and writes nothing", async (_, words, line) => {
    const [outcomes, ...options] = words(report(reported())) as [string, ...string[]];
    const { stdout, stderr, exitCode } = await evaluate(outcomes, ...options);
    expect([stdout, stderr.length, exitCode]).toEqual(["", 1, 2]);
    expect(stderr[0]).toContain(line);
    expect(existsSync(out())).toBe(false);
  });
});
