import { describe, expect, it } from "vitest";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { roundAmounts } from "../../../src/engine/timed/round-amounts.js";
import { SlotContents } from "../../../src/engine/timed/slot-contents.js";
import { findTwins, type TimedProblem } from "../../../src/engine/timed/timed-problem.js";

/** Five tasks of two kinds (4 and 6 on the first agent's two slots, 3 and 9 on the second's one). */
function fiveTasks(): TimedProblem {
  const times = [4, 4, 4, 6, 6].map((time) => [time, time, time === 4 ? 3 : 9]);
  const assignment = {
    ...{ numTasks: 5, numAgents: 3, pairStart: Int32Array.from([0, 3, 6, 9, 12, 15]) },
    ...{ pairAgent: Int32Array.from(times.flatMap(() => [0, 1, 2])), use: Float64Array.from(times.flat()) },
    ...{ cost: new Float64Array(15), capacity: new Float64Array(3).fill(Infinity) },
  };
  const availableFrom = new Float64Array(3);
  const twinOf = findTwins(assignment, 3, availableFrom);
  return { assignment, costLimit: 0, numTimed: 3, availableFrom, twinOf, isWhole: true, judge: () => null };
}

describe("amounts in parts", () => {
  const problem = fiveTasks();
  const contents = new SlotContents(problem, new WorkMeter(Infinity));

  it("are rounded down, and what is left goes where it ends earliest", () => {
    // The first agent has half a task of the first kind and both of the second, the other one two and a half.
    const amounts = [Float64Array.from([0.5, 2]), Float64Array.from([2.5, 0])];
    // One task of the second kind on each slot of the first agent ends at 6, two of the first on the other at 6: the last ends at 9 there.
    expect(Array.from(roundAmounts(contents, amounts, problem.availableFrom)!)).toEqual([2, 2, 2, 0, 1]);
  });

  it("count when agents come", () => {
    const amounts = [Float64Array.from([0, 2]), Float64Array.from([2, 0])];
    expect(Array.from(roundAmounts(contents, amounts, Float64Array.from([0, 0, 5]))!)).toEqual([2, 2, 0, 0, 1]);
  });
});
