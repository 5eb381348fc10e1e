import { expect, it } from "vitest";
import { FleetTime } from "../../../src/engine/sequencing/agent-time.js";
import { buildSequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

it("keeps the small price of an agent that stays when a dear one leaves", () => {
  const problem = buildSequencingProblem({
    ...{ numTasks: 1, numAgents: 2, agentSlots: [1, 1], availableFromMs: [0, 0], dependencies: [] },
    ...{ pairStart: [0, 2], pairAgent: [0, 1], busyMs: [3, 3], releaseMs: [0], deadlineMs: [Infinity] },
    absences: {
      availableUntilMs: Float64Array.of(Infinity, Infinity),
      intervalStart: Int32Array.of(0, 1, 1),
      fromMs: Float64Array.of(5),
      toMs: Float64Array.of(10_000),
    },
  });
  // From 6 on the first agent is away until 10,000; the second does the work in 3 ms, whatever it costs.
  expect(new FleetTime(problem).timeForWork(6, Float64Array.of(1, 1e-20), 3e-20)).toBeCloseTo(9, 9);
});
