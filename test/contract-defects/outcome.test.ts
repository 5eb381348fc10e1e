import { afterAll, describe, expect, it } from "vitest";
import { heuristicsFile } from "../../fixtures/phase-files.js";
import type { AnomalyRow, SystemHealth } from "../../src/domain/schemas/phase19-run.js";
import type { ComparisonRow } from "../../src/domain/schemas/phase19-wave.js";
import { drawingRandom } from "../support/drawing-random.js";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { OptimizationMonitor } from "../../src/pipeline/watch/optimization-monitor.js";
import type { RunOptions } from "../../src/pipeline/run/options.js";
import type { RunOutcome } from "../../src/pipeline/run/outcome.js";
import { checkOutputs } from "../support/check-outputs.js";
import {
  copyFixture,
  readAgentRows,
  readJson,
  readLines,
  runIn,
  ScriptedExecutor,
  smallInputs,
  type Row,
} from "../support/pipeline-runs.js";
import { planWave, playWave, type Truth } from "../support/wave-records.js";

afterAll(closeSolvers);

interface PlannedRow {
  readonly task_id: string;
  readonly wave: number;
  readonly predicted_success_probability: number;
  readonly depends_on?: readonly string[];
}

/** The demonstration without a gate, done by an executor that answers so. */
function played(answer: ConstructorParameters<typeof ScriptedExecutor>[0], more: RunOptions = {}): Promise<RunOutcome> {
  const executor = new ScriptedExecutor(answer, "simulated");
  return runIn(copyFixture("demo"), { solver: "greedy", executor, learnBetweenWaves: false, ...more });
}

const metricIn = (outDir: string, name: string): number =>
  readLines<{ metric_name: string; value: number }>(outDir, "metrics.jsonl").find((row) => row.metric_name === name)!
    .value;

const anomaliesIn = (outDir: string) => readLines<AnomalyRow>(outDir, "anomalies.jsonl");

/** Chance that a task succeeds: that all it waits for in the wave do, and that it does then. */
function chanceOf(id: string, wave: ReadonlyMap<string, PlannedRow>): number {
  const involved = new Set([id]);
  for (const one of involved)
    for (const before of wave.get(one)!.depends_on ?? []) if (wave.has(before)) involved.add(before);
  return [...involved].reduce((chance, one) => chance * wave.get(one)!.predicted_success_probability, 1);
}

describe("defect 1: actual was copied into planned, so accuracy was always 1", () => {
  it("the plan stands whatever happens, and accuracy is the distance", async () => {
    const [good, bad] = [await played(() => ({})), await played(() => ({ succeeded: false }))];
    for (const [{ outDir }, actual] of [[good, 1] as const, [bad, 0] as const]) {
      const planned = readAgentRows<PlannedRow>(outDir, "planned_tasks.jsonl");
      for (const row of readLines<ComparisonRow>(outDir, "schedule_comparisons.jsonl")) {
        const own = new Map(planned.filter(({ wave }) => wave === row.wave).map((task) => [task.task_id, task]));
        const mean = [...own.keys()].reduce((sum, id) => sum + chanceOf(id, own), 0) / own.size;
        expect(row.planned_success_rate).toBeCloseTo(mean, 9);
        expect(row.actual_success_rate).toBe(actual);
        expect(row.success_accuracy).toBeCloseTo(1 - Math.abs(mean - actual), 9);
      }
    }
    expect(metricIn(bad.outDir, "schedule_accuracy")).toBeLessThan(0.3);
  });
});

describe("defect 5: retries, prioritisation, confidence updates, patterns and signals were never called", () => {
  it("all of them show in what a run leaves", async () => {
    const { outDir, summary } = await played(({ attempt }) => ({ succeeded: attempt > 1, confidenceDelta: -0.02 }));
    const attempts = readAgentRows<{ retry_count: number; initial_confidence: number; final_confidence: number }>(
      outDir,
      "execution_outcomes.jsonl",
    );
    const retries = attempts.filter(({ retry_count }) => retry_count > 0).length;
    expect(retries).toBeGreaterThan(0);
    expect(summary!.tasks.retries).toBe(retries);
    expect(attempts.some((row) => row.final_confidence !== row.initial_confidence)).toBe(true);
    expect(readLines(outDir, "learning_signals.jsonl").length).toBeGreaterThan(1);
    expect(readLines(outDir, "feedback_events.jsonl").length).toBeGreaterThan(0);
    expect(readJson<Row[]>(outDir, "coordination_patterns.json").length).toBeGreaterThan(0);
  });

  it("tasks are in the order of H16_001, what fits no bucket last", async () => {
    const tasks = [
      { task_id: "a", confidence: 0.6 },
      { task_id: "b", risk_level: "HIGH", confidence: 0.95 },
      { task_id: "c", risk_level: "MEDIUM", confidence: 0.8 },
      { task_id: "d", risk_level: "MEDIUM", confidence: 0.9 },
      { task_id: "e", confidence: 0.75 },
      { task_id: "f", confidence: 0.9 },
    ];
    const root = smallInputs(tasks, { "phase16/heuristics.jsonl": heuristicsFile() });
    const { outDir } = await runIn(root);
    const rows = readAgentRows<{ task_id: string; priority: number }>(outDir, "planned_tasks.jsonl");
    const inOrder = rows.sort((x, y) => x.priority - y.priority).map(({ task_id }) => task_id);
    expect(inOrder).toEqual(["f", "e", "d", "c", "b", "a"]);
  });

  it("a failed attempt costs .05 of confidence, and there are at most three", async () => {
    const root = smallInputs([{ task_id: "t", confidence: 0.8 }], { "phase16/heuristics.jsonl": heuristicsFile() });
    const executor = new ScriptedExecutor(() => ({ succeeded: false }), "simulated");
    await runIn(root, { executor, maxRetries: 9 });
    expect(executor.requests.map(({ confidence }) => confidence)).toEqual([
      0.8,
      expect.closeTo(0.75, 12),
      expect.closeTo(0.7, 12),
    ]);
  });
});

