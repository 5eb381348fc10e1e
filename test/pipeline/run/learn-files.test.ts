import { wholeEvidence } from "../../../src/planner/prediction/remember.js";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { AdaptiveOptimizer } from "../../../src/pipeline/run/adaptive-optimizer.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { EMPTY_STATE } from "../../../src/domain/schemas/learned-state.js";
import { learnedStateText, readLearnedState } from "../../../src/pipeline/files/learned-state.js";
import { evaluateOutcomes } from "../../../src/pipeline/run/evaluate.js";
import { inspectStateFile, learnFiles } from "../../../src/pipeline/run/learn-files.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import { jsonLines } from "../files/scratch.js";
import { copyFixture, readLines, RUN_AT, type Row } from "../../support/pipeline-runs.js";
import { realExecutor } from "./real-outcomes.js";

afterAll(closeSolvers);

it("teaches the same by a run and by evaluate: one wave of real outcomes, from the same state", async () => {
  const root = copyFixture("sparse");
  const [phase16Dir, phase18Dir] = [join(root, "phase16"), join(root, "phase18")];
  const stateOf = (name: string): string => join(root, `${name}.json`);
  // No outcomes lie here yet: nothing is learned, and no file is begun.
  const nothing = await learnFiles({ stateFile: stateOf("run"), phase18Dir, now: () => RUN_AT });
  expect(nothing).toMatchObject({ action: "unchanged", message: "nothing to learn: no history file holds an outcome" });
  await expect(inspectStateFile(stateOf("run"))).rejects.toThrow("does not exist");
  for (const name of ["run", "evaluate"]) writeFileSync(stateOf(name), learnedStateText(EMPTY_STATE));
  const common = { outputsDir: root, now: RUN_AT };
  const outDir = join(root, "run19");
  const options = { ...common, outDir, live: true, numWaves: 1, maxRetries: 0, solver: "greedy" as const };
  const allTasks = readLines(root, "phase16/planned_tasks.jsonl");
  const approved = allTasks.map(({ task_id: taskId }) => String(taskId));
  await new Phase19Harness({
    ...{ ...options, approved, executor: realExecutor(), stateFile: stateOf("run") },
  }).runPhase19();

  const agents = ["agent_0", "agent_1", "agent_2", "agent_3"];
  const confidenceOf = new Map(allTasks.map((task) => [task["task_id"], task["confidence"]]));
  const files = agents.map((agentId) => join(outDir, `wave_1/${agentId}/execution_outcomes.jsonl`));
  const rows = files.filter((file) => existsSync(file)).flatMap((file): Row[] => readLines(file));
  expect(rows.length).toBeGreaterThan(4);
  const reported = rows.map(({ task_id, agent_id, status, confidence_delta, execution_time_ms, timestamp }) => ({
    ...{ task_id, agent_id, wave: 1, attempts: 1, confidence_delta, execution_time_ms, timestamp },
    ...{ status: status === "completed" ? "success" : "failed", confidence_before: confidenceOf.get(task_id) },
  }));
  const outcomes = join(root, "task_outcomes.jsonl");
  writeFileSync(outcomes, jsonLines(reported));
  const optimizer = new AdaptiveOptimizer({ now: RUN_AT });
  await optimizer.loadPhase18Data({ phase16Dir, phase18Dir });
  const plan = await optimizer.optimizeForSuccess();
  await evaluateOutcomes(plan, {
    ...common,
    outcomes,
    outDir: join(root, "evaluated"),
    stateFile: stateOf("evaluate"),
  });

  const run = await readLearnedState(join(outDir, "learned_state.json"));
  const evaluated = await readLearnedState(stateOf("evaluate"));
  expect(evaluated.real.outcomes).toBe(run.real.outcomes);
  const [ofRun, ofReport] = [wholeEvidence(run.real), wholeEvidence(evaluated.real)];
  expect([ofReport.trials, ofReport.log_times]).toEqual([ofRun.trials, ofRun.log_times]);
  const { state } = await inspectStateFile(stateOf("evaluate"));
  expect([state.runs.length, state.outcomes]).toEqual([1, run.real.outcomes]);
});
