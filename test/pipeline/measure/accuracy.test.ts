import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { confidenceAccuracy, ratioAccuracy, successAccuracy } from "../../../src/pipeline/measure/accuracy.js";
import { stepWeight } from "../../../src/pipeline/measure/heuristic-weights.js";
import { twoSided } from "../../../src/pipeline/measure/prediction-error.js";

const rate = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1e9, noNaN: true }));
const change = fc.double({ min: -1, max: 1, noNaN: true });

describe("accuracies", () => {
  it("lie in [0, 1] and are 1 where the plan came true", () => {
    fc.assert(
      fc.property(rate, rate, amount, amount, change, change, (p, q, x, y, c, d) => {
        const values = [successAccuracy(p, q), ratioAccuracy(x, y), confidenceAccuracy(c, d)];
        expect(values.every((value) => value >= 0 && value <= 1)).toBe(true);
        expect([successAccuracy(p, p), confidenceAccuracy(c, c)]).toEqual([1, 1]);
        expect(ratioAccuracy(x, x)).toBe(x > 0 ? 1 : 0);
      }),
    );
  });

  it("of success and throughput do not change when plan and outcome change places", () => {
    fc.assert(
      fc.property(rate, rate, amount, amount, (p, q, x, y) => {
        expect(successAccuracy(p, q)).toBe(successAccuracy(q, p));
        expect(ratioAccuracy(x, y)).toBe(ratioAccuracy(y, x));
      }),
    );
  });

  it("measure a tiny or negative plan against .01", () => {
    expect(confidenceAccuracy(0.001, 0.006)).toBeCloseTo(0.5, 12);
    expect(confidenceAccuracy(-0.04, -0.02)).toBeCloseTo(0.5, 12);
    expect([ratioAccuracy(0, 5), ratioAccuracy(5, 0), ratioAccuracy(0, 0), ratioAccuracy(-2, -1)]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});

describe("stepWeight", () => {
  it("stays within .5 … 1.5 and comes back without rounding", () => {
    let weight = 1;
    for (let k = 0; k < 30; k++) weight = stepWeight(weight, 1);
    expect(weight).toBe(1.5);
    for (let k = 0; k < 30; k++) weight = stepWeight(weight, 0);
    expect(weight).toBe(0.5);
    for (let k = 0; k < 10; k++) weight = stepWeight(weight, 0.8);
    expect(weight).toBe(1);
    expect([stepWeight(1, 0.79), stepWeight(1, 0.61), stepWeight(1, 0.6)]).toEqual([1, 1, 0.95]);
  });
});

describe("twoSided", () => {
  it("knows the quantiles of the normal distribution", () => {
    expect(twoSided(0)).toBeCloseTo(1, 6);
    expect(twoSided(1.959964)).toBeCloseTo(0.05, 6);
    expect(twoSided(2.575829)).toBeCloseTo(0.01, 6);
    expect(twoSided(Infinity)).toBe(0);
  });
});
