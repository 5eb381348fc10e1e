import { describe, expect, it } from "vitest";
import type { Instance } from "../../../models/instance.js";
import { applyLoadLimit, referenceMakespan } from "../../../src/engine/wave/load-limit.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { randomFullProblem } from "../../support/random-problem.js";
import { PLAIN_OPTIONS } from "../../support/small-instance.js";

const plain = buildInstance(randomFullProblem(7, 12, 3), PLAIN_OPTIONS);
const withCapacity: Instance = { ...plain, loadLimitMs: Float64Array.of(50_000, Infinity, Infinity) };

describe("load limit", () => {
  it("gives every slot 1.25 × the reference makespan by default, and never more than its capacity", () => {
    const { makespanMs, isComplete } = referenceMakespan(withCapacity);
    expect(isComplete).toBe(true);
    const { instance, factor, referenceMakespanMs } = applyLoadLimit(withCapacity, null);
    expect([factor, referenceMakespanMs]).toEqual([1.25, makespanMs]);
    const own = 1.25 * makespanMs;
    expect([...instance.loadLimitMs]).toEqual([Math.min(50_000, own), own, own]);
  });

  it("holds an explicit factor or time against every agent, the smaller of both", () => {
    const { makespanMs } = referenceMakespan(withCapacity);
    const byFactor = applyLoadLimit(withCapacity, { kind: "factor", factor: 2 });
    const limit = 2 * makespanMs;
    expect([...byFactor.instance.loadLimitMs]).toEqual([Math.min(50_000, limit), limit, limit]);
    const byTime = applyLoadLimit(withCapacity, { kind: "absolute", limitMs: 60_000 });
    expect([...byTime.instance.loadLimitMs, byTime.factor]).toEqual([50_000, 60_000, 60_000, null]);
    expect(applyLoadLimit(withCapacity, { kind: "none" }).instance).toBe(withCapacity);
  });

  it("sets no default where the reference plan defers a task or breaks the budget", () => {
    const tooSmall: Instance = { ...plain, maxTasks: plain.maxTasks.map(() => 2) };
    const deferring = applyLoadLimit(tooSmall, null);
    expect([...deferring.instance.loadLimitMs, deferring.factor]).toEqual([Infinity, Infinity, Infinity, null]);
    expect(deferring.referenceMakespanMs).toBeGreaterThan(0);
    expect(applyLoadLimit({ ...plain, budget: 0.5 }, null).factor).toBeNull();
  });

  it("does not depend on weights, budget or deferral rule", () => {
    const other: Instance = {
      ...plain,
      weight: plain.weight.map((_, task) => 1 + task),
      deferral: { kind: "forbidden" },
    };
    expect(referenceMakespan(other)).toEqual(referenceMakespan(plain));
  });
});
