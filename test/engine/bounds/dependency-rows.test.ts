import { describe, expect, it } from "vitest";
import { deferralGoal } from "../../../models/index.js";
import { boundOfMultipliers } from "../../../src/engine/bounds/goal-bound.js";
import { relaxedRows } from "../../../src/engine/bounds/relaxation.js";
import { reduceRows } from "../../../src/engine/prove/reduce-rows.js";
import { sideRows, viewAsAssignment } from "../../../src/engine/prove/assignment-view.js";
import { askedOf } from "../../support/claims.js";
import { agents, task } from "../../support/documents.js";

/** The heavy task t2 waits for t1, and there is a place for one of them. */
function waveOf(options: { readonly noDefer?: boolean } = {}) {
  const tasks = [task("t1", "ab", 10), task("t2", "ab", 10, { depends_on: ["t1"], weight: 3 })];
  return askedOf({ agents: agents({ max_tasks: 1 }, { max_tasks: 0 }), tasks }, { loadLimit: "none", ...options });
}

describe("a task that waits for another is placed only with it", () => {
  const { instance } = waveOf();
  const goal = deferralGoal(instance);

  it("in the bound: 2 of a weight of 4, where without the row it would be 1", () => {
    const multipliers = { "count[a]": 2, "count[b]": 2 };
    expect(boundOfMultipliers(instance, goal, [], { ...multipliers, "depends[t2,t1]": 1 }).bound).toBe(2);
    expect(boundOfMultipliers(instance, goal, [], multipliers).bound).toBe(1);
  });

  it("as long as something may be left out", () => {
    const namesOf = (...args: Parameters<typeof relaxedRows>): string[] => relaxedRows(...args).map(({ name }) => name);
    expect(namesOf(instance, goal, [])).toContain("depends[t2,t1]");
    expect(namesOf(instance, goal, [{ goal, value: 3 }])).toContain("depends[t2,t1]");
    expect(namesOf(instance, goal, [{ goal, value: 0 }])).not.toContain("depends[t2,t1]");
    expect(namesOf(waveOf({ noDefer: true }).instance, goal, [])).not.toContain("depends[t2,t1]");
  });

  it("on the way to a whole assignment: the first left out takes the room of the second", () => {
    const rows = sideRows(instance, []).filter(({ name }) => name === "depends[t2,t1]");
    const { problem, taskOf } = viewAsAssignment(instance, goal, [], {});
    const { room, start, row, coefficient } = reduceRows(instance, problem, taskOf, rows);
    const uses = Array.from({ length: problem.pairAgent.length }, (_, at) => [
      ...coefficient.subarray(start[at]!, start[at + 1]!),
    ]);
    // Each task on a or left out: t1 takes the room of 1 by being left out, t2 by being placed.
    expect(uses).toEqual([[], [1], [1], []]);
    expect([room[0]! - 1 < 1e-6, room[0]! >= 1, row.length]).toEqual([true, true, 2]);
  });
});
