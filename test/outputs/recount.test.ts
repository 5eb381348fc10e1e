import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import type { SolveResult } from "../../src/domain/result.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import { verifyResult } from "../../src/planner/verify/verify-result.js";
import { AdaptiveOptimizer } from "../../src/pipeline/run/adaptive-optimizer.js";
import { evaluateOutcomes } from "../../src/pipeline/run/evaluate.js";
import { jsonLines } from "../pipeline/files/scratch.js";
import {
  copyFixture,
  readJson,
  type Row,
  RUN_AT,
  runIn,
  ScriptedExecutor,
  smallInputs,
} from "../support/pipeline-runs.js";
import { type Inputs } from "../support/recount/figures.js";
import { recountDocuments } from "../support/recount/documents.js";
import { recountPage } from "../support/recount/page.js";
import { recountReport } from "../support/recount/report.js";
import { readRows } from "../support/recount/rows.js";

/**
 * Every number of the documents, and every sentence with a number of report, alerts and optimization_report.json, is counted
 * again from the rows by code of the tests' own; the page is compared with all three.
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
  const recount = recountDocuments(join(root, "phase19"), inputsOf(root, isReal), root);
  const directory = join(root, "phase19");
  return [...recount.faults, ...recountReport(directory, recount), ...recountPage(directory, recount)];
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
  "phase16/heuristics.jsonl": readFileSync("fixtures/demo/phase16/heuristics.jsonl", "utf8"),
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

  it("so does a run whose gate lowered its bound, with tasks that found no place", async () => {
    const held = [1, 2].map((wave) => ({ task_id: `w${wave}_behind`, wave, depends_on: [`w${wave}_3`] }));
    const root = smallInputs([...TASKS, ...held], FILES);
    const executor = new ScriptedExecutor(({ taskId }) => ({ succeeded: taskId !== "w2_7", durationMs: 40 }));
    const approved = ["w1_11", "w2_7", "w2_11"];
    await runIn(root, { solver: "greedy", live: true, executor, approved, allowThresholdRelaxation: true });
    const report = readFileSync(join(root, "phase19/PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8");
    expect(report).toContain("In wave 2 the threshold for HIGH was lowered by H16_004");
    expect(readFileSync(join(root, "phase16/phase19_feedback.jsonl"), "utf8")).toContain("of 1, 0 succeeded");
    expect(faultsOf(root, true)).toEqual([]);
    const file = join(root, "phase19/deferred_tasks.jsonl");
    const text = readFileSync(file, "utf8");
    expect(text).toContain("w1_3");
    writeFileSync(file, text.replaceAll(/((?:depends on|waits for) w\d_)3/g, "$15"));
    expect(faultsOf(root, true).join()).toContain("w1_behind: ");
  });

  it("so do waves that somebody else ran, with outcomes that are missing, strange, late or another agent's", async () => {
    const root = smallInputs(TASKS, FILES);
    const promised: SolveResult[] = [];
    const optimizer = new AdaptiveOptimizer({ now: RUN_AT, solver: "greedy" });
    await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
    for (const wave of [1, 2]) {
      const plan = await optimizer.optimizeForSuccess({ wave });
      const { problem, ...result } = plan;
      const options = resolveOptions(problem.options, { strategy: "maximize_success", solver: "greedy" });
      expect(verifyResult(result, problem, options).message).toMatch(/^(?:proved optimal|within)/);
      promised.push(result);
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
      await evaluateOutcomes(plan, {
        ...{ outcomes, outputsDir: root, now: RUN_AT },
        // With the problem the pace of the plan is known too.
        ...(wave === 2 && { problem }),
      });
    }
    expect(faultsOf(root, true)).toEqual([]);
    const [first, second] = [1, 2].map((wave) => readJson(root, `phase19/wave_${wave}/wave_summary.json`));
    const objectives = promised.map(({ objective: { name, sense, value, bound, gap } }) => {
      return { name, sense, value, bound, gap };
    });
    expect([first!.objective, second!.objective]).toEqual(objectives);
    expect([first!.planned_throughput, first!.planned_makespan_of]).toEqual([null, "schedule"]);
    const { throughput_per_s: pace, makespan_ms: makespan } = promised[1]!.forecast!;
    expect(second!.planned_throughput).toBeCloseTo(pace.mean, 6);
    expect(second!.planned_makespan_ms).toBeCloseTo(makespan.mean, 6);
  });

  it("finds whatever was changed by hand", async () => {
    const root = smallInputs(TASKS.slice(0, 4), FILES);
    await runIn(root, { solver: "greedy", gate: "live" });
    expect(faultsOf(root, false)).toEqual([]);
    const unseen = SPOILINGS.filter(([name, from, to]) => {
      const file = join(root, "phase19", name);
      const text = readFileSync(file, "utf8");
      writeFileSync(file, text.replace(from, to));
      const faults = faultsOf(root, false);
      writeFileSync(file, text);
      return !from.test(text) || faults.length === 0;
    });
    expect(unseen).toEqual([]);
  });
});

const REPORT = "PHASE_19_AUTONOMOUS_OPTIMIZATION.md";
const PAGE = "PHASE_19_AUTONOMOUS_OPTIMIZATION.html";
const SPOILINGS: readonly (readonly [file: string, from: RegExp, to: string])[] = [
  ["safety_gate_decisions.jsonl", /"confidence":0\.\d/, '"confidence":0.1'],
  ["wave_1/wave_summary.json", /"assigned_tasks": /, '"assigned_tasks": 9'],
  [PAGE, /"assigned":/, '"assigned":9'],
  [PAGE, /"ended":/, '"ended":9'],
  [PAGE, /"advice":\["/, '"advice":["Wait. '],
  ["metrics.jsonl", /"value":/, '"value":1e-3,"was":'],
  ["calibration.jsonl", /"log_loss":/, '"log_loss":1,"was":'],
  ["calibration.jsonl", /"expected_brier_score":/, '"expected_brier_score":1,"was":'],
  ["calibration.jsonl", /"resolution":/, '"resolution":1,"was":'],
  ["calibration.jsonl", /"expected_calibration_error":/, '"expected_calibration_error":1,"was":'],
  ["calibration.jsonl", /"observed_interval":\[0/, '"observed_interval":[1'],
  ["calibration.jsonl", /"duration_interval":\{"count":/, '"duration_interval":{"count":9'],
  ["heuristic_weights.json", /"H16_001": 1/, '"H16_001": 1.05'],
  ["learned_state.json", /"heuristic_weights": ?\{\}/, '"heuristic_weights":{"H16_002":1.1}'],
  ["strategy_effectiveness.json", /"maximize_success": ./, '"maximize_success": 3'],
  ["learning_signals.jsonl", /wave 1: accuracy 0/, "wave 1: accuracy 3"],
  ["learning_signals.jsonl", /with accuracy 0/, "with accuracy 3"],
  ["optimization_feedback.jsonl", /busy \d/, "busy 77"],
  ["optimization_feedback.jsonl", /utilization \d/, "utilization 77"],
  ["wave_1/wave_summary.json", /"gap": 0/, '"gap": 0.1'],
  ["wave_1/wave_summary.json", /"own_value": /, '"own_value": 9'],
  ["wave_1/wave_summary.json", /"planned_makespan_ms": /, '"planned_makespan_ms": 99999'],
  ["phase19_summary.json", /"sha256": "./, '"sha256": "x'],
  ["phase19_summary.json", /"rows": \d+/, '"rows": 99'],
  [REPORT, /(\d+) of (\d+) tasks were completed/, "17 of $2 tasks were completed"],
  [REPORT, /\n## Metrics/, "\n\nAll 17 agents were pleased.\n\n## Metrics"],
  [REPORT, /\n## Metrics/, "\n\n| Planet |\n| ------ |\n| Mars   |\n\n## Metrics"],
  [REPORT, /The plan is proven/, "Each of the 2 plans is proven"],
  [REPORT, /whose end is known, \d+/, "whose end is known, 17"],
  [REPORT, /were predicted \(\d/, "were predicted (1"],
  [REPORT, /The wave took \d/, "The wave took 77"],
  [REPORT, /the forecast was \d/, "the forecast was 77"],
  [REPORT, /100 % \|( +\d+ \|) /, "100 % |$1 1"],
  [REPORT, /\| yes /, "| no  "],
  [REPORT, /On average they are \d/, "On average they are 7"],
  [REPORT, /task is few|tasks are few/, "0 tasks are few"],
  [REPORT, /by strategy: maximize_success \d/, "by strategy: maximize_success 7"],
  [REPORT, /(agents\.jsonl +\| +1 \| +)2/, "$13"],
];
