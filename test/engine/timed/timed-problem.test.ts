import { describe, expect, it } from "vitest";
import { roomUntil } from "../../../src/engine/timed/timed-problem.js";

/** Two agents held to a time, the second with little capacity, and one that is not. */
function agents(isWhole: boolean) {
  const pairs = { pairStart: Int32Array.of(0), pairAgent: new Int32Array(0) };
  const values = { use: new Float64Array(0), cost: new Float64Array(0), capacity: Float64Array.of(Infinity, 4, 7) };
  return {
    ...{ assignment: { numTasks: 0, numAgents: 3, ...pairs, ...values }, costLimit: 0, numTimed: 2, isWhole },
    ...{ availableFrom: Float64Array.of(3, 3), twinOf: Int32Array.of(0, 1, 2), judge: () => null },
  };
}

describe("the room of an agent until a time", () => {
  it("is what is left from its start on, whole where times are, and no more than its capacity", () => {
    const whole = agents(true);
    expect([2, 3, 10, 10.9].map((time) => roomUntil(whole, 0, time))).toEqual([0, 0, 7, 7]);
    expect([2, 6, 10.9].map((time) => roomUntil(whole, 1, time))).toEqual([0, 3, 4]);
    expect(roomUntil(agents(false), 1, 10.9)).toBe(4);
  });

  it("is a little more than that where times are real, so that no rounding of sums rules a plan out", () => {
    const room = roomUntil(agents(false), 0, 1000);
    expect(room).toBeGreaterThan(997);
    expect(room).toBeLessThan(997 + 1e-6);
  });

  it("is the whole capacity of an agent that is not held to a time", () => {
    for (const isWhole of [true, false]) expect(roomUntil(agents(isWhole), 2, 1)).toBe(7);
  });
});
