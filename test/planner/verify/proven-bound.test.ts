import { describe, expect, it } from "vitest";
import { EMPTY_FORM, type Goal, type Sense } from "../../../models/index.js";
import type { Certificate } from "../../../src/domain/index.js";
import { provenBound } from "../../../src/planner/verify/proven-bound.js";
import { askedOf } from "../../support/claims.js";
import { agents, type Document, estimate, task } from "../../support/documents.js";

const called = { strategy: "minimize_cost", loadLimit: "none" } as const;
/** Agent a has room for one of two tasks; t1 costs 4 and t2 3 on b, and 1 on a. */
const document: Document = {
  agents: agents({ capacity_ms: 10 }, {}),
  tasks: [
    task("t1", "a", 10, { estimates: { a: estimate(10), b: estimate(20, { cost: 4 }) } }),
    task("t2", "a", 10, { estimates: { a: estimate(10), b: estimate(20, { cost: 3 }) } }),
  ],
};
const plan = { agentOf: Int32Array.of(0, 1), slotOf: Int32Array.of(0, 0) };

function bound(on: Document, certificate: Certificate | null, first?: Partial<Goal>): number {
  const { instance, chain } = askedOf(on, called);
  const settled = chain.goals.slice(0, chain.firstIndex).map((goal) => ({ goal, value: 0 }));
  const goals = chain.goals.map((goal, k) => (k === chain.firstIndex ? { ...goal, ...first } : goal));
  return provenBound(instance, { chain: { ...chain, goals }, settled, plan }, certificate);
}

const path: Certificate = { kind: "path", multipliers: {}, bound: 0, tasks: ["t1", "t2"] } as unknown as Certificate;

describe("what a certificate proves", () => {
  it("is at least what each task costs alone", () => expect(bound(document, null)).toBe(2));

  it("is what its multipliers give", () => {
    const rows = { kind: "lagrangian", multipliers: { "load[a]": 0.2 }, bound: 0 } as const;
    expect(bound(document, rows)).toBe(4);
    const ofTasks = { kind: "knapsack", multipliers: { "assign[t1]": 3, "assign[t2]": 3 }, bound: 0 } as const;
    expect(bound(document, ofTasks)).toBe(4);
  });

  it.each(["path", "fleet_interval", "refuted_windows", "in_turn"] as const)(
    "is nothing by an order where nothing waits: %s",
    (kind) => expect(bound(document, { ...path, kind } as Certificate)).toBe(-Infinity),
  );

  it.each<[Sense, number]>([
    ["min", -Infinity],
    ["max", Infinity],
  ])("is nothing for a goal that is no form, %s", (sense, nothing) => {
    const goal = { ...EMPTY_FORM, sense, linearity: "nothing" } as const;
    expect(bound(document, null, goal)).toBe(nothing);
    expect(bound(document, { kind: "lagrangian", multipliers: {}, bound: 0 }, goal)).toBe(nothing);
  });
});
