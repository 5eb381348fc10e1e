import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { parseChanged, parseProblem, problemToDocument } from "../../../src/planner/documents/problem-document.js";
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
    const problem = parseProblem(WAVE, "wave");
    const changed = parseChanged(WAVE, "wave", whatIf);
    const plain = await solve(WAVE, { now: NOW, strategy: "maximize_success" });
    const other = await solve(problemToDocument(changed), { now: NOW, strategy: "maximize_success" });
    const given = describeChanges(whatIf);
    const stated = { ...other, what_if: given };
    expect(missingChanges(stated, problem, [])).toBe(
      "the result was solved with --without a --drop 't 1' --pin t0=b: give the same",
    );
    expect(missingChanges(stated, changed, given)).toBeNull();
    // A result that does not say them gives away what is gone, but no pin.
    expect(missingChanges(other, problem, [])).toBe(
      "the result was solved with --without a --drop 't 1': give the same",
    );
    expect(missingChanges(plain, changed, given)).toBe("it was solved without --without a --drop 't 1'");
  });
});
