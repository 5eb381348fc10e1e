import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { AdaptiveOptimizer } from "../../../src/pipeline/run/adaptive-optimizer.js";
import { evaluateOutcomes, type EvaluateOptions } from "../../../src/pipeline/run/evaluate.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { copyFixture, readJson, readLines, RUN_AT, type Row } from "../../support/pipeline-runs.js";
import { readAsPhase20 } from "../../support/read-as-phase-20.js";
import { jsonLines } from "../files/scratch.js";

afterAll(closeSolvers);

const WAVES = [1, 2, 3];
let root = "";
const plans = new Map<number, ResultDocument>();
beforeEach(async () => {
  root = copyFixture("demo");
  const optimizer = new AdaptiveOptimizer({ now: RUN_AT, solver: "greedy" });
  await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
  for (const wave of WAVES) plans.set(wave, await optimizer.optimizeForSuccess({ wave }));
});

/** Evaluates a wave of which every `failing`th task failed. */
function evaluate(wave: number, options: Partial<EvaluateOptions> = {}, failing = 5): Promise<{ runId: string }> {
  const result = plans.get(wave)!;
  const rows = result.schedule.map(({ task_id, agent_id, start_ms, end_ms }, k): Row => ({
    ...{ task_id, agent_id, wave, status: k % failing === 0 ? "failed" : "success", attempts: 1 },
    ...{ execution_time_ms: end_ms - start_ms, heuristics_applied: ["H16_001"] },
  }));
  const outcomes = join(root, `outcomes-${wave}.jsonl`);
  writeFileSync(outcomes, jsonLines(rows));
  return evaluateOutcomes(result, { outcomes, outputsDir: root, now: RUN_AT, ...options });
}

const treeOf = (name: string): string => readFileSync(join(root, "phase19", name), "utf8");

describe("evaluated waves", () => {
  it("come together in one tree, which Phase 20 reads whole", async () => {
    const [first, ...later] = [await evaluate(1), await evaluate(2), await evaluate(3)];
    expect(later.map(({ runId }) => runId)).toEqual([first.runId, first.runId]);
    expect(checkOutputs(join(root, "phase19"))).toEqual([]);
    const numTasks = WAVES.reduce((sum, wave) => sum + plans.get(wave)!.schedule.length, 0);
    const view = readAsPhase20(join(root, "phase19"));
    expect([view.tasks.size, view.numTaskFiles]).toEqual([numTasks, 12]);
    expect(view.accuracy).toBeGreaterThan(0.6);
    expect(readLines<{ wave: number }>(root, "phase19/schedule_comparisons.jsonl").map(({ wave }) => wave)).toEqual(
      WAVES,
    );
    for (const metric of readLines(root, "phase19/metrics.jsonl").filter(({ waves }) => waves !== 0)) {
      expect(metric).toMatchObject({ waves: 3 });
    }
    expect(readJson(root, "phase19/learned_state.json")).toMatchObject({
      real: { outcomes: numTasks },
      runs: [{ run_id: first.runId, outcomes: numTasks }],
    });
    expect(readJson(root, "phase19/state_before.json")).toMatchObject({ run_id: null, real: { outcomes: 0 } });
  });

  it("say the same in whatever order they are evaluated, and again", async () => {
    for (const wave of WAVES) await evaluate(wave, { runId: "mine" });
    const files = ["learned_state.json", "metrics.jsonl", "learning_signals.jsonl", "phase19_summary.json"];
    const before = files.map((name) => JSON.parse(JSON.stringify(treeOf(name))) as string);
    await evaluate(2, { runId: "mine" }, 2);
    expect(treeOf("metrics.jsonl")).not.toBe(before[1]);
    for (const wave of [2, 1, 3]) await evaluate(wave, { runId: "mine" });
    expect(files.map(treeOf)).toEqual(before);
  });

  it("have a feedback row each, and one again where a wave is evaluated again", async () => {
    for (const wave of [1, 2, 1]) await evaluate(wave);
    for (const phase of ["phase16", "phase18"]) {
      expect(readLines(root, `${phase}/phase19_feedback.jsonl`).map(({ wave }) => wave)).toEqual([1, 2]);
    }
    const agents = readLines<{ agent_performance: Record<string, { tasks: number }> }>(
      root,
      "phase18/phase19_feedback.jsonl",
    );
    const counts = agents.map((row) => Object.values(row.agent_performance).reduce((sum, { tasks }) => sum + tasks, 0));
    expect(counts).toEqual([1, 2].map((wave) => plans.get(wave)!.schedule.length));
  });

  it("go on with a state file that learned something else since, and nothing is learned twice", async () => {
    const stateFile = join(root, "state.json");
    await evaluate(1, { stateFile });
    const other = join(root, "other");
    cpSync(join(root, "phase16"), join(other, "phase16"), { recursive: true });
    await evaluate(2, { stateFile, outputsDir: other });
    await evaluate(3, { stateFile });
    const count = (waves: number[]): number => waves.reduce((sum, wave) => sum + plans.get(wave)!.schedule.length, 0);
    expect(readJson(root, "state.json")).toMatchObject({ real: { outcomes: count(WAVES) } });
    expect(readLines(root, "phase19/schedule_comparisons.jsonl")).toHaveLength(2);
    await evaluate(1, { stateFile });
    expect(readJson(root, "state.json")).toMatchObject({ real: { outcomes: count(WAVES) } });
  });

  it("begin a new tree under another name", async () => {
    await evaluate(1);
    await evaluate(2, { runId: "another" });
    expect(readLines(root, "phase19/schedule_comparisons.jsonl")).toMatchObject([{ wave: 2 }]);
  });

  it("are refused where the tree was changed by hand", async () => {
    await evaluate(1);
    writeFileSync(
      join(root, "phase19/evaluated_waves.jsonl"),
      treeOf("evaluated_waves.jsonl").replace("agent_0", "agent_1"),
    );
    await expect(evaluate(2)).rejects.toThrow("evaluated_waves.jsonl:1: is not what evaluate wrote");
  });
});
