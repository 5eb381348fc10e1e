import { describe, expect, it } from "vitest";
import type { InstanceArrays } from "../../../models/index.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";

function shared(values: readonly number[]): Float64Array {
  const array = new Float64Array(new SharedArrayBuffer(8 * values.length));
  array.set(values);
  return array;
}

const ARRAYS: InstanceArrays = {
  ...{ numTasks: 2, numAgents: 2, pairStart: [0, 2, 3], pairAgent: [0, 1, 1] },
  busyMs: shared([5, 9, 7]),
  cost: [1, 2, 3],
};

describe("the instance of arrays", () => {
  it("uses what lies in shared memory, and puts there what threads are to share", () => {
    const { busyMs, cost, pairAgent, pairTask } = instanceOfArrays(ARRAYS);
    expect(busyMs).toBe(ARRAYS.busyMs);
    expect([...cost, ...pairAgent, ...pairTask]).toEqual([1, 2, 3, 0, 1, 1, 0, 0, 1]);
    for (const { buffer } of [cost, pairAgent, pairTask]) expect(buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it("has one array of zeros for all that was left out", () => {
    const { success, retries, confidenceDelta, belowGate } = instanceOfArrays(ARRAYS);
    expect(retries).toBe(success);
    expect(confidenceDelta).toBe(success);
    expect([...belowGate]).toEqual([0, 0, 0]);
  });

  it("leaves out pairs that end after their deadline", () => {
    const { numPairs, pairStart, pairAgent, busyMs } = instanceOfArrays({
      ...ARRAYS,
      deadlineMs: [8, 8],
      availableFromMs: [0, 2],
    });
    expect([numPairs, ...pairStart, ...pairAgent, ...busyMs]).toEqual([1, 0, 1, 1, 0, 5]);
  });
});
