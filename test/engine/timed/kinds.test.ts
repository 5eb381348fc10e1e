import { describe, expect, it } from "vitest";
import { kindsOf } from "../../../src/engine/timed/kinds.js";

/** Five tasks on two agents; the fourth may go to the first agent alone. */
const PAIRS = {
  numTasks: 5,
  pairStart: Int32Array.from([0, 2, 4, 6, 7, 9]),
  pairAgent: Int32Array.from([0, 1, 0, 1, 0, 1, 0, 0, 1]),
};
const use = [3, 4, 5, 6, 3, 4, 3, 3, 4];

describe("kinds of tasks", () => {
  it("are those with the same agents and numbers, in the order of their first tasks", () => {
    expect(kindsOf(PAIRS, { perPair: [use] })).toEqual([[0, 2, 4], [1], [3]]);
  });

  it("differ where any number of the task does, endless ones too", () => {
    const perTask = [[Infinity, Infinity, Infinity, Infinity, 9]];
    expect(kindsOf(PAIRS, { perPair: [use], perTask })).toEqual([[0, 2], [1], [3], [4]]);
  });

  it("are not counted beyond the most that are wanted", () => {
    expect(kindsOf(PAIRS, { perPair: [use], most: 3 })).toHaveLength(3);
    expect(kindsOf(PAIRS, { perPair: [use], most: 2 })).toBeNull();
  });
});
