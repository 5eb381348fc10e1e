import { describe, expect, it } from "vitest";
import { changesGoal, withPriceOfChange } from "../../models/changes.js";
import { evaluateForm } from "../../models/goal.js";
import { DEFERRED } from "../../models/instance.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { goldenInstance } from "../support/small-instance.js";

/** t1 on ada slot 0, t2 on bob, t3 on ada slot 1. */
const PLAN = { agentOf: Int32Array.of(0, 1, 0), slotOf: Int32Array.of(0, 0, 1) };

describe("changes against a plan before", () => {
  const instance = goldenInstance();

  it.each([
    [[0, 1, 0], 0],
    [[1, 1, 0], 1],
    [[1, 0, DEFERRED], 2],
    [[DEFERRED, DEFERRED, DEFERRED], 0],
  ])("of %j are counted, tasks without a place left aside", (before, count) => {
    const changes = changesGoal(instance, Int32Array.from(before));
    expect(changes.evaluate(PLAN)).toBe(count);
    expect(evaluateForm(instance, changes, PLAN)).toBe(count);
  });

  it("cost on the bad side of either sense, in value and form", () => {
    const changes = changesGoal(instance, Int32Array.of(1, 0, 0));
    for (const [strategy, sign] of [
      ["maximize_success", -1],
      ["maximize_throughput", 1],
    ] as const) {
      const goal = STRATEGY_MODELS[strategy].first.on(instance);
      const priced = withPriceOfChange(goal, changes, 0.5);
      expect(priced.evaluate(PLAN)).toBeCloseTo(goal.evaluate(PLAN) + sign * 2 * 0.5, 12);
      expect(evaluateForm(instance, priced, PLAN)).toBeCloseTo(priced.evaluate(PLAN), 12);
    }
  });
});
