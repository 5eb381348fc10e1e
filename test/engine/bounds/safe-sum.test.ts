import { describe, expect, it } from "vitest";
import { SafeSum } from "../../../src/engine/bounds/safe-sum.js";

function sumOf(...values: number[]): SafeSum {
  const sum = new SafeSum();
  for (const value of values) sum.add(value);
  return sum;
}

describe("SafeSum", () => {
  it("keeps what large terms would swallow, whichever comes first", () => {
    expect(sumOf(1, 1e100, 1, -1e100).value).toBe(2);
    expect(sumOf(1e100, 1, -1e100).value).toBe(1);
    expect(sumOf(-1e100, 1, 1e100, 1).value).toBe(2);
    expect(sumOf().value).toBe(0);
  });

  it("ends below by what rounding may have moved: an epsilon of the terms' sizes for every product, and four", () => {
    expect(sumOf(3, -1).lowerEnd(0)).toBe(2 - 16 * Number.EPSILON);
    expect(sumOf(3, -1).lowerEnd(6)).toBe(2 - 40 * Number.EPSILON);
    expect(sumOf().lowerEnd(9)).toBe(0);
  });
});
