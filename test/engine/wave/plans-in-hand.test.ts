import { describe, expect, it } from "vitest";
import { STRATEGY_MODELS } from "../../../models/strategies.js";
import { Session } from "../../../src/engine/goals/session.js";
import { applyLoadLimit } from "../../../src/engine/wave/load-limit.js";
import { plansInHand } from "../../../src/engine/wave/plans-in-hand.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { randomFullProblem } from "../../support/random-problem.js";

const instance = buildInstance(randomFullProblem(7, 12, 3), DEFAULT_OPTIONS);
const { maximize_throughput: timed, minimize_cost: untimed } = STRATEGY_MODELS;

const sessionAt = (elapsedMs: number): Session =>
  new Session(
    { ...DEFAULT_OPTIONS, timeLimitMs: 100 },
    { now: () => 0, clock: () => elapsedMs, startMs: 0, fixedNow: true },
  );

describe("plans in hand", () => {
  const limits = applyLoadLimit(instance, null);

  it("are the reference plan where time is up and the goal is of times", () => {
    expect(limits.referencePlan).not.toBeNull();
    expect(plansInHand(sessionAt(100), limits, timed)).toEqual([limits.referencePlan]);
    expect(plansInHand(sessionAt(50), limits, timed)).toEqual([]);
    expect(plansInHand(sessionAt(100), limits, untimed)).toEqual([]);
  });

  it("never break a row", () => {
    const tight = applyLoadLimit(instance, { kind: "factor", factor: 0.5 });
    expect(plansInHand(sessionAt(100), tight, timed)).toEqual([]);
    expect(plansInHand(sessionAt(100), applyLoadLimit(instance, { kind: "none" }), timed)).toEqual([]);
  });
});
