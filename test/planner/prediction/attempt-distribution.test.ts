import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attemptChances,
  attemptDistribution,
  drawAttempts,
} from "../../../src/planner/prediction/attempt-distribution.js";

/** P and A that the draws have over an even grid of uniform numbers. */
function moments(successProbability: number, attempts: number, numRetries: number): { success: number; mean: number } {
  const distribution = attemptDistribution(successProbability, attempts, numRetries);
  const size = 20_000;
  let success = 0;
  let total = 0;
  for (let k = 0; k < size; k++) {
    const drawn = drawAttempts(distribution, (k + 0.5) / size);
    if (drawn > 0) success++;
    total += Math.abs(drawn);
  }
  return { success: success / size, mean: total / size };
}

describe("attemptDistribution", () => {
  it("is the exact law of equal attempts", () => {
    const q = 0.3;
    const { cumulativeGivenSuccess, attemptsGivenFailure } = attemptDistribution(1 - q ** 3, 1 + q + q ** 2, 2);
    const total = 1 + q + q ** 2;
    const expected = [1 / total, (1 + q) / total, 1];
    expect(cumulativeGivenSuccess).toEqual(expected.map((value) => expect.closeTo(value, 9)));
    expect(attemptsGivenFailure).toBe(3);
  });

  it("draws one attempt where none may be repeated", () => {
    const distribution = attemptDistribution(0.6, 1, 0);
    expect([0, 0.599, 0.6, 0.999].map((u) => drawAttempts(distribution, u))).toEqual([1, 1, -1, -1]);
  });

  it("keeps P and A whatever they are, also where they contradict R", () => {
    const probability = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    const attempts = fc.oneof(fc.constantFrom(1, 2, 3), fc.double({ min: 1, max: 4, noNaN: true }));
    fc.assert(
      fc.property(probability, attempts, fc.integer({ min: 0, max: 3 }), (p, a, numRetries) => {
        const { success, mean } = moments(p, a, numRetries);
        expect(success).toBeCloseTo(p, 3);
        expect(Math.abs(mean - a)).toBeLessThan(2e-3);
      }),
      { numRuns: 60 },
    );
  });
});

describe("attemptChances", () => {
  it("plays the distribution attempt by attempt: the same P and A", () => {
    const probability = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }));
    const attempts = fc.oneof(fc.constantFrom(1, 2, 3), fc.double({ min: 1, max: 4, noNaN: true }));
    fc.assert(
      fc.property(probability, attempts, fc.integer({ min: 0, max: 3 }), (p, a, numRetries) => {
        const { success, giveUp } = attemptChances(attemptDistribution(p, a, numRetries));
        let [reached, total, mean] = [1, 0, 0];
        success.forEach((chance, k) => {
          expect(chance).toBeGreaterThanOrEqual(-1e-12);
          mean += reached;
          total += reached * chance;
          reached *= (1 - chance) * (1 - giveUp[k]!);
        });
        expect(giveUp.at(-1)).toBe(1);
        expect(total).toBeCloseTo(p, 9);
        expect(mean).toBeCloseTo(Math.max(1, a), 6);
      }),
      { numRuns: 200 },
    );
  });

  it("gives equal attempts equal chances", () => {
    const q = 0.3;
    const { success, giveUp } = attemptChances(attemptDistribution(1 - q ** 3, 1 + q + q ** 2, 2));
    expect(success).toEqual([0.7, 0.7, 0.7].map((value) => expect.closeTo(value, 9)));
    expect(giveUp).toEqual([0, 0, 1]);
  });
});
