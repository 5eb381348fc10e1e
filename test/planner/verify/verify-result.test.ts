import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { defineStrategy } from "../../../src/planner/instance/custom-strategy.js";
import type { SolveCallOptions } from "../../../src/planner/solve/call-options.js";
import { verifyResult } from "../../../src/planner/verify/verify-result.js";
import { type Claim, claimOf } from "../../support/claims.js";
import { agents, type Document, estimate, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

afterAll(closeSolvers);

/** One agent has room for one of two cheap tasks: 1 + 3. t3 fits nowhere. */
const document: Document = {
  agents: agents({ capacity_ms: 10 }, {}),
  tasks: [
    task("t1", "a", 10, { estimates: { a: estimate(10), b: estimate(20, { cost: 4 }) } }),
    task("t2", "a", 10, { estimates: { a: estimate(10), b: estimate(20, { cost: 3 }) } }),
    task("t3", "ab", 10, { deadline_ms: 1 }),
  ],
};
const options = { strategy: "minimize_cost", loadLimit: "none" } as const;
let claim: Claim;

beforeAll(async () => {
  claim = await claimOf(document, options);
});

function report(change: (draft: Draft) => void, { problem, asked }: Pick<Claim, "problem" | "asked"> = claim) {
  const draft = claim.draft();
  change(draft);
  return verifyResult(draft, problem, asked);
}

describe("a true result", () => {
  it("passes every check", () => {
    const { verdict, gap, message, checks, unchecked } = report(() => undefined);
    expect({ verdict, gap, message }).toEqual({
      verdict: "proved_optimal",
      gap: 0,
      message: "proved optimal by the certificate",
    });
    const names = checks.map(({ name }) => name).filter((name) => !name.startsWith("options."));
    expect(names).toEqual([
      ...["strategy", "problem", "limit", "conflict", "error", "reproducible"],
      ...["agents of limits.per_agent_ms", "agents of expected.utilization", "tasks of the gate"],
      ...["limits.factor", "limits.reference_makespan_ms", "limits of a", "limits of b"],
      ...["objective.terms", "objective.name", "objective.sense"],
      ...["every task in one place", "agent_assignments", "feasible", "schedule rows", "task_priorities"],
      ...["success_rate", "throughput_per_s", "confidence_delta", "makespan_ms", "retries", "cost"].map(
        (name) => `expected.${name}`,
      ),
      ...["utilization of a", "utilization of b", "expected_success_rate", "expected_confidence_delta", "confidence"],
      ...["forecast", "expected_throughput", "forecast and end_interval_ms, played again"],
      ...["one makespan", "exploration", "objective.value", "objective.secondary.name", "objective.secondary"],
      ...["certificate", "bound on the right side of the value", "objective.bound", "objective.bound_by"],
      ...["objective.gap", "termination"],
    ]);
    const detail = (of: string): string => checks.find(({ name }) => name === of)!.detail;
    expect(detail("problem")).toBe("sha256 agrees");
    expect(detail("feasible")).toBe("every row holds");
    expect(detail("task_priorities")).toBe("the ranks of the wave");
    expect(detail("one makespan")).toBe("20");
    expect(detail("objective.value")).toBe("4");
    expect(detail("limits of a")).toBe("10");
    expect(detail("limits of b")).toBe("null");
    expect(unchecked).toContain("deferred_tasks: reasons");
  });

  it.each<[string, (draft: Draft) => void, string, string]>([
    [
      "claims less",
      (draft) => ([draft.termination, draft.limit] = ["feasible", "work"]),
      "proved_optimal",
      "proved optimal by the certificate",
    ],
    [
      "has no certificate",
      (draft) => ([draft.certificate, draft.objective.bound_by] = [null, "search"]),
      "claimed_optimal",
      "optimal by search; the certificate proves it within 50.0 %",
    ],
    [
      "rests on a relaxation",
      (draft) => ([draft.certificate, draft.objective.bound_by] = [null, "relaxation"]),
      "claimed_optimal",
      "optimal by a relaxation that the result does not carry; the certificate proves it within 50.0 %",
    ],
    [
      "claims a plan within a bound",
      (draft) => {
        [draft.termination, draft.certificate] = ["feasible", null];
        Object.assign(draft.objective, { bound: 2, gap: 0.5, bound_by: "certificate" });
      },
      "within",
      "within 50.0 % of the best possible",
    ],
    ["claims no second goal", (draft) => (draft.objective.secondary = null), "proved_optimal", "proved optimal by"],
  ])("is still true where it %s", (_, change, verdict, message) => {
    const found = report(change);
    expect([found.verdict, found.message.slice(0, message.length)]).toEqual([verdict, message]);
  });
});

describe("a false result", () => {
  it.each<[string, (draft: Draft) => void, string[]]>([
    ["problem", (draft) => (draft.problem_sha256 = "0"), ["problem: sha256 differs"]],
    ["factor of a limit", (draft) => (draft.limits.factor = 2), ["limits.factor: stated 2, recomputed null"]],
    [
      "reference of a limit",
      (draft) => (draft.limits.reference_makespan_ms = 2),
      ["limits.reference_makespan_ms: stated 2, recomputed null"],
    ],
    ["limit", (draft) => (draft.limits.per_agent_ms["b"] = 2), ["limits of b: stated 2, recomputed null"]],
    ["limit left out", (draft) => (draft.limits.per_agent_ms["a"] = null), ["limits of a: stated null, recomputed 10"]],
    ["name of the goal", (draft) => (draft.objective.name = "retries"), ["objective.name: retries"]],
    ["sense of the goal", (draft) => (draft.objective.sense = "max"), ["objective.sense: max"]],
    [
      "agent of a task",
      (draft) => (draft.schedule.find(({ task_id }) => task_id === "t2")!.agent_id = "ghost"),
      ["every task in one place: ghost is not in the problem", "agent_assignments: those of b differ from the sch"],
    ],
    ["rank", (draft) => (draft.task_priorities["t1"] = 9), ["task_priorities: t1"]],
    [
      "ranks",
      (draft) => (draft.task_priorities = { t2: draft.task_priorities["t2"]!, ghost: 1 }),
      ["task_priorities: t1, t3, ghost"],
    ],
    ["second goal", (draft) => (draft.objective.secondary!.name = "cost"), ["objective.secondary.name: cost"]],
    [
      "value of the second goal",
      (draft) => (draft.objective.secondary!.value += 1),
      ["objective.secondary: stated 21, recomputed 20"],
    ],
    ["gap", (draft) => (draft.objective.gap = 0.1), ["objective.gap: stated 0.1, recomputed 0"]],
    [
      "termination",
      (draft) => ([draft.termination, draft.limit] = ["no_solution", "work"]),
      ["termination: no_solution, gap 0"],
    ],
    [
      "optimum beyond the bound",
      (draft) => {
        draft.certificate = null;
        Object.assign(draft.objective, { bound: 2, gap: 0.5 });
      },
      ["termination: optimal, gap 0.5"],
    ],
    [
      "optimum without a bound",
      (draft) => {
        draft.certificate = null;
        Object.assign(draft.objective, { bound: null, gap: null, bound_by: null });
      },
      ["termination: optimal, gap null"],
    ],
    [
      "exploration",
      (draft) => (draft.exploration = { cap: 1, cost: 0, scale: 0, tasks_moved: 0, base_plan: [] }),
      ["exploration: not asked for"],
    ],
    [
      "cost of a load limit",
      (draft) => (draft.limits.costs = { without: 2, by: 0.5 }),
      ["limits.costs: no load limit"],
    ],
    [
      "conflict",
      (draft) =>
        (draft.conflict = { tasks: ["x"], agents: [], limits: [], explanation: "", verified: true, minimal: true }),
      ["conflict: optimal", "tasks of the conflict: x is not in the problem"],
    ],
    ["strategy", (draft) => (draft.strategy = "balance_load"), ["strategy: balance_load, asked for minimize_cost"]],
    ["terms", (draft) => (draft.objective.terms = []), ["objective.terms: only a mix has terms"]],
  ])("is invalid: a false %s", (_, change, expected) => {
    const { verdict, gap, message, unchecked } = report(change);
    expect({ verdict, gap, unchecked }).toEqual({ verdict: "invalid", gap: null, unchecked: [] });
    const faults = message.split(/; (?=[a-z_. ]+: )/);
    expect(faults.map((one, k) => one.slice(0, expected[k]?.length))).toEqual(expected);
  });

  it("says which row of which agent does not hold, and who cannot take a task", () => {
    const both = report((draft) => {
      const row = draft.schedule.find(({ task_id }) => task_id === "t2")!;
      [row.agent_id, row.start_ms, row.end_ms] = ["a", 10, 20];
      draft.agent_assignments = { a: ["t1", "t2"], b: [] };
    });
    expect(both.message).toMatch(/^feasible: load\[a\]: /);
    const late = report((draft) => {
      draft.deferred_tasks = [];
      draft.schedule.push({ ...draft.schedule[0]!, task_id: "t3", agent_id: "b", slot: 0, start_ms: 20, end_ms: 30 });
      draft.agent_assignments["b"]!.push("t3");
    });
    expect(late.message).toMatch(/^feasible: .*t3: .*deadline/);
  });
});

describe("a result that stays near a plan", () => {
  it("is checked against that plan, and says what is left open", () => {
    const draft: Draft = { ...claim.draft(), stay: { price: 0.1, value_without: null, tasks_moved: 0, moved: [] } };
    const verifyNear = (price: number, of = draft) =>
      verifyResult(of, claim.problem, claim.asked, { plan: claim.draft(), price });
    expect(verifyNear(0.1).verdict).toBe("proved_optimal");
    expect(verifyNear(0.1).unchecked).toContain("stay.value_without");
    expect(verifyNear(0.2).message).toBe("stay.price: 0.1, asked for 0.2");
    expect(verifyNear(0.1, claim.draft()).message).toBe("stay: asked for, and not stated");
    expect(report((one) => Object.assign(one, draft)).unchecked).toContain(
      "stay: what moved, without the plan before (--plan)",
    );
  });
});

describe("a plan in order", () => {
  it("may start no task before those that it waits for have ended", async () => {
    const tasks = [task("t1", "a", 10), task("t2", "a", 10, { depends_on: ["t1"] })];
    const { draft, problem, asked } = await claimOf({ agents: agents({ slots: 2 }), tasks }, options);
    expect(verifyResult(draft(), problem, asked).verdict).toBe("proved_optimal");
    const early = draft();
    const row = early.schedule.find(({ task_id }) => task_id === "t2")!;
    [row.slot, row.start_ms, row.end_ms] = [1, 5, 15];
    expect(verifyResult(early, problem, asked).message).toMatch(/^feasible: .*t2.*t1/);
  });
});

describe("an optimum that rests on a search", () => {
  it("is refuted by a better plan", async () => {
    // Where t1 costs 9 on a, the best plan is t1 on b and t2 on a: 5.
    const [t1, ...others] = document.tasks;
    const dear = { ...t1!, estimates: { ...t1!.estimates, a: estimate(10, { cost: 9 }) } };
    const other = (await claimOf({ ...document, tasks: [dear, ...others] }, options)).draft();
    expect(other.objective.value).toBe(5);
    const bySearch = { ...other.objective, bound: 5, bound_by: "search", gap: 0 } as const;
    const draft = { ...other, problem_sha256: claim.draft().problem_sha256, certificate: null, objective: bySearch };
    const { verdict, message } = verifyResult(draft, claim.problem, claim.asked);
    expect([verdict, message]).toEqual(["invalid", "optimality: a plan of cost 4 exists, stated 5"]);
  });

  it("is that of an earlier goal too: one of two tasks has to be deferred", async () => {
    const crowded = { agents: agents({ capacity_ms: 10 }), tasks: [task("t1", "a", 10), task("t2", "a", 10)] };
    const { draft, problem, asked } = await claimOf(crowded, options);
    const verdictOf = (change: Partial<Draft>): (string | number | null)[] => {
      const { verdict, gap, message } = verifyResult({ ...draft(), ...change }, problem, asked);
      return [verdict, gap, message];
    };
    const rest = "(the settled deferral rests on the search)";
    const none = "proved here: no plan is better than 0";
    const feasible = { termination: "feasible", limit: "work" } as const;
    expect(verdictOf({})).toEqual(["claimed_optimal", null, `optimal by search; ${none} ${rest}`]);
    expect(verdictOf(feasible)).toEqual([
      ...["valid", null, `sound; proved: no plan is better than 0, which does not say how near this one is ${rest}`],
    ]);
    // Each task costs 1, or the price of its deferral, of which there is one: 1 + 1 − 1.
    const certificate: Draft["certificate"] = { kind: "lagrangian", multipliers: { "goal[deferral]": 1 }, bound: 1 };
    const proven = {
      certificate,
      objective: { ...draft().objective, bound: 1, bound_by: "certificate", gap: 0 },
    } as const;
    expect(verdictOf(proven)).toEqual(["claimed_optimal", 0, `proved optimal by the certificate ${rest}`]);
    expect(verdictOf({ ...proven, ...feasible })).toEqual(["within", 0, `proved optimal by the certificate ${rest}`]);
  });
});

describe("a plan of no proven distance", () => {
  it("is valid", async () => {
    const goal = defineStrategy({ name: "parity", sense: "min", ofPlan: ({ placed }) => placed.length % 2 });
    const called: SolveCallOptions = { strategy: goal, loadLimit: "none" };
    const { draft, problem, asked } = await claimOf(document, called);
    const { verdict, gap, bound, message } = verifyResult(draft(), problem, asked, null, goal);
    const words = "sound; no certificate says how far it is from the best possible";
    expect({ verdict, gap, bound, message }).toEqual({ verdict: "valid", gap: null, bound: null, message: words });
    const named = verifyResult(claim.draft(), claim.problem, claim.asked, null, goal);
    expect(named.message).toBe("custom strategy: minimize_cost");
  });
});
