import { expect, it } from "vitest";
import type { Instance } from "../../../models/index.js";
import { indexTaskPrices, nameTaskPrices } from "../../../src/engine/ordered/name-pricing.js";
import type { SequencingView } from "../../../src/engine/ordered/sequencing-view.js";

it("takes an id that every object has a member of for an id", () => {
  const taskIds = ["constructor", "t", "toString", "valueOf"];
  const instance = { taskIds } as unknown as Instance;
  const view = { taskOf: Int32Array.of(0, 1, 2, 3) } as unknown as SequencingView;
  const prices = Float64Array.of(0, 2, 3, 0);
  const named = nameTaskPrices(instance, view, prices);
  expect(named).toEqual({ t: 2, toString: 3 });
  expect(indexTaskPrices(instance, view, named)).toEqual(prices);
});
