import { describe, expect, it } from "vitest";
import type { GoalKey, StrategyName } from "../../../src/domain/problem.js";
import type { WaveRecord } from "../../../src/domain/run.js";
import { confidenceTrajectory } from "../../../src/pipeline/measure/accuracy.js";
import { goalOf } from "../../../src/pipeline/watch/strategy-goal.js";
import { emptyWave, resultWith } from "../../support/wave-records.js";
import { monitorOf, watched, wavesOf } from "./worlds.js";

const SHAPE = { numAgents: 4, numTasks: 60 };

const idsOf = (waves: readonly WaveRecord[]): string[] =>
  watched(waves)
    .detectAnomalies()
    .map(({ anomaly_id }) => anomaly_id);

describe("defects the earlier version had", () => {
  it("7: adherence is measured, so a kept schedule raises no drift, and whatever is raised names agents and waves", () => {
    const kept = watched(wavesOf(5, SHAPE));
    expect(kept.calculateMetrics()[4]).toMatchObject({ waves: 5, status: "normal" });
    expect(kept.detectScheduleDrift()).toEqual([]);
    const late = watched(wavesOf(3, SHAPE, { pace: () => 1.3, successShift: () => -0.3 })).detectAnomalies();
    expect(late.length).toBeGreaterThan(2);
    for (const row of late) {
      expect(row.affected_agents).not.toEqual([]);
      expect(row.affected_waves).not.toEqual([]);
    }
  });

  it("9: neither health nor the confidence trajectory leaves its range, however small or negative the plan", () => {
    for (const [planned, actual] of [
      [1e-9, -20],
      [-0.02, 5],
      [0, 0.3],
    ] as const) {
      expect(confidenceTrajectory(planned, actual)).toBeGreaterThanOrEqual(0);
      expect(confidenceTrajectory(planned, actual)).toBeLessThanOrEqual(2);
    }
    const [wave] = wavesOf(1, SHAPE);
    const planned = wave!.planned.map((plan) => ({ ...plan, confidenceDelta: 1e-7 }));
    const monitor = watched([
      { ...wave!, planned, tasks: wave!.tasks.map((task) => ({ ...task, confidenceDelta: -1 })) },
    ]);
    expect(monitor.calculateMetrics()[3]!.value).toBe(0);
    expect(monitor.generateSystemHealth().overall_health_score).toBeLessThanOrEqual(100);
  });

  it("13: degradation is the success rate declining over waves, and throughput declining is none", () => {
    const declining = wavesOf(8, SHAPE, { successShift: (_, wave) => -0.07 * (wave - 1) });
    const row = watched(declining)
      .detectAnomalies()
      .find(({ anomaly_type }) => anomaly_type === "performance_degradation")!;
    expect(row.evidence.effect).toBeGreaterThan(0.2);
    expect(row.affected_waves).toContain(8);
    expect(row.affected_waves).not.toContain(1);
    const slowing = wavesOf(8, SHAPE, { pace: (_, wave) => 1 + 0.2 * wave });
    expect(idsOf(slowing)).not.toContain("AN_PERFORMANCE_DEGRADATION");
  });
});

describe("anomalies need an effect and evidence", () => {
  it("calls no decline what was planned, and none before the fourth wave", () => {
    const harder = [0.75, 0.65, 0.55, 0.45, 0.35, 0.25, 0.15].map((chance, k) => ({
      ...wavesOf(1, { ...SHAPE, chances: [chance, chance + 0.05] }, {}, k + 1)[0]!,
      wave: k + 1,
    }));
    expect(idsOf(harder)).not.toContain("AN_PERFORMANCE_DEGRADATION");
    const steep = wavesOf(3, SHAPE, { successShift: (_, wave) => -0.3 * (wave - 1) });
    expect(idsOf(steep)).not.toContain("AN_PERFORMANCE_DEGRADATION");
  });

  it("does not blame an agent for four tasks", () => {
    const weak = { successShift: (agentId: string) => (agentId === "agent_1" ? -0.2 : 0) };
    expect(idsOf(wavesOf(1, { numAgents: 4, numTasks: 16 }, weak))).toEqual([]);
  });

  it("names the slowest where the whole fleet is late and no agent clearly", () => {
    const rows = watched(wavesOf(1, { numAgents: 12, numTasks: 60 }, { pace: () => 1.16 })).detectScheduleDrift();
    expect(rows.map(({ anomaly_id }) => anomaly_id)).toEqual(["AN_SCHEDULE_DRIFT_FLEET"]);
    expect(rows[0]!.affected_agents).toHaveLength(1);
  });

  it("is quiet where the mean times themselves were in doubt, and all tasks share that doubt", () => {
    const late = wavesOf(1, { numAgents: 12, numTasks: 60 }, { pace: () => 1.16 });
    const doubtful = (durationLogDoubt: number): WaveRecord[] =>
      late.map((wave) => ({ ...wave, planned: wave.planned.map((task) => ({ ...task, durationLogDoubt })) }));
    expect(watched(doubtful(0)).detectScheduleDrift()).toHaveLength(1);
    // 16 % is not much where the means may all be off by 10 %.
    expect(watched(doubtful(0.1)).detectScheduleDrift()).toEqual([]);
  });
});

