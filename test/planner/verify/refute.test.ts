import { describe, expect, it } from "vitest";
import { type Assignment, type Instance, numDeferred } from "../../../models/index.js";
import type { SolveCallOptions } from "../../../src/planner/solve/call-options.js";
import { findBetter, findCompletePlan } from "../../../src/planner/verify/refute.js";
import { askedOf } from "../../support/claims.js";
import { agents, type Document, estimate, task } from "../../support/documents.js";

/** Agent a has room for one of two tasks; t1 costs 4 and t2 3 on b, and 1 on a. */
const document: Document = {
  agents: agents({ capacity_ms: 10 }, {}),
  tasks: [
    task("t1", "a", 10, { estimates: { a: estimate(10), b: estimate(20, { cost: 4 }) } }),
    task("t2", "a", 10, { estimates: { a: estimate(10), b: estimate(20, { cost: 3 }) } }),
  ],
};
const ordered: Document = {
  ...document,
  tasks: document.tasks.map((one) => (one.task_id === "t2" ? { ...one, depends_on: ["t1"] } : one)),
};
const called = { strategy: "minimize_cost", loadLimit: "none" } as const;

function better(on: Document, options: SolveCallOptions, plan: Assignment): string | null {
  const { instance, chain } = askedOf(on, options);
  return findBetter(instance, chain.goals.slice(0, chain.firstIndex + 1), plan);
}

const planOf = (...agentOf: number[]): Assignment => ({
  agentOf: Int32Array.from(agentOf),
  slotOf: Int32Array.from(agentOf, (agent) => Math.min(0, agent)),
});

describe("a better plan", () => {
  it("is found where there is one, and named by its value", () => {
    expect(better(document, called, planOf(1, 0))).toBe("a plan of cost 4 exists, stated 5");
    expect(better(document, called, planOf(0, 1))).toBeNull();
    expect(better(document, { ...called, strategy: "maximize_success" }, planOf(0, 1))).toBeNull();
  });

  it("is one that places more", () => {
    expect(better(document, called, planOf(-1, -1))).toBe("a plan of deferral 0 exists, stated 2");
    const told = better(document, { ...called, strategy: "maximize_success", deferPenalty: 1e-3 }, planOf(-1, -1));
    expect(told).toBe("a plan of success 1.8 exists, stated -0.002");
  });

  it("defers nothing where that is forbidden", () => {
    const told = better(document, { ...called, noDefer: true }, planOf(1, 0));
    expect(told).toBe("a plan of cost 4 exists, stated 5");
  });

  it("is found among plans in order too", () => {
    const startMs = Float64Array.of(0, 20);
    expect(better(ordered, called, { ...planOf(1, 0), startMs })).toBe("a plan of cost 4 exists, stated 5");
    expect(better(ordered, called, { ...planOf(0, 1), startMs: Float64Array.of(0, 10) })).toBeNull();
  });
});

describe("a plan that places every task", () => {
  const complete = (on: Document): Assignment | null => {
    const { instance } = askedOf(on, { ...called, noDefer: true });
    const plan = findCompletePlan(instance);
    expect(plan === null || numDeferred(plan) === 0).toBe(true);
    return plan;
  };
  const crowded = (on: Document): Document => ({ ...on, agents: agents({ capacity_ms: 10 }, { capacity_ms: 10 }) });

  it.each([
    ["without an order", document],
    ["in order", ordered],
  ])("is found where there is one, %s", (_, on) => {
    expect(complete(on)?.agentOf).toHaveLength(2);
    expect(complete(crowded(on))).toBeNull();
  });

  it("may come from a wave of many pairs", () => {
    // One agent can take each of 30 tasks, and no agent two of them.
    const instance: Instance = askedOf(
      {
        agents: agents(...Array.from({ length: 30 }, () => ({ max_tasks: 1 }))),
        tasks: Array.from({ length: 30 }, (_, k) => task(`t${k}`, "ab", 10)),
      },
      { ...called, noDefer: true },
    ).instance;
    expect(findCompletePlan(instance)).not.toBeNull();
  });
});
