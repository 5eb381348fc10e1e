import { describe, expect, it } from "vitest";
import { findDependencyCycle } from "../../src/domain/dependencies.js";
import { compareIds, findIdFault, recordOf } from "../../src/domain/ids.js";
import { suggestNearest } from "../../src/domain/nearest.js";
import { formatLoadLimit, parseDuration, parseLoadLimit, parseWeights } from "../../src/domain/units.js";

describe("parseDuration", () => {
  it.each([
    ["500ms", 500],
    ["5s", 5_000],
    ["2m", 120_000],
    ["1.5s", 1_500],
    [" 10MS ", 10],
  ])("reads %s", (text, durationMs) => {
    expect(parseDuration(text, "--time-limit")).toBe(durationMs);
  });

  it.each(["", "5", "s", "-5s", "0s", "0ms", "5 x", "5d", "NaNs", "Infinityms", "1e999s", "5s5s"])(
    "refuses %j",
    (text) => {
      expect(() => parseDuration(text, "--time-limit")).toThrow(
        `--time-limit: "${text}" is not a duration greater than 0; write it like 500ms, 5s or 2m`,
      );
    },
  );
});

describe("parseLoadLimit", () => {
  it.each([
    [1.25, { kind: "factor", factor: 1.25 }],
    ["1.25", { kind: "factor", factor: 1.25 }],
    ["none", { kind: "none" }],
    ["2500ms", { kind: "absolute", limitMs: 2_500 }],
    ["2s", { kind: "absolute", limitMs: 2_000 }],
  ])("reads %j and writes it again", (value, limit) => {
    expect(parseLoadLimit(value, "--load-limit")).toEqual(limit);
    expect(parseLoadLimit(formatLoadLimit(parseLoadLimit(value, "x")), "x")).toEqual(limit);
  });

  it.each([0, -1, Number.NaN, Infinity, "", "0", "0ms", "None", "1,25", "fast"])("refuses %j", (value) => {
    expect(() => parseLoadLimit(value, "--load-limit")).toThrow(/^--load-limit: .* is not a (load limit|duration)/);
  });
});

describe("parseWeights", () => {
  it("scales weights to a sum of 1, and leaves alone those that have it", () => {
    expect(parseWeights("success=3,cost=1", "--weights")).toEqual({ success: 0.75, cost: 0.25 });
    expect(parseWeights("success=3e-320,cost=1e308", "--weights")).toEqual({ success: 0, cost: 1 });
    expect(parseWeights("success=1.5e308,cost=1.5e308", "--weights")).toEqual({ success: 0.5, cost: 0.5 });
    expect(parseWeights("success=0.5,throughput=0.3,retries=0.1,confidence=0.1", "--weights")).toEqual({
      ...{ success: 0.5, throughput: 0.3, retries: 0.1, confidence: 0.1 },
    });
  });

  it("reads a list in any order", () => {
    expect(parseWeights("throughput=0.4, success=0.6", "--weights")).toEqual({ success: 0.6, throughput: 0.4 });
  });

  it.each([
    ["sucess=1", 'is not one of success, throughput, balance, retries, confidence, cost; did you mean "success"?'],
    ["success=1,success=2", '"success" is given twice'],
    ["success=-1", '"success=-1" is not a weight'],
    ["success=", '"success=" is not a weight'],
    ["success=1=2", '"success=1=2" is not a weight'],
    ["success=1e999", '"success=1e999" is not a weight'],
    ["success=0,cost=0", "no weight is greater than 0"],
    ["", '"" is not one of'],
    ["constructor=1", '"constructor" is not one of'],
  ])("refuses %j", (text, rule) => {
    expect(() => parseWeights(text, "--weights")).toThrow(rule);
  });
});

describe("ids", () => {
  it.each(["agent_0", "a", "Ä b", "constructor", "a..b", "x".repeat(128), "ä".repeat(64), "😀"])("accepts %s", (id) => {
    expect(findIdFault(id)).toBeNull();
  });

  it.each([
    ["", "is empty"],
    [".", "begins with a dot"],
    ["..", "begins with a dot"],
    [".git", "begins with a dot"],
    ["a/b", "contains a slash"],
    ["a\\b", "contains a backslash"],
    ["a\0", "contains a NUL character"],
    ["__proto__", "is a reserved word"],
    ["\ud800", "is not well-formed Unicode"],
    ["x".repeat(129), "has 129 bytes, at most 128 are allowed"],
    ["ä".repeat(65), "has 130 bytes, at most 128 are allowed"],
  ])("refuses %j", (id, fault) => {
    expect(findIdFault(id)).toBe(fault);
  });

  it("orders by code units, not by locale or number", () => {
    expect(["b", "a10", "a2", "B", "ä"].sort(compareIds)).toEqual(["B", "a10", "a2", "b", "ä"]);
  });

  it("builds records that inherit nothing", () => {
    expect(recordOf([["a", 1]]).constructor).toBeUndefined();
  });
});

describe("suggestNearest", () => {
  it("is surer of near words than of far ones", () => {
    expect(suggestNearest("confidance", ["confidence", "cost"])).toBe('did you mean "confidence"?');
    expect(suggestNearest("zzz", ["confidence", "cost"])).toBe('the nearest valid one is "cost"');
    expect(suggestNearest("zzz", [])).toBe("");
  });
});

describe("findDependencyCycle", () => {
  const wave = (edges: Record<string, string[]>) =>
    Object.entries(edges).map(([taskId, dependsOn]) => ({ taskId, dependsOn }));

  it("names the cycle and nothing else", () => {
    expect(findDependencyCycle(wave({ a: ["b"], b: ["c"], c: ["d"], d: ["b"] }))).toEqual(["b", "c", "d", "b"]);
  });

  it("accepts a diamond and tasks of other waves", () => {
    expect(findDependencyCycle(wave({ a: ["b", "c"], b: ["d"], c: ["d", "elsewhere"], d: [] }))).toBeNull();
  });

  it("walks a chain longer than any call stack", () => {
    const chain = Array.from({ length: 100_000 }, (_, k) => ({ taskId: `t${k}`, dependsOn: [`t${k + 1}`] }));
    expect(findDependencyCycle(chain)).toBeNull();
    expect(findDependencyCycle([...chain, { taskId: "t100000", dependsOn: ["t99999"] }])).toEqual([
      "t99999",
      "t100000",
      "t99999",
    ]);
  });
});
