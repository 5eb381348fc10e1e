import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { boundByNumber } from "../../../src/engine/bounds/certificate-counting.js";
import type { Items } from "../../../src/engine/bounds/certificate-knapsack.js";

/** Items by falling gain per weight. */
function itemsOf(...pairs: readonly (readonly [gain: number, weight: number])[]): Items {
  const sorted = pairs.toSorted((a, b) => b[0] / b[1] - a[0] / a[1]);
  return {
    gain: Float64Array.from(sorted, ([gain]) => gain),
    weight: Float64Array.from(sorted, ([, weight]) => weight),
  };
}

function bestOf({ gain, weight }: Items, capacity: number): number {
  let best = 0;
  for (let bits = 0; bits < 2 ** gain.length; bits++) {
    let [value, room] = [0, capacity];
    for (let k = 0; k < gain.length; k++) {
      if (((bits >> k) & 1) === 1) [value, room] = [value + gain[k]!, room - weight[k]!];
    }
    if (room >= -1e-12) best = Math.max(best, value);
  }
  return best;
}

describe("a knapsack bounded number by number", () => {
  it.each<[string, Items, number, number]>([
    ["one of three fits", itemsOf([5, 6], [4, 6], [3, 6]), 10, 5],
    ["two fit, by weights alone", itemsOf([5, 6], [4, 4], [3, 5]), 10, 9],
    ["the best two are too heavy", itemsOf([9, 7], [8, 6], [3, 3]), 10, 12],
    ["one is worth more than two", itemsOf([20, 10], [4, 4], [3, 4]), 10, 20],
    ["all fit", itemsOf([2, 1], [3, 1], [4, 1]), 3, 9],
    ["none fits", itemsOf([2, 5]), 4, 0],
    ["there is none", itemsOf(), 4, 0],
  ])("%s", (_, items, capacity, best) => {
    const bound = boundByNumber(items, capacity);
    expect(bound).toBeGreaterThanOrEqual(best);
    expect(bound).toBeLessThanOrEqual(best * (1 + 1.1e-6));
  });

  it("says nothing where more than 30 may fit", () => {
    const alike = (count: number): Items => itemsOf(...Array.from({ length: count }, (): [number, number] => [1, 1]));
    expect(boundByNumber(alike(40), 30)).toBeCloseTo(30, 3);
    expect(boundByNumber(alike(40), 31)).toBe(Infinity);
    expect(boundByNumber(alike(30), 99)).toBeCloseTo(30, 3);
  });

  it("is the best selection of any small knapsack, and at most a millionth above", () => {
    const random = drawingRandom(5);
    for (let round = 0; round < 60; round++) {
      const pairs = Array.from({ length: 1 + random.below(9) }, (): [number, number] => [
        1 + 9 * random.unit(),
        2 + 3 * random.unit(),
      ]);
      const items = itemsOf(...pairs);
      const capacity = 2 + 20 * random.unit();
      const [bound, best] = [boundByNumber(items, capacity), bestOf(items, capacity)];
      expect(bound).toBeGreaterThanOrEqual(best);
      expect(bound).toBeLessThanOrEqual(best * (1 + 1.1e-6));
    }
  });
});
