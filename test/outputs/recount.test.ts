import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { AdaptiveOptimizer } from "../../src/pipeline/run/adaptive-optimizer.js";
import { evaluateOutcomes } from "../../src/pipeline/run/evaluate.js";
import { jsonLines } from "../pipeline/files/scratch.js";
import { copyFixture, type Row, RUN_AT, runIn, ScriptedExecutor, smallInputs } from "../support/pipeline-runs.js";
import { type Inputs } from "../support/recount/figures.js";
import { recountDocuments } from "../support/recount/documents.js";
import { recountReport } from "../support/recount/report.js";
import { readRows } from "../support/recount/rows.js";

/**
 * Every number of the documents, and every sentence with a number of report, alerts and optimization_report.json, is counted
 * again from the rows by code of the tests' own.
 */
afterAll(closeSolvers);

interface TaskRow {
  readonly task_id: string;
  readonly depends_on?: readonly string[];
}

function inputsOf(root: string, isReal: boolean): Inputs {
  const tasks = readRows<TaskRow>(join(root, "phase16/planned_tasks.jsonl"));
  const agents = join(root, "phase18/agents.jsonl");
  const rows = ((): { agent_id: string; slots?: number }[] => {
    try {
      return readRows(agents);
    } catch {
      return [];
    }
  })();
  return {
    isReal,
    dependsOn: new Map(tasks.map(({ task_id, depends_on: before = [] }) => [task_id, before])),
    slots: new Map(rows.map(({ agent_id, slots = 1 }) => [agent_id, slots])),
  };
}

function faultsOf(root: string, isReal: boolean): string[] {
  const recount = recountDocuments(join(root, "phase19"), inputsOf(root, isReal));
  return [...recount.faults, ...recountReport(join(root, "phase19"), recount)];
}

/** Two waves of twelve tasks with an order, of all risks. */
const TASKS: Row[] = [1, 2].flatMap((wave) =>
  Array.from({ length: 12 }, (_, k) => ({
    ...{ task_id: `w${wave}_${k}`, wave, confidence: 0.6 + 0.03 * k, task_type: k % 2 === 0 ? "code" : "docs" },
    risk_level: (["LOW", "LOW", "MEDIUM", "HIGH"] as const)[k % 4],
    ...(k >= 8 && { depends_on: [`w${wave}_${k - 8}`] }),
  })),
);
const HISTORY = jsonLines(
  ["a", "b"].flatMap((agent_id) =>
    Array.from({ length: 6 }, (_, k) => ({
      ...{ task_id: `old_${agent_id}_${k}`, agent_id, wave: 0, status: k === 5 ? "failed" : "success", attempts: 1 },
      ...{ execution_time_ms: 90 + 5 * k, confidence_delta: 0.02, risk_level: "LOW", task_type: "code" },
    })),
  ),
);
const FILES = {
  "phase18/agents.jsonl": jsonLines([{ agent_id: "a", slots: 2 }, { agent_id: "b" }]),
  "phase18/wave_0/task_outcomes.jsonl": HISTORY,
};

describe("counted again from the rows", () => {
  it("a simulated run says only what is so", async () => {
    const root = copyFixture("demo");
    await runIn(root, { solver: "greedy", gate: "live", seed: 3 });
    expect(faultsOf(root, false)).toEqual([]);
  });

  it("so does a live run with failures, tasks that were moved, and followers that never started", async () => {
    const root = smallInputs(TASKS, FILES);
    const executor = new ScriptedExecutor(({ taskId, attempt, agentId }) => ({
      succeeded: !/_(?:0|5)$/.test(taskId) && (attempt > 1 || agentId === "b" || !taskId.endsWith("_4")),
      durationMs: 60 + 20 * Number(taskId.split("_")[1]),
      ...(taskId.endsWith("_6") && { confidenceDelta: null }),
    }));
    await runIn(root, { solver: "greedy", live: true, executor, approved: ["w1_3", "w2_11"] });
    expect(faultsOf(root, true)).toEqual([]);
  });

  it("so do waves that somebody else ran, with outcomes that are missing, strange, late or another agent's", async () => {
    const root = smallInputs(TASKS, FILES);
    const optimizer = new AdaptiveOptimizer({ now: RUN_AT, solver: "greedy" });
    await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
    for (const wave of [1, 2]) {
      const plan = await optimizer.optimizeForSuccess({ wave });
      const rows = plan.schedule.map(({ task_id, agent_id, start_ms, end_ms }, k): Row => {
        const late = k === 4 ? 5_000 : 0;
        return {
          ...{ task_id, wave, agent_id: k === 3 ? (agent_id === "a" ? "b" : "a") : agent_id },
          ...{ status: k % 5 === 1 ? "failed" : "success", attempts: 1 + (k % 2), confidence_delta: 0.01 * (k % 3) },
          ...{ actual_start_time: start_ms + late, actual_end_time: end_ms + late + 10 },
        };
      });
      const reported = wave === 1 ? rows.slice(0, -2) : rows;
      const outcomes = join(root, `outcomes-${wave}.jsonl`);
      const stranger = { ...rows[0]!, task_id: "stranger" };
      writeFileSync(outcomes, jsonLines([...reported, stranger]));
      await evaluateOutcomes(plan, { outcomes, outputsDir: root, now: RUN_AT });
    }
    expect(faultsOf(root, true)).toEqual([]);
  });

  it("finds what was changed by hand", async () => {
    const root = smallInputs(TASKS.slice(0, 4));
    await runIn(root, { solver: "greedy" });
    expect(faultsOf(root, false)).toEqual([]);
    const change = (name: string, from: RegExp, to: string): void => {
      const file = join(root, "phase19", name);
      const text = readFileSync(file, "utf8");
      expect(text).toMatch(from);
      writeFileSync(file, text.replace(from, to));
    };
    change("metrics.jsonl", /"value":/, '"value":1e-3,"was":');
    change("PHASE_19_AUTONOMOUS_OPTIMIZATION.md", /(\d+) completed/, "17 completed");
    change("PHASE_19_AUTONOMOUS_OPTIMIZATION.md", /\n## Metrics/, "\n\nAll 17 agents were pleased.\n\n## Metrics");
    expect(faultsOf(root, false)).toHaveLength(3);
  });
});