describe("defect 7: adherence was never measured, so schedule_drift was permanent and named nobody", () => {
  it("a plan that is kept adheres and drifts nowhere", async () => {
    const { outDir } = await played(() => ({}));
    expect(metricIn(outDir, "schedule_adherence")).toBeGreaterThan(0.8);
    expect(anomaliesIn(outDir).filter(({ anomaly_type }) => anomaly_type === "schedule_drift")).toEqual([]);
  });

  it("one that is not is measured task by task, and the anomaly names its waves and agents", async () => {
    const { outDir } = await played(({ expectedDurationMs }) => ({ durationMs: 9 * expectedDurationMs }));
    const rows = readAgentRows<{ adhered: boolean; agent_id: string }>(outDir, "scheduled_tasks.jsonl");
    expect(metricIn(outDir, "schedule_adherence")).toBe(0);
    expect(rows.some(({ adhered }) => adhered)).toBe(false);
    const drift = anomaliesIn(outDir).find(({ anomaly_type }) => anomaly_type === "schedule_drift")!;
    expect(drift.affected_waves.length).toBeGreaterThan(0);
    expect(drift.affected_agents.length).toBeGreaterThan(0);
    const busy = new Set(rows.map(({ agent_id }) => agent_id));
    expect(drift.affected_agents.every((agentId) => busy.has(agentId))).toBe(true);
    for (const anomaly of anomaliesIn(outDir)) expect(anomaly.affected_waves).not.toEqual([]);
  });
});

describe("defect 9: health reached 160, and the confidence trajectory −20000", () => {
  it.each([1e-12, 0, -1e-9, -0.9, 0.9])("both stay in bounds with a planned gain of %f", async (confidence_delta) => {
    for (const answer of [{ confidenceDelta: 1 }, { confidenceDelta: -1, succeeded: false, durationMs: 1e7 }]) {
      const pair = { success_probability: 0.5, duration_ms: 1, retries: 0.5, confidence_delta };
      const estimates = { agent_0: pair, agent_1: pair };
      const root = smallInputs([1, 2, 3].map((k) => ({ task_id: `t${k}`, wave: k, estimates })));
      const executor = new ScriptedExecutor(() => answer, "simulated");
      const { outDir } = await runIn(root, { executor, solver: "greedy" });
      expect(checkOutputs(outDir)).toEqual([]);
      const health = readJson<SystemHealth>(outDir, "system_health.json");
      for (const score of [health.overall_health_score, ...Object.values(health.component_scores)].filter(
        (one) => one !== null,
      )) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
      }
      const trajectory = metricIn(outDir, "confidence_trajectory");
      expect(trajectory).toBeGreaterThanOrEqual(0);
      expect(trajectory).toBeLessThanOrEqual(2);
      if (Math.abs(confidence_delta) < 0.01) expect(trajectory).toBe(answer.confidenceDelta > 0 ? 2 : 0);
    }
  });
});

describe("defect 11: the gate was not Phase 13's rule, held nothing back and logged nothing", () => {
  it("every bound, each decision logged with its reason, and what is deferred is never run", async () => {
    const bounds = { LOW: 0.5, MEDIUM: 0.75, HIGH: 0.9 };
    const tasks = Object.entries(bounds).flatMap(([risk_level, bound]) =>
      [bound, bound - 0.001].map((confidence) => ({ task_id: `${risk_level}_${confidence}`, risk_level, confidence })),
    );
    const executor = new ScriptedExecutor(undefined, "simulated");
    const root = smallInputs(tasks);
    const { outDir } = await runIn(root, { gate: "live", approved: ["HIGH_0.9", "HIGH_0.899"], executor });
    const log = readLines<{ task_id: string; approval: string; reason: string }>(outDir, "safety_gate_decisions.jsonl");
    const approved = log.filter(({ approval }) => approval === "approved").map(({ task_id }) => task_id);
    expect(approved.sort()).toEqual(["HIGH_0.9", "LOW_0.5", "MEDIUM_0.75"]);
    expect(log.map(({ task_id }) => task_id).sort()).toEqual(tasks.map(({ task_id }) => task_id).sort());
    expect(log.every(({ reason }) => reason.length > 20)).toBe(true);
    expect(executor.requests.map(({ taskId }) => taskId).sort()).toEqual(approved);
  });
});

describe("defect 13: performance_degradation looked at throughput", () => {
  const shape = { numAgents: 3, numTasks: 120 };
  const typesIn = (truth: Truth): string[] => {
    const monitor = new OptimizationMonitor({
      ...{ execution: "simulated", numWaves: 6, phase18Health: null, timestamp: () => "2026-01-01T00:00:00.000Z" },
    });
    const random = drawingRandom(11);
    for (let wave = 1; wave <= 6; wave++) monitor.observeWave(playWave(planWave(shape, wave, 3), random, truth));
    return monitor.detectAnomalies().map(({ anomaly_type }) => anomaly_type);
  };

  it("is raised by a success rate that declines over the waves, at full speed", () => {
    expect(typesIn({ successShift: (_, wave) => -0.09 * (wave - 1) })).toContain("performance_degradation");
  });

  it("is not raised by a throughput that collapses while tasks succeed as before", () => {
    expect(typesIn({ pace: (_, wave) => wave })).not.toContain("performance_degradation");
    expect(typesIn({})).toEqual([]);
  });
});