describe("a strategy that misses its goal", () => {
  const of = (strategy: StrategyName, waves: readonly WaveRecord[]) => waves.map((wave) => ({ ...wave, strategy }));

  it("is failing by its own goal and by no other", () => {
    const slow = wavesOf(5, SHAPE, { pace: () => 1.6 });
    expect([...watched(of("maximize_throughput", slow)).failingStrategies()]).toEqual(["maximize_throughput"]);
    expect([...watched(of("minimize_cost", slow)).failingStrategies()]).toEqual(["minimize_cost"]);
    expect([...watched(of("minimize_retries", slow)).failingStrategies()]).toEqual([]);
    expect([...watched(of("maximize_success", slow)).failingStrategies()]).toEqual([]);
  });

  it.each([
    ["maximize_success", "success"],
    ["confidence_optimization", "confidence"],
    ["minimize_retries", "retries"],
  ] as const)("is failing where %s gets less %s than planned", (strategy, goal) => {
    const waves = of(strategy, wavesOf(5, SHAPE, { successShift: () => -0.3 })).map((wave) => ({
      ...wave,
      tasks: wave.tasks.map((task) => ({
        ...task,
        confidenceDelta: task.confidenceDelta! - 0.02,
        attempts: [...task.attempts, { ...task.attempts[0]!, succeeded: false }],
      })),
    }));
    const row = watched(waves)
      .detectAnomalies()
      .find(({ anomaly_id }) => anomaly_id === `AN_OPTIMIZATION_FAILURE_${strategy}_${goal}`);
    expect(row!.evidence.effect).toBeLessThan(0.85);
    expect(row!.affected_agents.length).toBeGreaterThan(0);
  });

  it("fails for certain where a wave with tasks gets no plan, and a person is told what to do", () => {
    const monitor = monitorOf(2);
    const { newAnomalies, newAlerts } = monitor.observeWave(emptyWave(1, SHAPE, "no_solution"));
    expect(newAnomalies[0]).toMatchObject({ severity: "high", affected_waves: [1], evidence: { p_value: null } });
    expect(newAnomalies[0]!.affected_agents).toEqual(["agent_0", "agent_1", "agent_2", "agent_3"]);
    expect(newAlerts.map(({ alert_id }) => alert_id)).toContain("AL_NO_PLAN_WAVE_1");
    expect(monitor.failingStrategies()).toEqual(new Set(["maximize_success"]));
    expect(watched([emptyWave(1, { ...SHAPE, numTasks: 0 }, "optimal")]).detectAnomalies()).toEqual([]);
  });

  it("judges mix by the goal of greatest weight", () => {
    const mix = (weights: Partial<Record<GoalKey, number>>) => {
      const result = resultWith("optimal");
      return goalOf({ strategy: "mix", result: { ...result, options: { ...result.options, weights } } });
    };
    expect(mix({ cost: 0.2, retries: 0.8 })).toBe("retries");
    expect(mix({})).toBe("success");
  });
});

describe("alerts and limits", () => {
  it("alerts to deferrals for good in bulk, and not to a few", () => {
    const wave = emptyWave(1, SHAPE);
    const deferred = (numTasks: number): WaveRecord => ({
      ...wave,
      deferrals: Array.from({ length: numTasks }, (_, k) => ({
        ...{ taskId: `task_${k}`, wave: 1, stage: "plan" as const, reason: "no room", isFinal: true },
      })),
    });
    const idsFor = (record: WaveRecord) =>
      monitorOf(1)
        .observeWave(record)
        .newAlerts.map(({ alert_id }) => alert_id);
    expect(idsFor(deferred(6))).toContain("AL_DEFERRED_WAVE_1");
    expect(idsFor(deferred(5))).toEqual([]);
  });

  it("takes a wave of 200 tasks on 20 agents in a few milliseconds, the fiftieth like the first", () => {
    const plans = wavesOf(5, { numAgents: 20, numTasks: 200 });
    const monitor = monitorOf(50);
    const wallMs = Array.from({ length: 50 }, (_, k) => {
      const start = performance.now();
      monitor.observeWave({ ...plans[k % 5]!, wave: k + 1 });
      return performance.now() - start;
    }).sort((a, b) => a - b);
    expect(wallMs[25]).toBeLessThan(40);
  });

  it("refuses a task that nobody planned", () => {
    const [wave] = wavesOf(1, SHAPE);
    expect(() => monitorOf(1).observeWave({ ...wave!, planned: [] })).toThrow(/is not in record.planned/);
  });
});
