import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { METRIC_NAMES } from "../../../src/domain/monitoring.js";
import {
  alertSchema,
  anomalyRowSchema,
  metricRowSchema,
  p19HealthSchema,
} from "../../../src/domain/schemas/phase19-run.js";
import type { WaveRecord } from "../../../src/domain/run.js";
import { BUDGET } from "../../../src/pipeline/watch/budget.js";
import { ownResult } from "../../../src/pipeline/watch/prediction-anomaly.js";
import { runs } from "../../support/runs.js";
import { emptyWave, planWave, resultWith } from "../../support/wave-records.js";
import { INSTANT, monitorOf, watched, wavesOf } from "./worlds.js";

const SHAPE = { numAgents: 4, numTasks: 60 };
const weak = { successShift: (agentId: string) => (agentId === "agent_1" ? -0.4 : 0) };
const slow = { pace: (agentId: string) => (agentId === "agent_2" ? 1.6 : 1) };

/** The same wave with every task ending as planned on time, the first `numFailed` of them failed. */
function exactly(wave: WaveRecord, numFailed: number): WaveRecord {
  const tasks = wave.tasks.map((task, k) => {
    const { startMs, endMs } = wave.planned[k]!;
    const attempt = { ...task.attempts[0]!, startMs, endMs, durationMs: endMs - startMs };
    return { ...task, startMs, endMs, attempts: [attempt], succeeded: k >= numFailed, confidenceDelta: 0.02 };
  });
  const planned = wave.planned.map((plan) => ({
    ...plan,
    successProbability: 0.8,
    endIntervalMs: [plan.endMs - 1, plan.endMs + 1] as const,
  }));
  return { ...wave, planned, tasks };
}

