import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { describeChanges, missingChanges } from "../../../src/planner/documents/what-if.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { agents, NOW, task } from "../../support/documents.js";

afterAll(closeSolvers);

const WAVE = { agents: agents({}, {}), tasks: [task("t0", "ab", 10), task("t 1", "ab", 10)], options: {} };
const whatIf = { without: ["a"], drop: ["t 1"], pins: ["t0=b"] };

describe("changes that a result was solved with", () => {
  it("are written as the command line takes them", () => {
    expect(describeChanges({ ...whatIf, agentFields: ['b.skills=["x"]'] })).toEqual([
      "--agent 'b.skills=[\"x\"]'",
      "--without a",
      "--drop 't 1'",
      "--pin t0=b",
    ]);
  });

  it("are named where they are not given, and where too many are", async () => {
    const plain = await solve(WAVE, { now: NOW, strategy: "maximize_success" });
    const given = describeChanges(whatIf);
    const stated = { ...plain, what_if: given };
    expect(missingChanges(stated, [])).toBe(
      "the result was solved with --without a --drop 't 1' --pin t0=b: give the same",
    );
    expect(missingChanges(stated, given)).toBeNull();
    expect(missingChanges(plain, given.slice(0, 1))).toBe("it was solved without --without a");
  });
});
