import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NO_HEURISTICS } from "../../../src/domain/history.js";
import type { RiskLevel } from "../../../src/domain/problem.js";
import {
  attemptConfidences,
  attemptsFromSuccess,
  forecastAttempts,
  logitSlopes,
  penalizedConfidence,
  retriesAllowed,
} from "../../../src/planner/prediction/attempts.js";
import { HEURISTICS } from "./worlds.js";

const sigmoid = (eta: number): number => 1 / (1 + Math.exp(-eta));

describe("retriesAllowed", () => {
  it.each<[RiskLevel, number, number]>([
    ["LOW", 5, 2],
    ["LOW", 1, 1],
    ["MEDIUM", 2, 2],
    ["HIGH", 2, 0],
  ])("lets H16_003 cap %s with %i retries at %i", (risk, maxRetries, expected) => {
    expect(retriesAllowed(risk, HEURISTICS, maxRetries)).toBe(expected);
  });

  it.each<RiskLevel>(["LOW", "MEDIUM", "HIGH"])("allows all retries of %s without H16_003", (risk) => {
    expect(retriesAllowed(risk, NO_HEURISTICS, 2)).toBe(2);
  });
});

describe("attemptConfidences", () => {
  it("drops by .05 per failure and stops at the floor", () => {
    expect(attemptConfidences(0.12, "LOW", NO_HEURISTICS, 3)).toEqual([0.12, 0.12 - 0.05, 0.05, 0.05]);
  });

  it("boosts MEDIUM at both inclusive ends, for that attempt only", () => {
    const closeTo = (values: number[]): unknown[] => values.map((value) => expect.closeTo(value, 12));
    expect(attemptConfidences(0.7, "MEDIUM", HEURISTICS, 1)).toEqual(closeTo([0.75, 0.65]));
    expect(attemptConfidences(0.75, "MEDIUM", HEURISTICS, 2)).toEqual(closeTo([0.8, 0.75, 0.65]));
    expect(attemptConfidences(0.76, "MEDIUM", HEURISTICS, 0)).toEqual([0.76]);
    expect(attemptConfidences(0.699, "MEDIUM", HEURISTICS, 0)).toEqual([0.699]);
    expect(attemptConfidences(0.7, "LOW", HEURISTICS, 0)).toEqual([0.7]);
  });

  it("finds the inclusive end again after penalties", () => {
    expect(attemptConfidences(0.85, "MEDIUM", HEURISTICS, 3)[3]).toBeCloseTo(0.75, 12);
  });

  it("scales boost and penalty by their weights and never passes 1", () => {
    const weighted = { ...HEURISTICS, weights: { H16_002: 1.5, H16_003: 0.5 } };
    expect(attemptConfidences(0.7, "MEDIUM", weighted, 0)[0]).toBeCloseTo(0.775, 12);
    expect(penalizedConfidence(0.9, "LOW", weighted, 2)).toBeCloseTo(0.85, 12);
    const generous = { ...HEURISTICS, boost: { ...HEURISTICS.boost!, amount: 0.9 } };
    expect(attemptConfidences(0.7, "MEDIUM", generous, 0)).toEqual([1]);
  });

  it("uses the default penalty for a risk H16_003 does not list", () => {
    const harsh = { ...HEURISTICS, retry: { ...HEURISTICS.retry!, confidencePenalty: -0.2 } };
    expect(penalizedConfidence(0.9, "LOW", harsh, 1)).toBeCloseTo(0.7, 12);
    expect(penalizedConfidence(0.9, "HIGH", harsh, 1)).toBeCloseTo(0.85, 12);
  });
});

describe("forecastAttempts", () => {
  it("gives P and A by hand", () => {
    const forecast = forecastAttempts([0.8, 0.6, 0.5]);
    expect(forecast.successProbability).toBeCloseTo(1 - 0.2 * 0.4 * 0.5, 12);
    expect(forecast.attempts).toBeCloseTo(1 + 0.2 + 0.2 * 0.4, 12);
  });

  it("keeps P in [0, 1] and A in [1, R + 1], both monotone in confidence", () => {
    const confidence = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(confidence, confidence, fc.integer({ min: 0, max: 5 }), (a, b, numRetries) => {
        const at = (c: number) => forecastAttempts(attemptConfidences(c, "LOW", HEURISTICS, numRetries));
        const [lower, higher] = [at(Math.min(a, b)), at(Math.max(a, b))];
        expect(lower.successProbability).toBeGreaterThanOrEqual(0);
        expect(higher.successProbability).toBeLessThanOrEqual(1);
        expect(lower.successProbability).toBeLessThanOrEqual(higher.successProbability + 1e-12);
        expect(higher.attempts).toBeGreaterThanOrEqual(1);
        expect(lower.attempts).toBeLessThanOrEqual(numRetries + 1);
        expect(higher.attempts).toBeLessThanOrEqual(lower.attempts + 1e-12);
      }),
    );
  });

  it("has the slopes of a finite difference on the logit scale", () => {
    const chancesAt = (eta: number) => [0.3, 0.1, -0.4].map((base) => sigmoid(base + eta));
    const at = (eta: number) => forecastAttempts(chancesAt(eta));
    const slopes = logitSlopes(chancesAt(0));
    const h = 1e-5;
    expect(slopes.success).toBeCloseTo((at(h).successProbability - at(-h).successProbability) / (2 * h), 7);
    expect(slopes.attempts).toBeCloseTo((at(h).attempts - at(-h).attempts) / (2 * h), 7);
  });
});

describe("attemptsFromSuccess", () => {
  it("gives A from P by hand", () => {
    expect(attemptsFromSuccess(1 - 0.2 ** 3, 2)).toBeCloseTo(1 + 0.2 + 0.04, 12);
    expect(attemptsFromSuccess(0.7, 0)).toBe(1);
    expect(attemptsFromSuccess(1, 2)).toBe(1);
    expect(attemptsFromSuccess(0, 2)).toBe(3);
  });
});
