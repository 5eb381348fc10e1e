import { describe, expect, it } from "vitest";
import { checkConflict } from "../../../src/planner/verify/check-conflict.js";
import { askedOf, findingsOf } from "../../support/claims.js";
import { agents, task } from "../../support/documents.js";

const { problem, instance } = askedOf(
  { agents: agents({ max_tasks: 1 }, { capacity_ms: 5 }), tasks: [task("t1", "ab", 10), task("t2", "ab", 10)] },
  { loadLimit: "none", budget: 9 },
);

function findings(
  tasks: string[],
  agentIds: string[],
  limits: string[],
  asked: Pick<ReturnType<typeof askedOf>, "problem" | "instance"> = { problem, instance },
): string[] {
  const conflict = { tasks, agents: agentIds, limits, explanation: "", verified: true, minimal: true };
  return findingsOf((list) => checkConflict(conflict, asked.problem, asked.instance, list));
}

describe("a conflict names tasks, agents and limits of the wave", () => {
  it("each at most once", () => {
    expect(findings(["t2", "t1"], ["b"], ["count[a]", "load[b]", "budget"])).toEqual([
      "tasks of the conflict: those of the problem",
      "agents of the conflict: those of the problem",
      "limits of the conflict: those of the problem",
    ]);
    expect(findings([], [], []).every((one) => one.endsWith(": those of the problem"))).toBe(true);
  });

  it("and says what is wrong with each", () => {
    expect(findings(["t1", "t1", "x"], ["a", "c"], ["count[b]", "budget", "budget"])).toEqual([
      "not tasks of the conflict: t1 appears twice; x is not in the problem",
      "not agents of the conflict: c is not in the problem",
      "not limits of the conflict: count[b] is not a limit in force; budget appears twice",
    ]);
  });

  it("knows limits of times where no task can be placed", () => {
    const late = { ...task("t1", "a", 10), deadline_ms: 5, uses: { gpu: 2 } };
    const comesAndGoes = { available_until_ms: 100, unavailable: [[20, 30] as [number, number]] };
    const asked = askedOf(
      { agents: agents(comesAndGoes), tasks: [late], pools: { gpu: 3 } },
      { loadLimit: "none", noDefer: true },
    );
    expect(asked.instance.timing).toBeNull();
    const limits = ["pool[gpu]", "absences[a]", "departure[a]", "deadlines"];
    expect(findings(["t1"], ["a"], limits, asked)[2]).toBe("limits of the conflict: those of the problem");
  });
});
