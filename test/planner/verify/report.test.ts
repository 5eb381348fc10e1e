import { describe, expect, it } from "vitest";
import { explorationCost } from "../../../src/planner/verify/exploration-cost.js";
import { agrees, CheckList, describeWithin, statedSlack } from "../../../src/planner/verify/report.js";

describe("what a stated number may differ by", () => {
  it.each([
    [1000, 1000, 0, true],
    [1000 + 9e-7, 1000, 0, true],
    [1000 + 2e-6, 1000, 0, false],
    [1000 - 9e-7, 1000, 0, true],
    [1000 - 2e-6, 1000, 0, false],
    [-1000 - 9e-7, -1000, 0, true],
    [1e-12, 0, 0, false],
    [0, 0, 0, true],
    [1e-12, 0, 1, true],
    [1e-8, 0, 1, false],
    [NaN, 1, 0, false],
  ])("%d for %d of terms up to %d: %s", (stated, recomputed, scale, isSame) => {
    expect(agrees(stated, recomputed, scale)).toBe(isSame);
  });

  it("is a share of the number, or of the terms where they are larger", () => {
    expect([statedSlack(-5), statedSlack(2, 7), statedSlack(7, 2)]).toEqual([5 * 1e-9, 7 * 1e-9, 7 * 1e-9]);
    expect(agrees(1e-12, 0)).toBe(false);
  });
});

describe("a gap in words", () => {
  it.each([
    [null, null],
    [1, null],
    [2, null],
    [0.999, "within 99.9 %"],
    [0.01234, "within 1.23 %"],
    [0, "within 0.00 %"],
  ])("%s: %s", (gap, words) => expect(describeWithin(gap)).toBe(words));
});

describe("CheckList", () => {
  it("keeps every check in order, and says which failed", () => {
    const list = new CheckList();
    expect(list.check("one", true, "well")).toBe(true);
    expect(list.check("two", false, "badly")).toBe(false);
    expect(list.checks).toEqual([
      { name: "one", passed: true, detail: "well" },
      { name: "two", passed: false, detail: "badly" },
    ]);
    expect(list.failed.map(({ name }) => name)).toEqual(["two"]);
  });

  it.each([
    [5, 5, "5", true],
    [null, null, "null", true],
    [null, 0, "stated null, recomputed 0", false],
    [0, null, "stated 0, recomputed null", false],
    [5, 6, "stated 5, recomputed 6", false],
  ])("compares %s with %s", (stated, recomputed, detail, passed) => {
    const list = new CheckList();
    expect(list.equal("number", stated, recomputed)).toBe(passed);
    expect(list.checks).toEqual([{ name: "number", passed, detail }]);
  });

  it("takes the size of the terms where it is told", () => {
    const list = new CheckList();
    expect([list.equal("sum", 1e-12, 0), list.equal("sum", 1e-12, 0, 1)]).toEqual([false, true]);
  });
});

describe("the cost of exploring", () => {
  it.each([
    ["min", 12, 10, 0.2],
    ["min", 10, 10, 0],
    ["min", 8, 10, 0],
    ["max", 8, 10, 0.2],
    ["max", 12, 10, 0],
    ["min", -8, -10, 0.2],
    ["min", 1, 0, Infinity],
    ["min", 0, 0, 0],
  ] as const)("%s %d from %d: %d", (sense, value, base, cost) => {
    const goal = { sense } as Parameters<typeof explorationCost>[0];
    expect(explorationCost(goal, value, base)).toBeCloseTo(cost, 12);
  });
});
