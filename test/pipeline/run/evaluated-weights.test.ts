import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { LearnedStateDocument } from "../../../src/domain/schemas/learned-state.js";
import { AdaptiveOptimizer } from "../../../src/pipeline/run/adaptive-optimizer.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { evaluateOutcomes } from "../../../src/pipeline/run/evaluate.js";
import { jsonLines, writeScratch } from "../files/scratch.js";
import {
  copyFixture,
  readJson,
  readLines,
  RUN_AT,
  runIn,
  ScriptedExecutor,
  type Row,
} from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

async function planOf(root: string): Promise<ResultDocument> {
  const optimizer = new AdaptiveOptimizer({ now: RUN_AT });
  await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
  return optimizer.optimizeForSuccess();
}

/** Every task of the plan done by H16_001, and failed. */
function failures({ schedule }: ResultDocument): string {
  const rows = schedule.map(({ task_id, agent_id }): Row => ({
    ...{ task_id, agent_id, wave: 1, status: "failed", execution_time_ms: 40, attempts: 1 },
    ...{ heuristics_applied: ["H16_001"], timestamp: "2026-02-01T00:00:00.000Z" },
  }));
  return join(writeScratch({ "task_outcomes.jsonl": jsonLines(rows) }), "task_outcomes.jsonl");
}

describe("weights after a run", () => {
  const expectAgreement = (root: string, weights: Row): void => {
    const state = readJson<LearnedStateDocument>(root, "phase19/learned_state.json");
    expect(state.real.heuristic_weights).toMatchObject(weights);
    expect(readJson(root, "phase19/heuristic_weights.json")).toMatchObject(weights);
    const rows = readLines<{ heuristic_weights: Row }>(root, "phase16/phase19_feedback.jsonl");
    expect(rows.at(-1)!.heuristic_weights).toMatchObject(weights);
  };

  it("are the same in the state, in heuristic_weights.json and for Phase 16, and outcomes known move none", async () => {
    const root = copyFixture("sparse");
    const result = await planOf(root);
    const options = { outcomes: failures(result), outputsDir: root, now: RUN_AT };
    const first = await evaluateOutcomes(result, options);
    expectAgreement(root, { H16_001: 0.95 });
    const second = await evaluateOutcomes(result, { ...options, runId: "looked-at-again" });
    expect(second.runId).not.toBe(first.runId);
    expectAgreement(root, { H16_001: 0.95 });
    const signals = readLines(root, "phase19/learning_signals.jsonl").map(({ feedback_type }) => feedback_type);
    expect(signals).not.toContain("heuristic_update");
  });

  it("move at the end of a live run that was not to learn between its waves", async () => {
    const root = copyFixture("demo");
    const executor = new ScriptedExecutor(() => ({ succeeded: false }));
    await runIn(root, { live: true, executor, solver: "greedy", numWaves: 2, learnBetweenWaves: false });
    expectAgreement(root, { H16_001: 0.95, H16_003: 0.95 });
  });
});
