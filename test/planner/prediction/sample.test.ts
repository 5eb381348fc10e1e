import { describe, expect, it } from "vitest";
import { EMPTY_HISTORY, NO_HEURISTICS } from "../../../src/domain/history.js";
import type { Estimate, FullProblem, Problem, Task } from "../../../src/domain/problem.js";
import { predictProblem } from "../../../src/planner/prediction/fill-estimates.js";
import { buildPredictor } from "../../../src/planner/prediction/predictor.js";
import { logit } from "../../../src/planner/prediction/success-model.js";
import { agent, history, problem, rows, task } from "./worlds.js";

const PAST = history({ outcomes: rows(40, 30, { taskType: "etl" }) });
const predicted = (wave: Problem) => predictProblem(wave, PAST, NO_HEURISTICS, { maxRetries: 0 });
const SEEDS = Array.from({ length: 400 }, (_, seed) => seed);

function estimateOf({ tasks }: FullProblem, taskId: string, agentId = "agent_0"): Estimate {
  return tasks.find((one) => one.taskId === taskId)!.estimates[agentId]!;
}

function waveOf(...tasks: Task[]): Problem {
  return problem([agent("agent_0", { costPerMs: 1 }), agent("agent_1")], tasks);
}

function moments(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / values.length) };
}

describe("a draw of the estimates", () => {
  it("spreads by the doubt about each mean alone, on its own scale", () => {
    const wave = waveOf(task("t", { taskType: "etl" }));
    const { full, sample } = predicted(wave);
    const { success, duration, gain } = buildPredictor(wave, PAST, NO_HEURISTICS)("agent_0", "etl", "LOW");
    const mean = estimateOf(full, "t");
    const draws = SEEDS.map((seed) => estimateOf(sample({ seed, wave: 1, scale: 1 }), "t"));
    const scales = [
      [logit(mean.successProbability), success.ownStandardError, (e: Estimate) => logit(e.successProbability)],
      [Math.log(mean.durationMs), duration.logMeanStandardError, (e: Estimate) => Math.log(e.durationMs)],
      [mean.confidenceDelta, gain.meanStandardError, (e: Estimate) => e.confidenceDelta],
    ] as const;
    for (const [center, error, read] of scales) {
      const found = moments(draws.map(read));
      expect(Math.abs(found.mean - center)).toBeLessThan(0.2 * error);
      expect(found.deviation / error).toBeGreaterThan(0.88);
      expect(found.deviation / error).toBeLessThan(1.12);
    }
    // What is doubtful of the whole fleet is not drawn.
    expect(success.ownStandardError).toBeLessThanOrEqual(success.standardError);
    // One attempt spreads by .3 about its mean; a draw of the mean must not.
    expect(duration.logMeanStandardError).toBeLessThan(
      0.5 * Math.sqrt(Math.log1p((duration.standardError / duration.mean) ** 2)),
    );
    for (const { cost, durationMs, retries } of draws) expect(cost).toBeCloseTo(durationMs * (1 + retries), 9);
  });

  it("is one for all tasks of a kind, whatever other tasks there are and in which order", () => {
    const own = task("t", { taskType: "etl" });
    const many = [task("a", { taskType: "etl" }), task("b", { riskLevel: "HIGH" }), own, task("z", { taskType: "ml" })];
    const draw = { seed: 3, wave: 2, scale: 1 };
    const alone = predicted(waveOf(own)).sample(draw);
    const among = predicted(waveOf(...many)).sample(draw);
    const reversed = predicted(waveOf(...[...many].reverse())).sample(draw);
    expect(estimateOf(among, "t")).toEqual(estimateOf(alone, "t"));
    expect(estimateOf(reversed, "t")).toEqual(estimateOf(alone, "t"));
    expect(estimateOf(among, "a")).toEqual(estimateOf(alone, "t"));
    expect(estimateOf(among, "z")).not.toEqual(estimateOf(alone, "t"));
  });

  it("differs by seed, wave and agent, and is the same again", () => {
    const { sample } = predicted(waveOf(task("t")));
    const draws = [
      estimateOf(sample({ seed: 1, wave: 1, scale: 1 }), "t"),
      estimateOf(sample({ seed: 2, wave: 1, scale: 1 }), "t"),
      estimateOf(sample({ seed: 1, wave: 2, scale: 1 }), "t"),
      estimateOf(sample({ seed: 1, wave: null, scale: 1 }), "t"),
    ].map(({ successProbability }) => successProbability);
    expect(new Set(draws).size).toBe(4);
    expect(estimateOf(sample({ seed: 1, wave: 1, scale: 1 }), "t").successProbability).toBe(draws[0]);
  });

  it("goes together for the risks of an agent and type, but not all the way", () => {
    const { full, sample } = predicted(waveOf(task("low"), task("mid", { riskLevel: "MEDIUM" })));
    const deviations = SEEDS.map((seed) => {
      const drawn = sample({ seed, wave: 1, scale: 1 });
      return ["low", "mid"].map(
        (id) => logit(estimateOf(drawn, id).successProbability) - logit(estimateOf(full, id).successProbability),
      );
    });
    const [low, mid] = [moments(deviations.map(([a]) => a!)), moments(deviations.map(([, b]) => b!))];
    const product = moments(deviations.map(([a, b]) => (a! - low.mean) * (b! - mid.mean))).mean;
    const correlation = product / (low.deviation * mid.deviation);
    expect(correlation).toBeGreaterThan(0.7);
    expect(correlation).toBeLessThan(0.9);
  });

  it("of scale 0 is the mean, and half a scale is half the way", () => {
    const { full, sample } = predicted(waveOf(task("t", { taskType: "etl" })));
    expect(sample({ seed: 1, wave: 1, scale: 0 })).toEqual(full);
    const shiftAt = (scale: number): number =>
      logit(estimateOf(sample({ seed: 1, wave: 1, scale }), "t").successProbability) -
      logit(estimateOf(full, "t").successProbability);
    expect(shiftAt(0.5)).toBeCloseTo(shiftAt(1) / 2, 9);
  });
});

