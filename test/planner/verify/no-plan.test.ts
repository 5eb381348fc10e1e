import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { verifyResult } from "../../../src/planner/verify/verify-result.js";
import { askedOf } from "../../support/claims.js";
import { agents, type Document, solveVerified, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

/** Three tasks for agents that take one each. */
const document: Document = {
  agents: agents({ max_tasks: 1 }, { max_tasks: 1 }),
  tasks: ["t1", "t2", "t3"].map((id) => task(id, "ab", 10)),
};
const options = { strategy: "minimize_cost", loadLimit: "none", noDefer: true } as const;
const { problem, asked } = askedOf(document, options);
let text = "";

beforeAll(async () => {
  text = JSON.stringify(await solveVerified(document, options));
});
afterAll(closeSolvers);

function report(change: (draft: Draft) => void) {
  const draft = JSON.parse(text) as Draft;
  change(draft);
  return verifyResult(draft, problem, asked);
}

describe("a result without a plan", () => {
  it("is valid, by a search that is not made again", () => {
    const { verdict, gap, message, checks } = report(() => undefined);
    expect({ verdict, gap, message }).toEqual({
      ...{ verdict: "valid", gap: null },
      message: "infeasible by search; this is not re-proved here",
    });
    const last = checks.map(({ name, detail }) => `${name}: ${detail}`).filter((one) => !one.startsWith("options."));
    expect(last.slice(last.indexOf("objective.sense: min") + 1)).toEqual([
      "limits.costs: no plan, no cost of a limit",
      "no plan: none is stated",
      ...["success_rate", "throughput_per_s", "confidence_delta", "makespan_ms", "retries", "cost"].map(
        (name) => `expected.${name}: null`,
      ),
      ...["utilization of a: null", "utilization of b: null"],
      ...["expected_success_rate: null", "expected_confidence_delta: null", "confidence: 0.1"],
      "termination: infeasible, no_defer true",
      "infeasible: not refuted by a short search",
    ]);
  });

  it.each<[string, (draft: Draft) => void, string]>([
    [
      "no solution within a limit",
      (draft) => ([draft.termination, draft.limit, draft.conflict] = ["no_solution", "work", null]),
      "no plan to verify",
    ],
    [
      "an error",
      (draft) => ([draft.termination, draft.error, draft.conflict] = ["error", "broken", null]),
      "no plan to verify",
    ],
  ])("may be %s", (_, change, message) => {
    const { verdict, message: told } = report(change);
    expect([verdict, told]).toEqual(["valid", message]);
  });

  it("may be an error where tasks may be deferred, since there is no other reason", () => {
    const open = askedOf(document, { ...options, noDefer: false });
    const draft = JSON.parse(text) as Draft;
    [draft.termination, draft.error, draft.conflict, draft.options.no_defer] = ["error", "broken", null, false];
    expect(verifyResult(draft, open.problem, open.asked).message).toBe("no plan to verify");
  });

  const parts = "no plan: parts of a plan without a value";
  const spread = { mean: 1, p5: 1, p95: 1 };
  it.each<[string, (draft: Draft) => void, string]>([
    ["a placed task", (draft) => draft.schedule.push({ task_id: "t1", agent_id: "a" } as never), parts],
    ["a deferred task", (draft) => draft.deferred_tasks.push({ task_id: "t1", reason: "" }), parts],
    ["an assignment", (draft) => draft.agent_assignments["a"]!.push("t1"), parts],
    ["a bound", (draft) => (draft.objective.bound = 1), parts],
    ["a gap", (draft) => (draft.objective.gap = 0), parts],
    ["a second goal", (draft) => (draft.objective.secondary = { name: "cost", value: 1, proven: false }), parts],
    ["a certificate", (draft) => (draft.certificate = { kind: "lagrangian", multipliers: {}, bound: 0 }), parts],
    ["a rank", (draft) => (draft.task_priorities["t1"] = 1), parts],
    [
      "an exploration",
      (draft) => (draft.exploration = { cap: 0, cost: 0, scale: 0, tasks_moved: 0, base_plan: [] }),
      parts,
    ],
    [
      "a forecast",
      (draft) =>
        (draft.forecast = {
          ...{ makespan_ms: spread, success_rate: spread, throughput_per_s: spread, confidence_delta: spread },
        }),
      parts,
    ],
    ["a pace", (draft) => (draft.expected_throughput = 1), parts],
    [
      "a cost of a load limit",
      (draft) => (draft.limits.costs = { without: 1, by: 1 }),
      "limits.costs: no plan, no cost of a limit",
    ],
    ["an expectation", (draft) => (draft.expected.cost = 0), "expected.cost: stated 0, recomputed null"],
    [
      "an optimum",
      (draft) => ([draft.termination, draft.conflict] = ["optimal", null]),
      "termination: optimal, no_defer true",
    ],
    [
      "a plan that was found",
      (draft) => ([draft.termination, draft.conflict] = ["feasible", null]),
      "termination: feasible, no_defer true",
    ],
  ])("may not state %s", (_, change, message) => {
    const { verdict, message: told } = report(change);
    expect([verdict, told]).toEqual(["invalid", message]);
  });
});

describe("a claim that there is no plan", () => {
  it("is refuted by one, and by the word that tasks may be deferred", () => {
    const claims = (on: ReturnType<typeof askedOf>, noDefer: boolean): string => {
      const draft = JSON.parse(text) as Draft;
      draft.options.no_defer = noDefer;
      return verifyResult(draft, on.problem, on.asked).message;
    };
    const three = askedOf({ ...document, agents: agents({ max_tasks: 2 }, { max_tasks: 1 }) }, options);
    expect(claims(three, true)).toContain("infeasible: a plan that places every task exists");
    const open = askedOf(document, { ...options, noDefer: false });
    expect(claims(open, false)).toBe("termination: infeasible, no_defer false");
  });
});
