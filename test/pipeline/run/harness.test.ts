import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { METRIC_NAMES } from "../../../src/domain/monitoring.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { InputError } from "../../../src/domain/errors.js";
import type { ProblemInput } from "../../../src/domain/inputs.js";
import { pageOfFolder } from "../../../src/pipeline/report/page/page-of-folder.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import type { RunOptions } from "../../../src/pipeline/run/options.js";
import type { RunOutcome } from "../../../src/pipeline/run/outcome.js";
import { messageOf, writeScratch } from "../files/scratch.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { AGENT_FILES, PLANNED_FILES, ROOT_FILES, WAVE_FILES } from "../../support/output-layout.js";
import {
  copyFixture,
  readAgentRows,
  readJson,
  readLines,
  readTree,
  RUN_AT,
  runIn,
  ScriptedExecutor,
  smallInputs,
} from "../../support/pipeline-runs.js";
import { readAsPhase20 } from "../../support/read-as-phase-20.js";

afterAll(closeSolvers);

const open: Phase19Harness[] = [];
afterEach(() => Promise.all(open.splice(0).map((harness) => harness.close())));

/** A harness that has learned its history and stands before its first wave. */
async function ready(root: string, options: RunOptions = {}): Promise<Phase19Harness> {
  const harness = new Phase19Harness({ outputsDir: root, now: RUN_AT, ...options });
  open.push(harness);
  await harness.loadPhase18Data();
  await harness.initializeOptimizer();
  return harness;
}

const threeTasks = () => smallInputs([{ task_id: "a" }, { task_id: "b" }, { task_id: "c", depends_on: ["a"] }]);

describe("Phase19Harness, step by step", () => {
  it("test_harness_initialization: reads nothing, and refuses what no run could mean", async () => {
    const nowhere = new Phase19Harness({ outputsDir: join(writeScratch({}), "nowhere") });
    expect(await messageOf(() => nowhere.loadPhase18Data())).toContain("planned_tasks.jsonl");
    expect(await messageOf(() => new Phase19Harness().initializeOptimizer())).toContain("call loadPhase18Data first");
    expect(() => new Phase19Harness().applySafetyGates(1)).toThrow(InputError);
    expect(await messageOf(() => new Phase19Harness({ live: true }))).toContain("executor");
    expect(await messageOf(() => new Phase19Harness({ numWaves: 0 }))).toContain("options.numWaves");
    expect(await messageOf(() => new Phase19Harness({ strateggy: "mix" } as RunOptions))).toContain('"strategy"');
  });

  it("test_load_phase18_data: counts what it found and writes nothing", async () => {
    const root = copyFixture("demo");
    const before = readTree(root);
    const counts = await new Phase19Harness({ outputsDir: root }).loadPhase18Data();
    expect(counts).toMatchObject({ agents_loaded: 4, tasks_loaded: 36 });
    expect(counts.outcomes_loaded).toBeGreaterThan(40);
    expect(counts.signals_loaded).toBe(readLines(root, "phase18/learning_signals.jsonl").length);
    expect(readTree(root)).toEqual(before);
  });

  it("test_optimize_wave: plans the tasks the gate let through, and those alone", async () => {
    const root = smallInputs([{ task_id: "sure" }, { task_id: "unsure", confidence: 0.4 }]);
    const harness = await ready(root, { gate: "live" });
    const gated = harness.applySafetyGates(1);
    const plan = await harness.optimizeWave(gated, harness.chooseStrategy(1));
    expect([...gated.approvedIds]).toEqual(["sure"]);
    expect(plan).toMatchObject({ wave: 1, strategy: "maximize_success" });
    expect(plan.result.termination).toBe("optimal");
    expect(harness.applyScheduler(plan).map(({ taskId }) => taskId)).toEqual(["sure"]);
    expect(plan.result.schedule.map(({ task_id }) => task_id)).toEqual(["sure"]);
  });

  it("test_execute_wave_dry_run: simulated attempts within the plan, no executor of the caller's asked", async () => {
    const harness = await ready(threeTasks());
    const plan = await harness.optimizeWave(harness.applySafetyGates(1), harness.chooseStrategy(1));
    const ran = await harness.executeWave(plan);
    expect(ran.wasAborted).toBe(false);
    expect(ran.tasks.length + ran.deferrals.length).toBe(3);
    const again = await harness.executeWave(plan);
    expect(again.tasks).toEqual(ran.tasks);
    const [a, c] = ["a", "c"].map((id) => ran.tasks.find(({ taskId }) => taskId === id)!);
    expect(c!.startMs).toBeGreaterThanOrEqual(a!.endMs);
    for (const task of ran.tasks) expect(task.attempts.length).toBeLessThanOrEqual(3);
  });

  it("test_generate_feedback: the optimizer's own prediction against what happened", async () => {
    const executor = new ScriptedExecutor(({ taskId }) => ({ succeeded: taskId !== "b" }));
    const harness = await ready(threeTasks(), { live: true, executor });
    const gated = harness.applySafetyGates(1);
    const plan = await harness.optimizeWave(gated, harness.chooseStrategy(1));
    const record = harness.settle(plan, gated, await harness.executeWave(plan), "as asked");
    const comparison = harness.generateFeedback(record);
    expect(comparison).toMatchObject({ wave: 1, execution: "real", actual_success_rate: 2 / 3 });
    // With the chances of what tasks wait for, as the result expects it.
    const planned = plan.result.expected.success_rate!;
    expect(comparison.planned_success_rate).toBeCloseTo(planned, 12);
    expect(comparison.success_accuracy).toBeCloseTo(1 - Math.abs(planned - 2 / 3), 12);
  });

  it("test_monitor_optimization: five metrics of the wave, and no anomaly where all went as planned", async () => {
    const harness = await ready(threeTasks());
    const gated = harness.applySafetyGates(1);
    const plan = await harness.optimizeWave(gated, harness.chooseStrategy(1));
    const record = harness.settle(plan, gated, await harness.executeWave(plan), "as asked");
    const { metrics, newAnomalies } = harness.monitorOptimization(record);
    expect(metrics.map(({ metric_name }) => metric_name)).toEqual(METRIC_NAMES);
    const accuracy = metrics.find(({ metric_name }) => metric_name === "schedule_accuracy")!;
    expect(accuracy.value).toBeCloseTo(harness.generateFeedback(record).success_accuracy!, 12);
    expect(newAnomalies).toEqual([]);
  });
});

