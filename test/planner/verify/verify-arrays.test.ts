import { describe, expect, it } from "vitest";
import type { InstanceArrays } from "../../../models/index.js";
import type { ArraysCertificate, ArraysResult } from "../../../src/domain/index.js";
import { verifyArrays } from "../../../src/planner/verify/verify-arrays.js";
import { ONE_ROOM } from "../../support/one-room.js";

/** min(1 + 2, 4) + min(1 + 2, 3) − 0.2 · 10 = 4. */
const certificate: ArraysCertificate = {
  ...{ kind: "capacity_prices", multipliers: Float64Array.of(0.2, 0) },
  ...{ deferralPrice: null, bound: 4 },
};
const objective = { name: "cost", sense: "min", value: 4, bound: 4, bound_by: "certificate", gap: 0 } as const;
const truth: ArraysResult = {
  ...{ termination: "optimal", limit: null, reproducible: true, objective, certificate },
  ...{ agentOf: Int32Array.of(0, 1), slotOf: Int32Array.of(0, 0), deferredWeight: 0 },
  ...{ attempts: [], seed: 1, wallMs: 1 },
};
/** Without prices each task counts with its least cost: 1 + 1. */
const weak = { ...certificate, multipliers: new Float64Array(2), bound: 2 };
const half = { ...objective, bound: 2, gap: 0.5 };
const unbounded = { ...objective, bound: null, bound_by: null, gap: null };

function report(change: Partial<ArraysResult>, on: InstanceArrays = ONE_ROOM) {
  return verifyArrays({ ...truth, ...change }, on, "minimize_cost");
}

describe("a result on arrays", () => {
  it("is proved by its multipliers", () => {
    const { verdict, gap, message, checks, unchecked } = report({});
    expect({ verdict, gap, message }).toEqual({
      verdict: "proved_optimal",
      gap: 0,
      message: "proved optimal by the certificate",
    });
    expect(checks.map(({ name, detail }) => `${name}: ${detail}`)).toEqual([
      "goal: cost",
      "plan: one agent or none per task",
      "feasible: every row holds",
      "value: 4",
      "deferred weight: 0",
      expect.stringMatching(/^certificate: stated 4, multipliers prove (?:4|3\.9{9}\d*)$/),
      "bound on the right side of the value: bound 4, value 4",
      expect.stringMatching(/^objective\.bound: stated 4, multipliers prove /),
      "objective.bound_by: certificate, bound 4",
      "gap: 0",
      "termination: optimal, gap 0",
    ]);
    expect(unchecked).toEqual(["reproducible", "limit, attempts, seed, wallMs"]);
  });

  it.each<[string, Partial<ArraysResult>, string, number | null, string]>([
    [
      "a plan with a weaker proof",
      { termination: "feasible", objective: half, certificate: weak },
      "within",
      0.5,
      "within 50.0 % of the best possible",
    ],
    [
      "an optimum by search",
      { objective: { ...objective, bound_by: "search" }, certificate: null },
      "claimed_optimal",
      null,
      "optimal by search; no certificate proves it",
    ],
    [
      "an optimum by search, beside a weaker proof",
      { objective: { ...objective, bound_by: "relaxation" }, certificate: weak },
      "claimed_optimal",
      0.5,
      "optimal by relaxation; the certificate proves it within 50.0 %",
    ],
    [
      "a plan without a bound",
      { termination: "feasible", objective: unbounded, certificate: null },
      "valid",
      null,
      "sound; no certificate says how far it is from the best possible",
    ],
    [
      "no plan",
      {
        ...{ termination: "infeasible", agentOf: null, slotOf: null, deferredWeight: null, certificate: null },
        objective: { ...unbounded, value: null },
      },
      "valid",
      null,
      "sound; no certificate says how far it is from the best possible",
    ],
    [
      "no plan, and a bound on what it could be",
      {
        ...{ termination: "no_solution", agentOf: null, slotOf: null, deferredWeight: null, certificate: null },
        objective: { ...unbounded, value: null, bound: 2, bound_by: "search" },
      },
      "valid",
      null,
      "sound; no certificate says how far it is from the best possible",
    ],
  ])("%s", (_, change, verdict, gap, message) => {
    const found = report(change);
    expect([found.verdict, found.message]).toEqual([verdict, message]);
    if (gap === null) expect(found.gap).toBeNull();
    else expect(found.gap).toBeCloseTo(gap, 9);
  });

  it("says what was not proven", () => {
    const { unchecked } = report({
      ...{ termination: "infeasible", reproducible: false, agentOf: null, slotOf: null, certificate: null },
      objective: { ...unbounded, value: null },
    });
    expect(unchecked).toEqual(["termination: infeasible by search", "limit, attempts, seed, wallMs"]);
    expect(report({ objective: { ...objective, bound_by: "search" } }).unchecked).toEqual([
      "objective.bound: by search",
      "reproducible",
      "limit, attempts, seed, wallMs",
    ]);
  });

  it.each<[string, Partial<ArraysResult>, string]>([
    ["a goal", { objective: { ...objective, name: "retries" } }, "goal: retries"],
    ["a sense", { objective: { ...objective, sense: "max" } }, "goal: cost"],
    ["a value", { objective: { ...objective, value: 3 } }, "value: stated 3, recomputed 4"],
    ["a value of no plan", { agentOf: null, slotOf: null }, "value: stated 4, recomputed null"],
    ["a plan without slots", { slotOf: null }, "value: stated 4, recomputed null"],
    ["a plan without agents", { agentOf: null }, "value: stated 4, recomputed null"],
    ["an agent beyond the last", { agentOf: Int32Array.of(0, 2) }, "plan: not one agent or none per task"],
    ["an agent before the first", { agentOf: Int32Array.of(0, -2) }, "plan: not one agent or none per task"],
    ["a task too many", { agentOf: Int32Array.of(0, 1, 1) }, "plan: not one agent or none per task"],
    ["a slot too many", { slotOf: Int32Array.of(0, 0, 0) }, "plan: not one agent or none per task"],
    ["a deferral where it is forbidden", { agentOf: Int32Array.of(0, -1) }, "feasible: assign[task_1]"],
    ["too much work for an agent", { agentOf: Int32Array.of(0, 0) }, "feasible: load[agent_0]"],
    ["a deferred weight", { deferredWeight: 1 }, "deferred weight: stated 1, recomputed 0"],
    ["prices that fit nothing", { certificate: { ...certificate, multipliers: Float64Array.of(0.2) } }, "certificate"],
    ["a certificate's bound", { certificate: { ...certificate, bound: 5 } }, "certificate: stated 5"],
    ["a gap", { objective: { ...objective, gap: 0.1 } }, "gap: stated 0.1, recomputed 0"],
    ["a gap of no bound", { objective: { ...unbounded, gap: 0 } }, "gap: stated 0, recomputed null"],
    ["an open optimum", { objective: half, certificate: weak }, "termination: optimal, gap 0.5"],
    ["an optimum without a gap", { objective: unbounded }, "termination: optimal, gap null"],
  ])("is refused for %s", (_, change, message) => {
    const { verdict, gap, message: told, unchecked } = report(change);
    expect({ verdict, gap, unchecked }).toEqual({ verdict: "invalid", gap: null, unchecked: [] });
    expect(told.slice(0, message.length)).toBe(message);
  });

  it("may be open by a millionth where it is optimal", () => {
    const bound = 4 * (1 - 9e-7);
    const nearly = { ...objective, bound, gap: (4 - bound) / 4 };
    expect(report({ objective: nearly }).verdict).not.toBe("invalid");
    const open = 4 * (1 - 2e-6);
    expect(report({ objective: { ...objective, bound: open, gap: (4 - open) / 4 } }).verdict).toBe("invalid");
  });
});

