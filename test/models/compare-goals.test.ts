import { describe, expect, it } from "vitest";
import { compareGoals, firstDifference } from "../../models/compare-goals.js";

const GOALS = [
  { name: "deferral", sense: "min" },
  { name: "success", sense: "max" },
] as const;

describe("compareGoals", () => {
  it("looks at goals in order, each in its own sense", () => {
    expect(compareGoals(GOALS, [1, 9], [2, 10])).toBeLessThan(0);
    expect(compareGoals(GOALS, [1, 9], [1, 10])).toBeGreaterThan(0);
    expect(compareGoals(GOALS, [1, 10], [1, 9])).toBeLessThan(0);
  });

  it("calls values equal within 1e-9, and no further", () => {
    expect(compareGoals(GOALS, [0, 1000], [0, 1000 + 9e-7])).toBe(0);
    expect(compareGoals(GOALS, [0, 1000], [0, 1000 + 2e-6])).toBeGreaterThan(0);
    expect(firstDifference(GOALS, [0, 1], [0, 2])).toBe(1);
    expect(firstDifference(GOALS, [0, 1], [0, 1])).toBeNull();
    expect(firstDifference(GOALS, [0, 0], [0, 1e-9])).toBeNull();
  });

  it("compares bounds that say nothing with each other and with finite ones", () => {
    expect(firstDifference(GOALS, [0, Infinity], [0, Infinity])).toBeNull();
    expect(firstDifference(GOALS, [0, Infinity], [0, -Infinity])).toBe(1);
    expect(compareGoals(GOALS, [Infinity, 0], [1, 0])).toBe(Infinity);
  });

  it("takes values whose sum is beyond all numbers for finite", () => {
    expect(firstDifference(GOALS, [1.5e308, 0], [1.5e308 * (1 + 1e-12), 0])).toBeNull();
  });
});
