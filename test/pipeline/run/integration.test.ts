import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { Phase16Feedback, Phase18Feedback } from "../../../src/domain/schemas/phase19-summary.js";
import type { LearnedStateDocument } from "../../../src/domain/schemas/learned-state.js";
import { AdaptiveOptimizer } from "../../../src/pipeline/run/adaptive-optimizer.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { checkOutputs } from "../../support/check-outputs.js";
import {
  copyFixture,
  readAgentRows,
  readJson,
  readLines,
  runIn,
  ScriptedExecutor,
} from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

interface PlannedRow {
  readonly task_id: string;
  readonly agent_id: string;
  readonly wave: number;
  readonly predicted_success_probability: number;
}

/** A world in which everything one agent does fails. */
const failing = (failingId: string) =>
  new ScriptedExecutor(({ agentId }) => ({ succeeded: agentId !== failingId, confidenceDelta: 0.01 }));

/** Tasks planned on an agent in waves 2 and 3. */
const laterLoad = (outDir: string, agentId: string) =>
  readAgentRows<PlannedRow>(outDir, "planned_tasks.jsonl").filter((row) => row.wave > 1 && row.agent_id === agentId)
    .length;

describe("from the files of Phases 16 to 18 to those of Phase 19, and back", () => {
  it("test_end_to_end_optimization: a run plans what the optimizer plans, and every task ends as its attempts say", async () => {
    const root = copyFixture("sparse");
    const optimizer = new AdaptiveOptimizer({ seed: 3 });
    await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
    const result = await optimizer.optimizeForSuccess();
    expect(result.termination).toBe("optimal");
    expect(result.objective.value).toBeLessThanOrEqual(result.objective.bound! + 1e-9);

    const { outDir, summary } = await runIn(root, { seed: 3 });
    expect(checkOutputs(outDir)).toEqual([]);
    const planned = readAgentRows<PlannedRow>(outDir, "planned_tasks.jsonl");
    const inRun = Object.fromEntries(planned.map((row) => [row.task_id, row.agent_id]));
    const alone = result.schedule.map(({ task_id, agent_id }) => [task_id, agent_id] as const);
    expect(inRun).toEqual(Object.fromEntries(alone));
    expect(summary!.tasks).toMatchObject({ total: 8, deferred: 0 });
    const final = readAgentRows<{ task_id: string; status: string }>(outDir, "scheduled_tasks.jsonl");
    const attempts = readAgentRows<{ task_id: string; status: string }>(outDir, "execution_outcomes.jsonl");
    expect(final.map(({ task_id }) => task_id).sort()).toEqual(Object.keys(inRun).sort());
    for (const { task_id, status } of final) {
      expect(attempts.filter((row) => row.task_id === task_id).at(-1)!.status).toBe(status);
    }
    expect(readLines(root, "phase18/phase19_feedback.jsonl")).toHaveLength(1);
  });

  it("test_feedback_loop_integration: real failures move later waves, the weights, and the next run", async () => {
    const agentId = "agent_2";
    const undisturbed = await runIn(copyFixture("demo"), { solver: "greedy" });
    const expected = laterLoad(undisturbed.outDir, agentId);
    const root = copyFixture("demo");
    const first = await runIn(root, { live: true, executor: failing(agentId), solver: "greedy" });
    expect(checkOutputs(first.outDir)).toEqual([]);
    expect(laterLoad(first.outDir, agentId)).toBeLessThan(expected);

    const [to16] = readLines<Phase16Feedback>(root, "phase16/phase19_feedback.jsonl");
    const [to18] = readLines<Phase18Feedback>(root, "phase18/phase19_feedback.jsonl");
    expect(to16).toMatchObject({ type: "phase19_heuristic_update", run_id: first.runId, execution: "real" });
    expect(to16!.heuristic_weights).toEqual(readJson(first.outDir, "heuristic_weights.json"));
    const judged = to18!.agent_performance[agentId]!;
    expect(judged.actual_success_rate).toBe(0);
    expect(judged.planned_success_rate).toBeGreaterThan(0.5);

    const state = readJson<LearnedStateDocument>(first.outDir, "learned_state.json");
    expect(state.runs).toEqual([
      { run_id: first.runId, outcomes: first.summary!.tasks.completed + first.summary!.tasks.failed },
    ]);
    // One more outcome in the history makes it another run, which starts from what this one learned.
    const history = join(root, "phase17/execution_outcomes.jsonl");
    appendFileSync(history, `${JSON.stringify({ ...readLines(history)[0], task_id: "wave1_task12" })}\n`);
    const second = await runIn(root, { solver: "greedy" });
    expect(second.runId).not.toBe(first.runId);
    expect(laterLoad(second.outDir, agentId)).toBeLessThan(expected);
    expect(readJson<LearnedStateDocument>(second.outDir, "state_before.json").real).toEqual(state.real);
  });
});