describe("a result on arrays that defers", () => {
  /** One of two tasks has room, and the third fits nowhere. */
  const tight: InstanceArrays = {
    ...{ numTasks: 3, numAgents: 1, pairStart: [0, 1, 2, 2], pairAgent: [0, 0], weight: [1, 1, 5] },
    ...{ busyMs: [10, 10], cost: [2, 6], capacityMs: [10] },
  };
  const deferring: ArraysResult = {
    ...truth,
    agentOf: Int32Array.of(0, -1, -1),
    slotOf: Int32Array.of(0, -1, -1),
    deferredWeight: 6,
    objective: { ...objective, value: 2, bound: 2, bound_by: "certificate", gap: 0 },
    // One task may be deferred: min(2, p) + min(6, p) − p of the avoidable weight 1 is 2 for p of 2 to 6.
    certificate: { kind: "capacity_prices", multipliers: Float64Array.of(0), deferralPrice: 2, bound: 2 },
  };

  it("counts as avoidable what an agent could take, and no more", () => {
    const { verdict, message } = verifyArrays(deferring, tight, "minimize_cost");
    expect([verdict, message]).toEqual(["proved_optimal", "proved optimal by the certificate"]);
    const whole = { ...deferring, certificate: { ...deferring.certificate!, deferralPrice: 8, bound: 8 } };
    expect(verifyArrays(whole, tight, "minimize_cost").message).toMatch(/^certificate: stated 8, multipliers prove /);
  });

  it("counts the deferred weight", () => {
    const told = verifyArrays({ ...deferring, deferredWeight: 5 }, tight, "minimize_cost").message;
    expect(told).toBe("deferred weight: stated 5, recomputed 6");
  });
});
