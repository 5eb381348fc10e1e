import { describe, expect, it } from "vitest";
import { mustLeaveOut } from "../../../src/engine/ordered/must-leave-out.js";
import { askedOf } from "../../support/claims.js";
import { agents, task } from "../../support/documents.js";

/** Five tasks of 10 ms, one of them behind another, on agents a and b with these fields. */
function isShort(ofAgents: Readonly<Record<string, unknown>>): boolean {
  const tasks = ["t1", "t2", "t3", "t4", "t5"].map((id) => task(id, "ab", 10));
  tasks[1] = { ...tasks[1]!, depends_on: ["t1"] };
  const { instance } = askedOf({ agents: agents(ofAgents, ofAgents), tasks }, { loadLimit: "none" });
  return mustLeaveOut(instance);
}

describe("sums show that a task must be left out", () => {
  it.each([
    ["loads", { capacity_ms: 24 }, { capacity_ms: 25 }],
    ["numbers of tasks", { max_tasks: 2 }, { max_tasks: 3 }],
    ["presence", { available_until_ms: 24 }, { available_until_ms: 25 }],
    ["absences", { available_until_ms: 30, unavailable: [[0, 6]] }, { available_until_ms: 30, unavailable: [[0, 5]] }],
  ])("by %s", (_, short, enough) => {
    expect([isShort(short), isShort(enough)]).toEqual([true, false]);
  });

  it("by costs", () => {
    const estimate = { success_probability: 0.9, duration_ms: 10, retries: 0, confidence_delta: 0 };
    const estimates = { a: { ...estimate, cost: 3 }, b: { ...estimate, cost: 5 } };
    const tasks = ["t1", "t2"].map((id) => ({ ...task(id, "ab", 10), release_ms: 1, estimates }));
    const shortOf = (budget: number): boolean =>
      mustLeaveOut(askedOf({ agents: agents({}, {}), tasks }, { loadLimit: "none", budget }).instance);
    expect([shortOf(5.9), shortOf(6)]).toEqual([true, false]);
  });
});
