import { describe, expect, it } from "vitest";
import { EstimateTable } from "../../src/domain/estimate-table.js";
import type { Estimate } from "../../src/domain/problem.js";

const NUMBERS = { successProbability: 0.9, durationMs: 30, retries: 0.2, confidenceDelta: 0.01, cost: 4 };
const ERRORS = { successProbability: 0.1, durationMs: 3, retries: 0.05, confidenceDelta: 0.02, cost: 1 };

/** A table of two tasks, in which the second task has these numbers with one agent. */
function tableOf(agentIds: readonly string[], agentId: string, meanDurationMs = 0): EstimateTable {
  const table = new EstimateTable(2, agentIds);
  const entry = agentIds.length + table.agentAt(agentId)!;
  for (const name of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) {
    table.values[name][entry] = NUMBERS[name];
    table.errors[name][entry] = ERRORS[name];
  }
  table.errors.meanDurationMs[entry] = meanDurationMs;
  return table;
}

describe("a row of a table", () => {
  it("reads like a plain record", () => {
    const row = tableOf(["b", "a", "2", "1"], "a").row(1);
    const plain: Record<string, Estimate> = { ...row };
    expect(row["a"]).toEqual({ ...NUMBERS, standardErrors: ERRORS });
    expect(plain).toEqual(row);
    expect(Object.keys(row)).toEqual(Object.keys({ b: 0, a: 0, "2": 0, "1": 0 }));
    expect(Object.values(row)[3]).toEqual(row["a"]);
    expect([Object.hasOwn(row, "b"), "c" in row, Object.hasOwn(row, "toString")]).toEqual([true, false, false]);
    expect([row["c"], row["constructor"]]).toEqual([undefined, undefined]);
    expect(JSON.parse(JSON.stringify(row))).toEqual(plain);
  });

  it("holds an agent whose id is a word of the language", () => {
    const row = tableOf(["__proto__", "constructor"], "__proto__").row(1);
    expect(Object.getOwnPropertyDescriptor(row, "__proto__")?.value).toMatchObject(NUMBERS);
    expect(Object.keys(row)).toEqual(["__proto__", "constructor"]);
  });

  it("has the numbers of its own task, and optional ones only where there are some", () => {
    const table = tableOf(["a", "b"], "b", 2);
    expect(table.row(0)["b"]).toMatchObject({ durationMs: 0 });
    expect(table.row(1)["b"]!.standardErrors).toEqual({ ...ERRORS, meanDurationMs: 2 });
    expect(table.row(1)["b"]).not.toHaveProperty("planning");
    table.setPlanning(2, { successProbability: 0, retries: 1 });
    expect(table.row(1)["a"]!.planning).toEqual({ successProbability: 0, retries: 1 });
    expect(table.row(1)["b"]).not.toHaveProperty("planning");
  });

  it("cannot be written", () => {
    const row = tableOf(["a"], "a").row(1) as Record<string, Estimate>;
    expect(() => (row["b"] = row["a"]!)).toThrow(TypeError);
    expect(() => delete row["a"]).toThrow(TypeError);
    expect(() => Object.freeze(row)).toThrow(TypeError);
    expect(row["b"]).toBeUndefined();
  });
});
