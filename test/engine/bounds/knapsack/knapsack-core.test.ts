import { describe, expect, it } from "vitest";
import { KnapsackItems } from "../../../../src/engine/bounds/knapsack/items.js";
import { KnapsackCore } from "../../../../src/engine/bounds/knapsack/knapsack-core.js";
import type { Random } from "../../../../src/domain/random.js";
import { drawingRandom } from "../../../support/drawing-random.js";

function draw(random: Random, isCorrelated: boolean): { items: KnapsackItems; capacity: number; rows: number[][] } {
  const rows = Array.from({ length: 2 + random.below(24) }, () => {
    const weight = 1 + random.below(30);
    return [isCorrelated ? weight + 3 * random.unit() : 0.1 + 30 * random.unit(), weight];
  });
  const items = new KnapsackItems(rows.length);
  rows.forEach(([profit, weight], id) => items.add(id, profit!, weight!));
  return { items, rows, capacity: random.below(items.totalWeight) };
}

/** Best profit by weight, over all weights. */
function bestProfit(rows: readonly number[][], capacity: number): number {
  const best = new Float64Array(capacity + 1);
  for (const [profit, weight] of rows) {
    for (let x = capacity; x >= weight!; x--) best[x] = Math.max(best[x]!, best[x - weight!]! + profit!);
  }
  return best[capacity]!;
}

describe("KnapsackCore", () => {
  it.each([{ isCorrelated: false }, { isCorrelated: true }])("finds the best selection: %o", ({ isCorrelated }) => {
    const random = drawingRandom(3);
    const core = new KnapsackCore();
    for (let round = 0; round < 300; round++) {
      const { items, capacity, rows } = draw(random, isCorrelated);
      const isChosen = new Uint8Array(items.count);
      expect(core.solve(items, capacity)).toBe(true);
      const profit = core.trace(items, isChosen);
      expect(profit).toBeCloseTo(bestProfit(rows, capacity), 9);
      let [weight, sum] = [0, 0];
      for (let k = 0; k < items.count; k++) {
        if (isChosen[k] === 0) continue;
        sum += rows[items.id[k]!]![0]!;
        weight += rows[items.id[k]!]![1]!;
      }
      expect(weight).toBeLessThanOrEqual(capacity);
      expect(sum).toBeCloseTo(profit, 9);
    }
  });

  it("gives up where too many items matter", () => {
    const items = new KnapsackItems(200);
    // Even weights and an odd capacity: the break solution loses what one unit is worth, and every item loses less.
    for (let id = 0; id < 200; id++) items.add(id, 2 + id * 1e-6, 2);
    expect(new KnapsackCore().solve(items, 101)).toBe(false);
  });
});
