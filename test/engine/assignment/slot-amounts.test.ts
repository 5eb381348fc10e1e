import { expect, it } from "vitest";
import { SlotAmounts } from "../../../src/engine/assignment/slot-amounts.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";

/** Three kinds on two slots of their own room; kind · 2 + slot. */
const LIKE = {
  demand: Int32Array.from([1, 1, 1]),
  slots: Int32Array.from([1, 1]),
  room: Float64Array.from([4, 4]),
  cost: Float64Array.from([0, 5, 0, 1, 0, 0]),
  use: Float64Array.from([3, 3, 2, 4, 2, 2]),
};

const amountsOf = (state: SlotAmounts): number[][] => [[...state.amounts.slice(0, 3)], [...state.amounts.slice(3)]];

it("makes room for what is left by an exchange of two others", () => {
  // Room is for none of kind 1: slot 0 gives kind 0, which takes 3, to slot 1 for kind 2, which takes 2.
  const state = new SlotAmounts(LIKE, new WorkMeter(1e6));
  state.put(0, 0, 1);
  state.put(1, 2, 1);
  expect(state.placeLeft()).toBe(true);
  expect(amountsOf(state)).toEqual([
    [0, 1, 1],
    [1, 0, 0],
  ]);
  expect([...state.left]).toEqual([0, 0, 0]);
});

it("says where one task cannot be placed so", () => {
  const state = new SlotAmounts({ ...LIKE, room: Float64Array.from([3, 2]) }, new WorkMeter(1e6));
  state.put(0, 0, 1);
  state.put(1, 2, 1);
  expect(state.placeLeft()).toBe(false);
});

it("shifts and exchanges while one gains", () => {
  const state = new SlotAmounts(LIKE, new WorkMeter(1e6));
  state.put(1, 0, 1);
  state.improve();
  expect([amountsOf(state)[0], state.cost()]).toEqual([[1, 0, 0], 0]);
  state.put(0, 0, -1);
  state.put(1, 0, 1);
  state.put(0, 1, 1);
  // Kind 0 costs 5 on slot 1, and fits into slot 0 once kind 1, which costs 1 there, is on slot 1.
  state.improve();
  expect(amountsOf(state)).toEqual([
    [1, 0, 0],
    [0, 1, 0],
  ]);
  expect(state.cost()).toBe(1);
});