describe("a draw of given numbers", () => {
  const given = { durationMs: 10, confidenceDelta: 0, cost: 1 };
  const drawn = (estimate: object, seed: number): Estimate => {
    const wave = problem([agent("agent_0")], [task("t", { estimates: { agent_0: { ...given, ...estimate } } })]);
    return estimateOf(
      predictProblem(wave, EMPTY_HISTORY, NO_HEURISTICS, { maxRetries: 2 }).sample({ seed, wave: 1, scale: 1 }),
      "t",
    );
  };

  it("leaves what has no standard error", () => {
    const estimate = drawn({ successProbability: 0.7, retries: 0.2 }, 1);
    expect(estimate).toMatchObject({ ...given, successProbability: 0.7, retries: 0.2 });
  });

  it("spreads P by its standard error and moves retries against it", () => {
    const errors = { standardErrors: { successProbability: 0.04, retries: 0.1 } };
    const draws = SEEDS.map((seed) => drawn({ successProbability: 0.7, retries: 0.4, ...errors }, seed));
    const { mean, deviation } = moments(draws.map(({ successProbability }) => successProbability));
    expect(mean).toBeCloseTo(0.7, 2);
    expect(deviation).toBeGreaterThan(0.035);
    expect(deviation).toBeLessThan(0.045);
    for (const { successProbability, retries, durationMs } of draws) {
      expect(durationMs).toBe(10);
      expect(Math.sign(successProbability - 0.7)).toBe(-Math.sign(retries - 0.4));
    }
  });

  it("stays a probability at either end", () => {
    for (const successProbability of [0, 0.001, 0.999, 1]) {
      for (const seed of SEEDS.slice(0, 50)) {
        const moved = drawn({ successProbability, standardErrors: { successProbability: 0.3 } }, seed);
        expect(moved.successProbability).toBeGreaterThanOrEqual(0);
        expect(moved.successProbability).toBeLessThanOrEqual(1);
      }
    }
  });
});
