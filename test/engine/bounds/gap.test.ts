import { describe, expect, it } from "vitest";
import { EMPTY_FORM, type GoalForm } from "../../../models/index.js";
import { leastScale, meets, relativeGap } from "../../../src/engine/bounds/gap.js";

const goal: GoalForm = { ...EMPTY_FORM, name: "cost", sense: "min", perPair: Float64Array.of(1, -4000, 3) };

describe("the gap between a value and a bound", () => {
  it.each([
    [10, 8, 0.2],
    [8, 10, 0.2],
    [-10, -12, 2 / 12],
    [10, 10, 0],
    [10, 10 * (1 + 9e-10), 0],
    [10, 10 * (1 + 2e-9), 2e-9],
    [0, 8e-10, 0],
    // Below a thousandth of the largest coefficient, 4, a value is no measure.
    [1, 3, 0.5],
    [0, 2, 0.5],
  ])("of %d and %d is %d", (value, bound, gap) => expect(relativeGap(goal, value, bound)).toBeCloseTo(gap, 12));

  it("counts as none up to a billionth of the value, or of 1", () => {
    expect(leastScale(goal)).toBe(4);
    expect([meets(1000, 1000 + 9e-7), meets(1000, 1000 + 2e-6)]).toEqual([true, false]);
    expect([meets(0.1, 0.1 + 9e-10), meets(0.1, 0.1 - 2e-9)]).toEqual([true, false]);
    expect(meets(-1000, -1000 - 9e-7)).toBe(true);
  });
});
