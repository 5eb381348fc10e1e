import { describe, expect, it } from "vitest";
import type { Assignment, Goal, MixPart } from "../../../models/index.js";
import type { ChainOutcome } from "../../../src/engine/goals/chain-outcome.js";
import { boundOfParts, singleBound, type SingleBound, withMixBound } from "../../../src/engine/wave/mix-bound.js";

const plan: Assignment = { agentOf: Int32Array.of(0), slotOf: Int32Array.of(0) };
const goalOf = (name: string, value: number, sense: "min" | "max" = "min"): Goal =>
  ({ name, sense, evaluate: () => value }) as unknown as Goal;
const outcomeOf = (change: Partial<ChainOutcome>): ChainOutcome =>
  ({
    goals: [goalOf("deferral", 2), goalOf("mix", 0.3)],
    firstIndex: 1,
    plan,
    steps: [
      { goal: goalOf("deferral", 2), value: 2, proof: "bound" },
      { goal: goalOf("mix", 0.3), value: 0.3, proof: null },
    ],
    certificate: { kind: "lagrangian", multipliers: {}, bound: -0.2 },
    bound: -0.2,
    boundBy: "search",
    limit: "work",
    ...change,
  }) as ChainOutcome;

/** Success at most 9 where 10 was the best plan's, time at least 90 where it was 100. */
const PARTS: readonly MixPart[] = [
  { key: "success", weight: 0.5, ideal: 9, nadir: 4 },
  { key: "throughput", weight: 0.4, ideal: 100, nadir: 300 },
];
const bounds = (deferred: number): SingleBound[] => [
  { before: [goalOf("deferral", 2)], settled: [deferred], bound: 9.5 },
  { before: [goalOf("deferral", 2)], settled: [deferred], bound: 90 },
];

describe("what the bounds of the single goals say of a mix", () => {
  it("is their weighted sum, 0 where each is met", () => {
    // 0.5 · (9.5 − 9) / (4 − 9) + 0.4 · (90 − 100) / (300 − 100)
    expect(boundOfParts(PARTS, bounds(2), plan)).toBeCloseTo(-0.05 - 0.02, 12);
    const met = bounds(2).map((one, k) => ({ ...one, bound: PARTS[k]!.ideal }));
    expect(boundOfParts(PARTS, met, plan)).toBe(0);
  });

  it("is nothing where a goal has no bound, or its optimum defers less than the plan", () => {
    expect(boundOfParts(PARTS, [bounds(2)[0]!, null], plan)).toBeNull();
    expect(boundOfParts(PARTS, bounds(1), plan)).toBeNull();
    expect(boundOfParts(PARTS, bounds(3), plan)).not.toBeNull();
  });

  it("is taken from the search that was exhausted, else from the bound", () => {
    const searched = outcomeOf({}).steps.map((step) => ({ ...step, proof: "search" as const }));
    expect(singleBound(outcomeOf({ steps: searched }))).toMatchObject({ bound: 0.3, settled: [2] });
    expect(singleBound(outcomeOf({}))).toMatchObject({ bound: -0.2, settled: [2] });
    expect(singleBound(outcomeOf({ bound: null }))).toBeNull();
    expect(singleBound(outcomeOf({ plan: null }))).toBeNull();
  });
});

describe("a mix with the bound of its parts", () => {
  it("keeps the better of two bounds", () => {
    expect(withMixBound(outcomeOf({}), -0.07)).toMatchObject({ bound: -0.07, boundBy: "relaxation", limit: "work" });
    const own = outcomeOf({});
    expect(withMixBound(own, -0.3)).toBe(own);
  });

  it("is proven where its value meets it, and the bound is not above the value by its rounding", () => {
    const proven = withMixBound(outcomeOf({}), 0.3 + 1e-12);
    expect(proven).toMatchObject({ bound: 0.3, limit: null });
    expect(proven.steps[1]!.proof).toBe("bound");
    const open = outcomeOf({}).steps.map((step) => ({ ...step, proof: null }));
    const rest = withMixBound(outcomeOf({ steps: open }), 0.3);
    expect([rest.limit, rest.steps[0]!.proof]).toEqual(["work", null]);
  });
});
