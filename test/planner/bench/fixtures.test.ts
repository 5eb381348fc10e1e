import { afterAll, describe, expect, it } from "vitest";
import { loadFixtureWaves } from "../../../benchmarks/fixture-waves.js";
import { compareInTruth, countTypes, readTruth, shareOfOwnTypes } from "../../../benchmarks/hidden-truth.js";
import { attemptSuccess, finalSuccess, playTask } from "../../../fixtures/truth.js";
import { Random } from "../../../fixtures/random.js";
import { BASELINES, ORDER_BASELINES } from "../../../src/planner/heuristics/baselines.js";
import { bestScore, compareStrategy, median } from "../../../src/planner/baselines/compare-strategy.js";
import { type FullProblem, STRATEGIES, type StrategyName } from "../../../src/domain/problem.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { closeSolvers } from "../../../src/engine/exact/registry.js";

/** The short version of benchmarks/baselines.ts. */

const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
const compare = (problem: FullProblem, strategy: StrategyName) =>
  compareStrategy(problem, { ...DEFAULT_OPTIONS, strategy, workLimit: 500_000 }, { context, repetitions: 0, seed: 1 });

afterAll(() => closeSolvers());

describe("ours against the baselines", () => {
  it.each(STRATEGIES)("demo, every wave, %s: proven, and no baseline is better", async (strategy) => {
    const waves = await loadFixtureWaves("demo", DEFAULT_OPTIONS);
    expect(waves).toHaveLength(3);
    for (const { problem } of waves) {
      const { result, baselines, rejected, betterThanOurs } = await compare(problem, strategy);
      expect({ rejected, betterThanOurs }).toEqual({ rejected: [], betterThanOurs: [] });
      // Gains and mixes of tasks that wait for others are searched; their bounds leave a little open.
      if (strategy !== "confidence_optimization" && strategy !== "mix") expect(result.termination).toBe("optimal");
      expect(result.objective.gap).toBeLessThan(0.01);
      expect(baselines.map(({ name }) => name)).toEqual([...BASELINES, ...ORDER_BASELINES].map(({ name }) => name));
    }
  });

  it("fleet, wave 1, maximize_throughput: no baseline is better, and the best is measurably worse", async () => {
    const [first] = await loadFixtureWaves("fleet", DEFAULT_OPTIONS);
    const { goals, ours, baselines, betterThanOurs } = await compare(first!.problem, "maximize_throughput");
    expect(betterThanOurs).toEqual([]);
    const best = bestScore(goals, baselines)!;
    expect(best.deferredWeight).toBe(ours.deferredWeight);
    expect(best.values.at(-1)!).toBeGreaterThan(1.05 * ours.values.at(-1)!);
    expect(best.gap!).toBeGreaterThan(ours.gap!);
  });

  it("fleet, wave 1, maximize_success: more true success than any baseline, and the twins get opposite tasks", async () => {
    const [first] = await loadFixtureWaves("fleet", DEFAULT_OPTIONS);
    const { problem } = first!;
    const comparison = await compare(problem, "maximize_success");
    expect(comparison.betterThanOurs).toEqual([]);
    const truth = readTruth("fleet");
    const options = { ...DEFAULT_OPTIONS, strategy: "maximize_success", workLimit: 500_000 } as const;
    const compared = await compareInTruth(truth, first!, comparison, options, context);
    expect(compared.ours).toBeGreaterThan(compared.best.value);
    expect(compared.best.value).toBe(Math.max(...compared.baselines.map(({ value }) => value)));
    expect(compared.allKnowingBound!).toBeGreaterThanOrEqual(compared.ours);

    const [one, other] = truth.opposite_agents!;
    const [ofOne, ofOther] = [one, other].map((id) => countTypes(problem, comparison.result, id));
    expect(Object.keys(ofOne!).filter((type) => type in ofOther!)).toEqual([]);
    expect(shareOfOwnTypes(truth, ofOne!, one, other)).toBeGreaterThan(0.9);
    expect(shareOfOwnTypes(truth, ofOther!, other, one)).toBeGreaterThan(0.9);
  });
});

describe("finalSuccess", () => {
  const truth = readTruth("fleet");
  const task = { task_id: "t", task_type: "docs", risk_level: "MEDIUM", confidence: 0.6, size: 1 } as const;

  it("is one attempt for HIGH risk and three, each less confident, for others", () => {
    const high = { ...task, risk_level: "HIGH" } as const;
    expect(finalSuccess(truth, "agent_03", high)).toBeCloseTo(attemptSuccess(truth, "agent_03", high, 0.6), 12);
    const failure = [0.6, 0.55, 0.5].reduce((q, c) => q * (1 - attemptSuccess(truth, "agent_03", task, c)), 1);
    expect(finalSuccess(truth, "agent_03", task)).toBeCloseTo(1 - failure, 12);
  });

  it("is the share of played tasks that succeed", () => {
    const random = new Random(5);
    const numPlays = 20_000;
    let numSuccesses = 0;
    for (let k = 0; k < numPlays; k++) if (playTask(truth, "agent_03", task, random).succeeded) numSuccesses += 1;
    expect(Math.abs(numSuccesses / numPlays - finalSuccess(truth, "agent_03", task))).toBeLessThan(0.012);
  });
});

it("median is the middle value or the mean of the two middle ones", () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});
