import { describe, expect, it } from "vitest";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { DEFERRED, type Instance } from "../../models/instance.js";
import { findViolations } from "../../models/feasibility.js";
import * as measures from "../../models/measures.js";
import { goldenInstance } from "../support/small-instance.js";

/** t1 on ada slot 0, t2 on bob, t3 on ada slot 1. */
const PLAN = { agentOf: Int32Array.of(0, 1, 0), slotOf: Int32Array.of(0, 0, 1) };

describe("evaluate, by hand on the golden instance", () => {
  const instance = goldenInstance();

  it.each([
    ["maximize_success", 2 * 0.9 + 0.95 + 0.6],
    ["maximize_throughput", 900],
    ["balance_load", 900],
    ["minimize_retries", 2 * 0.1 + 0.05 + 0.5],
    ["confidence_optimization", 2 * 0.05 + 0.06 + 0.01],
    ["minimize_cost", 4 + 3 + 6],
  ] as const)("%s", (name, value) => {
    expect(STRATEGY_MODELS[name].evaluate(instance, PLAN)).toBeCloseTo(value, 12);
  });

  it("starts the makespan of an agent when it becomes available", () => {
    const plan = { agentOf: Int32Array.of(DEFERRED, 1, DEFERRED), slotOf: Int32Array.of(DEFERRED, 0, DEFERRED) };
    expect(measures.makespanMs(instance, plan)).toBeCloseTo(100 + 700 * 1.05, 9);
  });

  it("counts deferred tasks in the deferred weight alone", () => {
    const plan = { agentOf: Int32Array.of(DEFERRED, 1, 0), slotOf: Int32Array.of(DEFERRED, 0, 1) };
    expect(measures.deferredWeight(instance, plan)).toBe(2);
    expect(measures.weightedSuccess(instance, plan)).toBeCloseTo(0.95 + 0.6, 12);
  });

  it("weighs pairs below the gate bound of their risk", () => {
    expect(measures.weightBelowGate(instance, PLAN)).toBe(1);
  });

  it("lets an unused late agent not count", () => {
    const plan = { agentOf: Int32Array.of(0, DEFERRED, DEFERRED), slotOf: Int32Array.of(0, DEFERRED, DEFERRED) };
    const late = { ...instance, availableFromMs: Float64Array.of(0, 5000) };
    expect(measures.makespanMs(late, plan)).toBeCloseTo(440, 9);
  });
});

describe("findViolations", () => {
  const instance = goldenInstance();
  const rowsOf = (agentOf: number[], slotOf: number[]): string[] =>
    findViolations(instance, { agentOf: Int32Array.from(agentOf), slotOf: Int32Array.from(slotOf) }).map((v) => v.row);

  it("accepts a plan that keeps every row", () => {
    expect(rowsOf([1, 1, DEFERRED], [0, 0, DEFERRED])).toEqual([]);
  });

  it.each([
    [
      [0, 0, 0],
      [0, 1, 1],
      ["load[ada,1]", "budget"],
    ],
    [[1, 1, 1], [0, 0, 0], ["count[bob]"]],
    [
      [0, 1, 0],
      [0, 0, 1],
      ["load[ada,1]", "budget"],
    ],
    [[DEFERRED, 1, 1], [DEFERRED, 0, 0], ["depends[t3,t1]"]],
    [[0, 1, DEFERRED], [2, 0, DEFERRED], ["assign[t1]"]],
  ])("names the rows that agents %j in slots %j break", (agents, slots, rows) => {
    expect(rowsOf(agents, slots)).toEqual(expect.arrayContaining(rows));
    expect(rowsOf(agents, slots).filter((row) => !rows.includes(row) && row !== "budget")).toEqual([]);
  });

  it("checks load limits slot by slot, with one tolerance", () => {
    const limited = (limitMs: number): Instance => ({
      ...instance,
      ...{
        loadLimitMs: Float64Array.of(limitMs, Infinity),
        budget: Infinity,
        deadlineMs: new Float64Array(3).fill(Infinity),
      },
    });
    const rows = (limitMs: number): string[] =>
      findViolations(limited(limitMs), {
        agentOf: Int32Array.of(0, 0, DEFERRED),
        slotOf: Int32Array.of(0, 0, DEFERRED),
      }).map((v) => v.row);
    expect(rows(1065)).toEqual([]);
    expect(rows(1065 - 1e-7)).toEqual([]);
    expect(rows(1065 - 1e-5)).toEqual(["load[ada,0]"]);
    expect(rows(600)).toEqual(["load[ada,0]"]);
  });

  it("checks deadlines slot by slot", () => {
    const free = { loadLimitMs: new Float64Array(2).fill(Infinity), budget: Infinity };
    const tight = { ...instance, ...free, deadlineMs: Float64Array.of(900, 1000, Infinity) };
    const together = { agentOf: Int32Array.of(0, 0, DEFERRED), slotOf: Int32Array.of(0, 0, DEFERRED) };
    const apart = { agentOf: Int32Array.of(0, 0, DEFERRED), slotOf: Int32Array.of(0, 1, DEFERRED) };
    expect(findViolations(tight, together).map((v) => v.row)).toEqual(["deadline[ada,0,1000]"]);
    expect(findViolations(tight, apart)).toEqual([]);
  });
});
