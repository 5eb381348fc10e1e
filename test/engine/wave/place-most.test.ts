import { describe, expect, it } from "vitest";
import type { Instance } from "../../../models/instance.js";
import { Session } from "../../../src/engine/goals/session.js";
import { placeMost } from "../../../src/engine/wave/place-most.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";

/** Tasks of 1 ms each on one agent that takes three of them. */
function crowded(numTasks: number): Instance {
  const fill = (value: number): number[] => new Array<number>(numTasks).fill(value);
  const instance = instanceOfArrays({
    ...{ numTasks, numAgents: 1, pairStart: Array.from({ length: numTasks + 1 }, (_, k) => k), noDefer: false },
    ...{ pairAgent: fill(0), busyMs: fill(1), cost: fill(0), success: fill(0.5) },
  });
  return { ...instance, maxTasks: Float64Array.of(3) };
}

describe("placing as many tasks as can be", () => {
  it.each([
    [3_000, ["deferrals"]],
    [8_000, []],
  ])(
    "makes no schedule of %i urgent tasks on one slot where that would hold the event loop",
    async (numTasks, stages) => {
      const session = new Session(
        { ...DEFAULT_OPTIONS, workLimit: 1, timeLimitMs: 600_000 },
        { now: () => 0, clock: () => performance.now(), startMs: performance.now(), fixedNow: true },
      );
      expect(await placeMost(session, crowded(numTasks), () => [])).toEqual([]);
      expect(session.attempts.map(({ stage }) => stage)).toEqual(stages);
    },
  );
});
