import { describe, expect, it } from "vitest";
import type { StrategyName } from "../../../src/domain/problem.js";
import { ownGoalRatio } from "../../../src/pipeline/measure/goal-ratios.js";
import { measureWave, type WaveStats } from "../../../src/pipeline/measure/measured-wave.js";
import { testPrediction } from "../../../src/pipeline/measure/prediction-error.js";
import { confidenceTrajectory, meanOf } from "../../../src/pipeline/measure/accuracy.js";
import { simpleWave, wave } from "../learn/records.js";
import { fullWave } from "./full-wave.js";

const { stats } = measureWave(fullWave());
const withEnded = (ended: Partial<WaveStats["ended"]>) => ({ ...stats, ended: { ...stats.ended, ...ended } });

describe("what a wave achieved of its goal", () => {
  it.each<[StrategyName, number]>([
    ["maximize_success", 2 / 2.2],
    ["maximize_throughput", 220 / 230],
    ["balance_load", 120 / 130],
    ["minimize_retries", (3 + 1.25) / (3 + 2)],
    ["minimize_cost", 20 / 16.5],
    ["confidence_optimization", 1 - 0.01 / 0.05],
  ])("%s", (strategy, ratio) => {
    expect(ownGoalRatio({ ...stats, strategy })).toBeCloseTo(ratio, 9);
    expect(ownGoalRatio({ ...measureWave(wave([], [])).stats, strategy })).toBeNull();
  });

  it("is the weighted mean of the parts of a mix that could be measured", () => {
    const mix = { ...stats, strategy: "mix" as const, weights: { success: 3, cost: 1 } };
    expect(ownGoalRatio(mix)).toBeCloseTo((3 * (2 / 2.2) + 20 / 16.5) / 4, 9);
    const unknown = { ...mix, ...withEnded({ confidenceDelta: { planned: 1, actual: null } }), strategy: mix.strategy };
    expect(ownGoalRatio({ ...unknown, weights: { success: 1, confidence: 5 } })).toBeCloseTo(2 / 2.2, 9);
    expect(ownGoalRatio({ ...unknown, weights: { confidence: 1, cost: 0 } })).toBeNull();
  });

  it("is at most twice the plan, and as planned where nothing was planned and nothing came", () => {
    const cost = (planned: number, actual: number) =>
      ownGoalRatio({ ...withEnded({ cost: { planned, actual } }), strategy: "minimize_cost" });
    expect([cost(9, 1), cost(0, 0), cost(1, 0), cost(0, 1)]).toEqual([2, 1, 2, 0]);
  });
});

describe("whether successes stray further from the prediction than chance explains", () => {
  it("is tested over all waves together", () => {
    const waves = [simpleWave(25, 15), simpleWave(15, 9, { wave: 2 })].map((one) => measureWave(one).stats);
    const found = testPrediction(waves)!;
    expect(found).toMatchObject({ tasks: 40, actualRate: 0.6 });
    expect(found.plannedRate).toBeCloseTo(0.9, 9);
    expect(found.z).toBeCloseTo(-11.5 / Math.sqrt(3.6), 9);
    expect(found.pValue).toBeLessThan(1e-6);
  });

  it("knows no case without tasks, and forgives half a task", () => {
    expect(testPrediction([])).toBeNull();
    const near = testPrediction([measureWave(simpleWave(5, 5)).stats])!;
    expect([near.z, near.pValue]).toEqual([0, expect.closeTo(1, 6)]);
    const certain = { ...stats.ended, successes: { planned: 3, actual: 2 }, successVariance: 0 };
    expect(testPrediction([{ ended: certain }])).toMatchObject({ z: -Infinity, pValue: 0 });
  });
});

describe("means and trajectories", () => {
  it("leave out what is not known, and stay within their ends", () => {
    expect([meanOf([1, null, 3]), meanOf([null]), meanOf([])]).toEqual([2, null, null]);
    expect(confidenceTrajectory(0.1, 0.5)).toBe(2);
    expect(confidenceTrajectory(0.1, -0.5)).toBe(0);
    expect(confidenceTrajectory(0.001, 0.003)).toBeCloseTo(1.2, 9);
    expect(confidenceTrajectory(-0.1, -0.05)).toBeCloseTo(1.5, 9);
  });
});
