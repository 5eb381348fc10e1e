import { expect, it } from "vitest";
import type { Instance } from "../../models/instance.js";
import { ProgramBuilder } from "../../models/program.js";
import { declareVariables, readAssignment, sumOfSlot } from "../../models/variables.js";
import { placed, wave } from "../planner/forecast/instances.js";

/** Four tasks, of 3, 5, 4 and 2 ms, on an agent with two slots and on one with a single slot. */
const { instance } = wave([{ busyMs: 3 }, { busyMs: 5 }, { busyMs: 4 }, { busyMs: 2 }], [{ slots: 2 }, { slots: 1 }]);
/** Task 0 alone must know its slot: it has a deadline. */
const due: Instance = { ...instance, deadlineMs: Float64Array.of(9, Infinity, Infinity, Infinity) };

const declared = (own: Instance, bySlot: boolean) => {
  const builder = new ProgramBuilder();
  const x = declareVariables(builder, own, bySlot, "closed");
  return { x, numVariables: builder.numVariables };
};
/** The plan in which the variables at these places are 1. */
const planOf = (own: Instance, bySlot: boolean, ...ones: number[]) => {
  const { x, numVariables } = declared(own, bySlot);
  const values = new Float64Array(numVariables);
  for (const one of ones) values[one] = 1;
  return readAssignment(own, x, values);
};

it("declares a variable for each slot only where slots matter", () => {
  expect([...declared(instance, false).x.numOfPair]).toEqual([1, 1, 1, 1, 1, 1, 1, 1]);
  expect([...declared(due, false).x.numOfPair]).toEqual([2, 1, 1, 1, 1, 1, 1, 1]);
  expect([...declared(due, false).x.firstOfPair]).toEqual([0, 2, 3, 4, 5, 6, 7, 8]);
  expect([...declared(instance, true).x.numOfPair]).toEqual([2, 1, 2, 1, 2, 1, 2, 1]);
});

it("puts tasks that know no slot where the least is, the longest first", () => {
  // All on the first agent: 5 | 4, then 3 beside the 4 and 2 beside the 5.
  expect(planOf(instance, false, 0, 2, 4, 6)).toEqual(placed([0, 1], [0, 0], [0, 1], [0, 0]));
  // The 3 knows that it is in slot 1; the 5 goes beside it, then the 4 to the 3, and the 2 to the 5.
  expect(planOf(due, false, 1, 3, 5, 7)).toEqual(placed([0, 1], [0, 0], [0, 1], [0, 0]));
  expect(planOf(due, false, 2, 3, 5, 7)).toEqual(placed([1, 0], [0, 0], [0, 1], [0, 1]));
});

it("reads the slot that a variable names, and defers what none places", () => {
  expect(planOf(instance, true, 1, 3, 8)).toEqual(placed([0, 1], [0, 0], [1, 0], null));
});

it("puts equal tasks in their order", () => {
  const equal = wave([{ busyMs: 2 }, { busyMs: 2 }, { busyMs: 2 }], [{ slots: 2 }]).instance;
  expect(planOf(equal, false, 0, 1, 2)).toEqual(placed([0, 0], [0, 1], [0, 0]));
});

it("sums the busy time of one slot, where pairs without slots count in the first", () => {
  const { x } = declared(due, false);
  const termsOf = (slot: number) => sumOfSlot(due, x, 0, slot, () => true).terms();
  expect(termsOf(0)).toEqual({ indices: [0, 3, 5, 7], coefficients: [3, 5, 4, 2] });
  expect(termsOf(1)).toEqual({ indices: [1], coefficients: [3] });
});
