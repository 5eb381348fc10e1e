import { describe, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/index.js";
import { listUnchecked } from "../../../src/planner/verify/list-unchecked.js";

const objective = { bound_by: "certificate", secondary: null };
const bare = {
  ...{ termination: "feasible", objective, conflict: null, limits: { costs: null }, deferred_tasks: [], gate: [] },
  reproducible: false,
};
const ALWAYS = [
  "options: those of the search (gap, limits, threads, seed, solver)",
  "solver, attempts, wall_ms, timestamp",
];

function added(change: object, isPlanBeforeKnown = false): string[] {
  const names = listUnchecked({ ...bare, ...change } as unknown as ResultDocument, isPlanBeforeKnown);
  return names.filter((name) => !ALWAYS.includes(name));
}

describe("what a sound result states beyond what can be counted again", () => {
  it("is at least how it was searched", () => {
    expect(listUnchecked(bare as unknown as ResultDocument, false)).toEqual(ALWAYS);
  });

  it.each<[string, object, string[]]>([
    ["an infeasibility", { termination: "infeasible" }, ["termination: infeasible by search"]],
    ["a conflict", { conflict: {} }, ["conflict: that its parts clash, that it is minimal, and its explanation"]],
    ["a bound by search", { objective: { ...objective, bound_by: "search" } }, ["objective.bound: by search"]],
    ["no bound", { objective: { ...objective, bound_by: null } }, []],
    [
      "a proven second goal",
      { objective: { ...objective, secondary: { proven: true } } },
      ["objective.secondary.proven"],
    ],
    ["a second goal that is not proven", { objective: { ...objective, secondary: { proven: false } } }, []],
    ["a mix", { objective: { ...objective, terms: [{}] } }, ["objective.terms: ideals and nadirs"]],
    ["a mix of nothing", { objective: { ...objective, terms: [] } }, []],
    [
      "a cost of the load limit",
      { limits: { costs: {} } },
      ["limits.costs: how good the first goal is without the load limit"],
    ],
    ["changes of the document", { what_if: [] }, ["what_if: that these flags made the problem"]],
    ["deferred tasks", { deferred_tasks: [{}] }, ["deferred_tasks: reasons"]],
    ["a gate", { gate: [{}] }, ["gate"]],
    ["the same bytes again", { reproducible: true }, ["reproducible"]],
  ])("%s", (_, change, expected) => expect(added(change)).toEqual(expected));

  it("is what moved, where the plan before is not known, and the value without it where it is", () => {
    expect(added({ stay: {} }, false)).toEqual(["stay: what moved, without the plan before (--plan)"]);
    expect(added({ stay: {} }, true)).toEqual(["stay.value_without"]);
    expect(added({}, true)).toEqual([]);
  });
});
