import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FewItems } from "../../../../src/engine/bounds/knapsack/few-items.js";
import { KnapsackItems } from "../../../../src/engine/bounds/knapsack/items.js";

const item = fc.record({
  profit: fc.double({ min: 0.1, max: 1, noNaN: true }),
  weight: fc.oneof(fc.double({ min: 1, max: 10, noNaN: true }), fc.double({ min: 1.5, max: 1.6, noNaN: true })),
});

describe("FewItems", () => {
  it("finds the most profit of all selections that fit, and that selection", () => {
    fc.assert(
      fc.property(
        fc.array(item, { minLength: 1, maxLength: 11 }),
        fc.double({ min: 1, max: 20, noNaN: true }),
        (all, room) => {
          const items = new KnapsackItems(all.length);
          all.forEach(({ profit, weight }, k) => items.add(k, profit, weight));
          items.sort();
          if (!FewItems.fits(items, room)) return;
          const few = new FewItems(all.length);
          few.solve(items, room, 0);
          const [best, chosen] = [mostProfit(all, room), Array.from(items.id).filter((_, k) => few.isChosen[k] === 1)];
          expect(few.value).toBeLessThanOrEqual(best * (1 + 1e-12));
          expect(few.upper).toBeGreaterThanOrEqual(best * (1 - 1e-12));
          expect(few.upper).toBeLessThanOrEqual(best * (1 + 1e-3));
          expect(chosen.reduce((sum, k) => sum + all[k]!.weight, 0)).toBeLessThanOrEqual(room * (1 + 1e-12));
          expect(few.isImproved ? chosen.reduce((sum, k) => sum + all[k]!.profit, 0) : 0).toBeCloseTo(few.value, 9);
        },
      ),
      { numRuns: 300 },
    );
  });
});

function mostProfit(all: readonly { profit: number; weight: number }[], room: number): number {
  let best = 0;
  for (let bits = 0; bits < 2 ** all.length; bits++) {
    let [profit, weight] = [0, 0];
    all.forEach((one, k) => {
      if (((bits >> k) & 1) === 0) return;
      profit += one.profit;
      weight += one.weight;
    });
    if (weight <= room) best = Math.max(best, profit);
  }
  return best;
}
