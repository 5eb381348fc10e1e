import { appendFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Phase16Feedback } from "../../src/domain/schemas/phase19-summary.js";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { messageOf, writeScratch } from "../pipeline/files/scratch.js";
import {
  copyFixture,
  readAgentRows,
  readLines,
  readTree,
  runIn,
  ScriptedExecutor,
  smallInputs,
} from "../support/pipeline-runs.js";

afterAll(closeSolvers);

const HISTORY = "phase17/execution_outcomes.jsonl";

describe("defect 8: a re-run appended, and stale folders stayed", () => {
  it("three runs in a row leave the rows and folders of the last one", async () => {
    const root = copyFixture("demo");
    for (const seed of [1, 2]) await runIn(root, { solver: "greedy", numWaves: 2, seed });
    const { outDir } = await runIn(root, { solver: "greedy", numWaves: 1 });
    expect(readLines(outDir, "schedule_comparisons.jsonl").map(({ wave }) => wave)).toEqual([1]);
    expect(readLines(outDir, "metrics.jsonl")).toHaveLength(5);
    expect(readAgentRows(outDir, "scheduled_tasks.jsonl")).toHaveLength(12);
    expect(existsSync(join(outDir, "wave_2"))).toBe(false);
  });
});

describe("defect 10: feedback went to a path relative to the working directory, with constants", () => {
  it("lands in the configured directories, with the performance that was measured", async () => {
    const root = copyFixture("demo");
    const [from16, from18] = [join(root, "phase16"), join(root, "phase18")];
    const configured = { phase16Dir: from16, phase18Dir: from18, outDir: join(root, "elsewhere") };
    const isInCwd = existsSync("outputs");
    const executor = new ScriptedExecutor(({ attempt }) => ({ succeeded: attempt > 1 }));
    const { outDir, runId } = await runIn(writeScratch({}), { ...configured, live: true, executor, solver: "greedy" });
    expect(existsSync("outputs")).toBe(isInCwd);
    const [row] = readLines<Phase16Feedback>(from16, "phase19_feedback.jsonl");
    expect(row!.run_id).toBe(runId);
    expect(readLines(from18, "phase19_feedback.jsonl")).toHaveLength(1);
    const attempts = readAgentRows<{ status: string; heuristics_applied: string[] }>(
      outDir,
      "execution_outcomes.jsonl",
    );
    for (const [id, { applications, successes, success_rate }] of Object.entries(row!.heuristic_performance)) {
      const own = attempts.filter(({ heuristics_applied }) => heuristics_applied.includes(id));
      expect([id, applications, successes]).toEqual([
        id,
        own.length,
        own.filter(({ status }) => status === "completed").length,
      ]);
      expect(success_rate).toBeCloseTo(successes / applications, 12);
      expect(row!.heuristic_weights[id]).toBe(success_rate! >= 0.8 ? 1.05 : success_rate! <= 0.6 ? 0.95 : 1);
    }
    expect(Object.keys(row!.heuristic_performance)).toContain("H16_003");
  });
});

describe("defect 12: one corrupt line aborted everything, duplicates ran twice, a missing id got two names", () => {
  it("a corrupt history line is skipped and named; the run goes on", async () => {
    const root = copyFixture("demo");
    const numRows = readLines(root, HISTORY).length;
    appendFileSync(join(root, HISTORY), '{"task_id": "half\n');
    const { summary } = await runIn(root, { solver: "greedy", numWaves: 1 });
    const { skipped, files } = summary!.inputs;
    expect(skipped).toHaveLength(1);
    expect(skipped[0]!.place).toContain(`execution_outcomes.jsonl:${numRows + 1}`);
    expect(files.find(({ file }) => file === HISTORY)).toMatchObject({ skipped: 1 });
    expect(summary!.tasks.total).toBe(12);
  });

  it("too many of them stop the run before anything is written", async () => {
    const root = copyFixture("demo");
    const text = readFileSync(join(root, HISTORY), "utf8");
    writeFileSync(join(root, HISTORY), text.replaceAll('"status":"success"', '"status":"fine"'));
    const before = readTree(root);
    expect(await messageOf(() => runIn(root))).toContain("5 %");
    expect(readTree(root)).toEqual(before);
  });

  it("a duplicate id is refused, and names both lines", async () => {
    const root = smallInputs([{ task_id: "t" }, { task_id: "u" }, { task_id: "t" }]);
    const message = await messageOf(() => runIn(root));
    expect(message).toContain("planned_tasks.jsonl:3: task_id");
    expect(message).toContain("planned_tasks.jsonl:1");
    expect(existsSync(join(root, "phase19"))).toBe(false);
  });

  it("a missing id is an error", async () => {
    const root = smallInputs([{ task_id: "t" }, {}]);
    expect(await messageOf(() => runIn(root))).toMatch(/planned_tasks\.jsonl:2: task_id/);
    expect(existsSync(join(root, "phase19"))).toBe(false);
  });
});
