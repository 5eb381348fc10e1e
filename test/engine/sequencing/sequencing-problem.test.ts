import { describe, expect, it } from "vitest";
import { buildSequencingProblem, latestUsefulEnd } from "../../../src/engine/sequencing/sequencing-problem.js";

const TWO_TASKS = {
  numTasks: 2,
  numAgents: 2,
  agentSlots: [5, 1],
  availableFromMs: [0, 3],
  pairStart: [0, 2, 3],
  pairAgent: [0, 1, 0],
  busyMs: [4, 6, 10],
  dependencies: [[0, 1]] as const,
  releaseMs: [0, 2],
  deadlineMs: [Infinity, 30],
};

describe("buildSequencingProblem", () => {
  it("completes the arrays", () => {
    const problem = buildSequencingProblem(TWO_TASKS);
    expect([...problem.leastBusyMs]).toEqual([4, 10]);
    expect([...problem.topologicalOrder]).toEqual([0, 1]);
    expect([...problem.predecessors]).toEqual([0]);
    expect([...problem.successors]).toEqual([1]);
    expect(problem).toMatchObject({ isWhole: true, hasDeadlines: true, absences: null, pools: null });
  });

  it("keeps no more slots than tasks that can use them", () => {
    expect([...buildSequencingProblem(TWO_TASKS).slotStart]).toEqual([0, 2, 3]);
  });

  it("sees that times are not whole", () => {
    expect(buildSequencingProblem({ ...TWO_TASKS, releaseMs: [0, 0.5] }).isWhole).toBe(false);
  });

  it.each([
    ["a cycle", { dependencies: [[0, 1] as const, [1, 0] as const] }, /cycle/],
    ["a task without an agent", { pairStart: [0, 3, 3] }, /Task 1/],
    ["a negative time", { busyMs: [4, -6, 10] }, /negative/],
    ["a time that is no number", { releaseMs: [NaN, 0] }, /negative or not finite/],
  ])("refuses %s", (_, change, message) => {
    expect(() => buildSequencingProblem({ ...TWO_TASKS, ...change })).toThrow(message);
  });

  it("bounds the end of a best schedule by the longest times in a row", () => {
    expect(latestUsefulEnd(buildSequencingProblem(TWO_TASKS))).toBe(3 + 6 + 10);
  });
});