describe("Phase19Harness, all in one", () => {
  let outcome: RunOutcome;
  beforeAll(async () => {
    outcome = await runIn(copyFixture("demo"));
  });

  it("test_run_phase19_complete_pipeline: every task of every wave ends, and the next phases can read it", () => {
    const { summary, waves, outDir, warnings } = outcome;
    expect(warnings).toEqual([]);
    expect(summary).toMatchObject({ phase: 19, partial: false, execution: "simulated", waves_optimized: 3 });
    expect(summary!.tasks).toMatchObject({ total: 36 });
    expect(waves.map(({ wave, total_tasks }) => [wave, total_tasks])).toEqual([
      [1, 12],
      [2, 12],
      [3, 12],
    ]);
    const view = readAsPhase20(outDir);
    expect(view.tasks.size).toBe(summary!.tasks.completed + summary!.tasks.failed);
    expect(view.successRate).toBeCloseTo(summary!.tasks.completed / view.tasks.size, 12);
  });

  it("test_output_files_generated: every file of the contract, valid, for each wave and agent", () => {
    const { outDir } = outcome;
    expect(checkOutputs(outDir)).toEqual([]);
    const expected = [
      ...Object.keys(ROOT_FILES),
      ...[1, 2, 3].flatMap((wave) => [
        ...Object.keys({ ...WAVE_FILES, ...PLANNED_FILES }).map((name) => `wave_${wave}/${name}`),
        ...[0, 1, 2, 3].flatMap((k) => Object.keys(AGENT_FILES).map((name) => `wave_${wave}/agent_${k}/${name}`)),
      ]),
    ];
    expect([...readTree(outDir).keys()].sort()).toEqual(expected.sort());
    expect(readAgentRows(outDir, "scheduled_tasks.jsonl")).toHaveLength(outcome.summary!.tasks.total);
    expect(existsSync(`${outDir}.lock`)).toBe(false);
  });

  it("leaves each wave's problem, from which its plan is made again", async () => {
    const { outDir } = outcome;
    const planned = readJson<Record<string, object>>(outDir, "agent_assignments.json");
    const again = await solve(readJson<ProblemInput>(outDir, "wave_2", "problem.json"));
    expect(again.agent_assignments).toEqual(planned["2"]);
    const { waves } = await pageOfFolder(outDir);
    expect(waves.map(({ problem_file: file }) => file)).toEqual([1, 2, 3].map((wave) => `wave_${wave}/problem.json`));
  });
});
