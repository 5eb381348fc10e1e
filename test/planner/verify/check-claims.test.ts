import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { checkClaims } from "../../../src/planner/verify/check-claims.js";
import { type Claim, claimOf, faultsOf, findingsOf } from "../../support/claims.js";
import { agents, type Document, task } from "../../support/documents.js";
import type { Draft } from "../../support/tampering.js";

const document: Document = { agents: agents({}, {}), tasks: [task("t1", "ab", 10), task("t2", "ab", 20)] };
let claim: Claim;

beforeAll(async () => {
  claim = await claimOf(document, { strategy: "minimize_cost", solver: "greedy" });
});
afterAll(closeSolvers);

function faults(change: (draft: Draft) => void): string[] {
  const draft = claim.draft();
  change(draft);
  return faultsOf((list) => checkClaims(draft, claim.problem, list));
}

const gateRow = (taskId: string, approval: "approved" | "pending") =>
  ({ task_id: taskId, approval }) as Draft["gate"][number];

describe("the fields of a result that speak of one fact", () => {
  it("agree in a true result", () => {
    expect(findingsOf((list) => checkClaims(claim.draft(), claim.problem, list))).toEqual([
      "options.seed: 1, seed 1",
      "limit: optimal, ended by no limit",
      "conflict: optimal, no conflict",
      "error: optimal, no error",
      "reproducible: true",
      "agents of limits.per_agent_ms: those of the problem",
      "agents of expected.utilization: those of the problem",
      "tasks of the gate: those of the problem",
    ]);
  });

  it.each<[string, (draft: Draft) => void, string[]]>([
    ["a seed", (draft) => (draft.seed = 2), ["options.seed: 1, seed 2"]],
    ["an optimum that a limit ended", (draft) => (draft.limit = "work"), ["limit: optimal, ended by work limit"]],
    ["a plan that a limit ended", (draft) => ([draft.termination, draft.limit] = ["feasible", "work"]), []],
    ["no plan that a limit ended", (draft) => ([draft.termination, draft.limit] = ["no_solution", "work"]), []],
    [
      "an infeasibility that a limit ended, without a conflict",
      (draft) => ([draft.termination, draft.limit] = ["infeasible", "work"]),
      ["limit: infeasible, ended by work limit", "conflict: infeasible, no conflict"],
    ],
    [
      "a conflict",
      (draft) => (draft.conflict = { tasks: [], agents: [], limits: [] } as never),
      ["conflict: optimal, a conflict"],
    ],
    ["an error", (draft) => (draft.error = "broken"), ["error: optimal, an error"]],
    ["an error without words", (draft) => (draft.termination = "error"), ["error: error, no error"]],
  ])("%s", (_, change, expected) => expect(faults(change)).toEqual(expected));

  it.each(["time", "abort"] as const)("do not promise the same bytes where %s ended a stage", (limit) => {
    const claimed = ["reproducible: a clock or an abort ended a stage"];
    const ended = (draft: Draft): void => void ([draft.termination, draft.limit] = ["feasible", limit]);
    expect(faults(ended)).toEqual(claimed);
    expect(faults((draft) => (draft.attempts.at(-1)!.limit = limit))).toEqual(claimed);
    expect(
      faults((draft) => {
        ended(draft);
        draft.reproducible = false;
      }),
    ).toEqual([]);
  });

  it.each<[string, (draft: Draft) => void, string[]]>([
    [
      "of a limit",
      (draft) => {
        delete draft.limits.per_agent_ms["a"];
        draft.limits.per_agent_ms["ghost"] = 1;
      },
      ["agents of limits.per_agent_ms: a is missing; ghost is not in the problem"],
    ],
    [
      "of a share of time",
      (draft) => void delete draft.expected.utilization["b"],
      ["agents of expected.utilization: b is missing"],
    ],
    ["of a plan, which its schedule is compared with", (draft) => void (draft.agent_assignments["ghost"] = []), []],
    [
      "of no plan",
      (draft) => {
        draft.objective.value = null;
        draft.agent_assignments["ghost"] = [];
      },
      ["agents of agent_assignments: ghost is not in the problem"],
    ],
  ])("name the agents of the problem: %s", (_, change, expected) => expect(faults(change)).toEqual(expected));

  it.each<[string, Draft["gate"], string[]]>([
    ["each task once", [gateRow("t1", "approved"), gateRow("t2", "approved")], []],
    ["a task twice", [gateRow("t1", "approved"), gateRow("t1", "approved")], ["t1 appears twice"]],
    ["a strange task", [gateRow("ghost", "pending")], ["ghost is not in the problem"]],
    ["a task held back and placed", [gateRow("t2", "pending")], ["t2 is pending and placed"]],
    [
      "several faults",
      [gateRow("x", "approved"), gateRow("t1", "pending")],
      ["x is not in the problem; t1 is pending and placed"],
    ],
  ])("name at the gate %s", (_, gate, expected) => {
    expect(faults((draft) => (draft.gate = gate))).toEqual(expected.map((words) => `tasks of the gate: ${words}`));
  });

  it("lets the gate hold back what is not placed", () => {
    const change = (draft: Draft): void => {
      draft.gate = [gateRow("t2", "pending")];
      draft.schedule = draft.schedule.filter(({ task_id }) => task_id !== "t2");
    };
    expect(faults(change)).toEqual([]);
  });
});