describe("OptimizationMonitor", () => {
  it("test_calculate_metrics: five metrics in the order of the contract, by its formulas", () => {
    const [wave] = wavesOf(1, { numAgents: 2, numTasks: 10 });
    const throughputPerS = new Float64Array([10, 20, 30]);
    const record = { ...exactly(wave!, 3), forecast: { ...wave!.forecast!, throughputPerS } };
    const rows = watched([record, emptyWave(2, SHAPE)]).calculateMetrics();
    expect(rows.map(({ metric_name }) => metric_name)).toEqual(METRIC_NAMES);
    const makespanMs = Math.max(...record.tasks.map(({ endMs }) => endMs));
    const busyMs = record.tasks.reduce((sum, task) => sum + task.endMs - task.startMs, 0);
    const throughput = 7000 / makespanMs;
    const values = rows.map(({ value }) => value);
    expect(values[0]).toBeCloseTo(0.9, 12);
    expect(values[1]).toBeCloseTo(Math.min(throughput / 20, 20 / throughput), 12);
    expect(values[2]).toBeCloseTo(busyMs / (4 * makespanMs), 12);
    expect(values.slice(3)).toEqual([1, 1]);
    expect(rows.map((row) => row.waves)).toEqual([1, 1, 1, 1, 1]);
    expect(rows.map((row) => row.threshold_max)).toEqual([1, 1, 1, 1.1, 1]);
    expect(rows[0]!.status).toBe("normal");
  });

  it("calls a metric critical below nine tenths of its minimum and beyond chance, and null and a warning where unmeasured", () => {
    const statusAt = (numFailed: number) => {
      const [wave] = wavesOf(1, { numAgents: 2, numTasks: 100 });
      return watched([exactly(wave!, numFailed)]).calculateMetrics()[0]!.status;
    };
    expect([35, 36, 50, 60].map(statusAt)).toEqual(["normal", "warning", "warning", "critical"]);
    for (const row of watched([emptyWave(1, SHAPE)]).calculateMetrics()) {
      expect(row).toMatchObject({ value: null, status: "warning", waves: 0 });
    }
  });

  it("test_detect_anomalies_prediction_error: names the agent that falls short, with waves and evidence", () => {
    const monitor = watched(wavesOf(3, SHAPE, weak));
    const row = monitor.detectPredictionErrors().find(({ anomaly_id }) => anomaly_id === "AN_PREDICTION_ERROR_agent_1");
    expect(row).toMatchObject({ affected_agents: ["agent_1"], affected_waves: [1, 2, 3], severity: "high" });
    expect(row!.evidence.effect).toBeGreaterThan(0.25);
    expect(row!.evidence.p_value!).toBeLessThan(row!.evidence.alpha!);
    expect(row!.evidence.alpha!).toBeCloseTo(BUDGET.agentPrediction / 4, 12);
    expect(row!.evidence.observations).toBe(45);
  });

  it("sees the fleet fall short of, and surpass, its predictions", () => {
    const below = watched(wavesOf(3, SHAPE, { successShift: () => -0.3 })).detectPredictionErrors()[0]!;
    expect(below.anomaly_id).toBe("AN_PREDICTION_ERROR_FLEET");
    expect(below.affected_agents.length).toBeGreaterThan(0);
    const hard = { ...SHAPE, chances: [0.2, 0.25] as const };
    const above = watched(wavesOf(3, hard, { successShift: () => 0.35 })).detectPredictionErrors();
    expect(above.map(({ anomaly_id }) => anomaly_id)).toEqual(["AN_PREDICTION_ERROR_FLEET"]);
    expect(above[0]!.description).toContain("above");
  });

  it("judges an agent by the part of a task it did itself", () => {
    const plan = planWave(SHAPE, 1, 1).planned[0]!;
    const [task] = wavesOf(1, SHAPE)[0]!.tasks;
    const attempt = { ...task!.attempts[0]!, succeeded: false };
    const moved = { ...task!, succeeded: true, attempts: [attempt, { ...attempt, agentId: "agent_9" }] };
    const [, second, third] = plan.attemptProbabilities;
    expect(ownResult({ plan, task: moved })).toBeCloseTo(1 - (1 - second!) * (1 - third!), 12);
    expect(ownResult({ plan, task: { ...moved, attempts: [attempt], succeeded: false } })).toBe(0);
    const aborted = { ...task!, succeeded: false, attempts: [{ ...attempt, fault: "aborted" as const }] };
    expect(ownResult({ plan, task: aborted })).toBeCloseTo(plan.successProbability, 12);
  });

  it("test_detect_anomalies_schedule_drift: names the slow agent", () => {
    const rows = watched(wavesOf(3, SHAPE, slow)).detectScheduleDrift();
    expect(rows.map(({ affected_agents }) => affected_agents)).toContainEqual(["agent_2"]);
    const row = rows.find(({ anomaly_id }) => anomaly_id === "AN_SCHEDULE_DRIFT_agent_2")!;
    expect(row.evidence.effect).toBeGreaterThan(1.4);
    expect(row.affected_waves).toEqual([1, 2, 3]);
  });

  it("test_generate_system_health: weighted components, a word, the baseline and its difference", () => {
    const [wave] = wavesOf(1, { numAgents: 2, numTasks: 10 });
    const monitor = monitorOf(1, 60);
    monitor.observeWave(exactly(wave!, 3));
    const health = monitor.generateSystemHealth();
    const {
      optimization_accuracy: a,
      schedule_adherence: s,
      throughput_efficiency: t,
      system_stability: b,
    } = health.component_scores;
    expect([a, s, b]).toEqual([expect.closeTo(90, 9), 100, 100]);
    expect(health.overall_health_score).toBeCloseTo(0.4 * a! + 0.3 * s! + 0.2 * t! + 0.1 * b, 9);
    expect(health.baseline!.difference).toBeCloseTo(health.overall_health_score! - 60, 9);
    const nothing = { overall_health_score: null, health_status: "NOT_JUDGED" };
    expect(monitorOf(1).generateSystemHealth()).toMatchObject({ ...nothing, baseline: null });
    expect(monitorOf(1, 60).generateSystemHealth()).toMatchObject({ ...nothing, baseline: { difference: null } });
    const planless = monitorOf(1);
    planless.observeWave({ ...emptyWave(1, SHAPE, "infeasible") });
    expect(planless.generateSystemHealth().health_status).toBe("POOR");
    expect(health.convergence.accuracy.direction).toBe("unknown");
  });

  it("test_write_monitoring_outputs: rows that survive a file and keep to their schemas", () => {
    const monitor = watched(wavesOf(4, SHAPE, { ...weak, ...slow }));
    const [metrics, anomalies] = [monitor.calculateMetrics(), monitor.detectAnomalies()];
    const directory = mkdtempSync(join(tmpdir(), "monitor-"));
    try {
      const path = join(directory, "anomalies.jsonl");
      writeFileSync(path, anomalies.map((row) => `${JSON.stringify(row)}\n`).join(""));
      const lines = readFileSync(path, "utf8").trimEnd().split("\n");
      expect(lines.map((line) => anomalyRowSchema.parse(JSON.parse(line)))).toEqual(anomalies);
    } finally {
      rmSync(directory, { recursive: true });
    }
    expect(anomalies.length).toBeGreaterThan(1);
    expect(metrics.map((row) => metricRowSchema.parse(row))).toHaveLength(5);
    expect(() => p19HealthSchema.parse(monitor.generateSystemHealth())).not.toThrow();
    for (const alert of monitor.generateAlerts()) expect(alertSchema.parse(alert).action).not.toBe("");
  });

  it("tells each anomaly and alert as new once, and keeps it for good", () => {
    const monitor = monitorOf(6);
    const seen: string[] = [];
    const alerts: string[] = [];
    const waves = [...wavesOf(3, SHAPE, weak), ...wavesOf(6, SHAPE).slice(3)];
    for (const wave of waves) {
      const { newAnomalies, newAlerts } = monitor.observeWave(wave);
      seen.push(...newAnomalies.map(({ anomaly_id }) => anomaly_id));
      alerts.push(...newAlerts.map(({ alert_id }) => alert_id));
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(new Set(alerts).size).toBe(alerts.length);
    expect(monitor.detectAnomalies().map(({ anomaly_id }) => anomaly_id)).toEqual(seen);
    expect(seen).toContain("AN_PREDICTION_ERROR_agent_1");
    expect(alerts).toContain("AL_AN_PREDICTION_ERROR_agent_1");
  });

  it("reports use by agent, planned and actual", () => {
    const [wave] = wavesOf(1, { numAgents: 2, numTasks: 10 });
    const record = exactly(wave!, 0);
    const rows = watched([record]).monitorAgentUtilization();
    expect(Object.keys(rows)).toEqual(["agent_0", "agent_1"]);
    expect(rows["agent_0"]).toMatchObject({ tasks: 5 });
    expect(rows["agent_0"]!.actual).toBeCloseTo(rows["agent_0"]!.planned!, 9);
  });

  it("keeps health in 0 … 100, five metrics, and someone and somewhere affected, whatever happens", () => {
    const anyWave = fc.record({
      shift: fc.double({ min: -1, max: 1, noNaN: true }),
      pace: fc.double({ min: 0.01, max: 30, noNaN: true }),
      numTasks: fc.integer({ min: 0, max: 60 }),
      numAgents: fc.integer({ min: 1, max: 5 }),
      termination: fc.constantFrom("optimal" as const, "infeasible" as const, "no_solution" as const),
    });
    const property = fc.property(fc.array(anyWave, { maxLength: 6 }), fc.option(fc.nat(9)), (worlds, numWaves) => {
      const monitor = monitorOf(numWaves);
      worlds.forEach(({ shift, pace, termination, ...shape }, k) => {
        const truth = { successShift: () => shift, pace: () => pace };
        const played = wavesOf(1, { ...shape, replications: 10 }, truth, k + 1)[0]!;
        const isPlanless = shape.numTasks === 0 || termination !== "optimal";
        const record = isPlanless ? emptyWave(k + 1, shape, termination) : { ...played, wave: k + 1 };
        const { metrics } = monitor.observeWave({ ...record, result: resultWith(termination) });
        expect(metrics.map((row) => metricRowSchema.parse(row).metric_name)).toEqual(METRIC_NAMES);
      });
      const health = p19HealthSchema.parse(monitor.generateSystemHealth());
      for (const score of [health.overall_health_score, ...Object.values(health.component_scores)].filter(
        (one) => one !== null,
      )) {
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
      }
      for (const row of monitor.detectAnomalies()) expect(anomalyRowSchema.parse(row).timestamp).toBe(INSTANT);
      for (const row of monitor.generateAlerts()) alertSchema.parse(row);
    });
    fc.assert(property, runs(40));
  });
});
