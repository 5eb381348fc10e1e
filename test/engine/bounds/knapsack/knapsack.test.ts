import { describe, expect, it } from "vitest";
import { KnapsackItems } from "../../../../src/engine/bounds/knapsack/items.js";
import { Knapsack } from "../../../../src/engine/bounds/knapsack/knapsack.js";
import { KnapsackBand } from "../../../../src/engine/bounds/knapsack/knapsack-band.js";
import { KnapsackTree, NO_ITEM } from "../../../../src/engine/bounds/knapsack/knapsack-tree.js";
import { createRandom, type Random } from "../../../../src/domain/random.js";

interface Drawn {
  readonly items: KnapsackItems;
  readonly capacity: number;
  /** Best profit without the items for which `isOut` holds, in a capacity. */
  best(capacity: number, isOut?: (id: number) => boolean): number;
}

function draw(random: Random, isWhole: boolean, isCorrelated: boolean): Drawn {
  const count = 1 + random.below(10);
  const items = new KnapsackItems(count);
  const [profits, weights]: [number[], number[]] = [[], []];
  for (let id = 0; id < count; id++) {
    const weight = isWhole ? 1 + random.below(20) : 20 * random.unit();
    const profit = isCorrelated ? weight + 3 * random.unit() : 10 * random.unit() + 0.01;
    items.add(id, profit, weight);
    profits.push(profit);
    weights.push(weight);
  }
  const best = (capacity: number, isOut: (id: number) => boolean = () => false): number => {
    let most = capacity < 0 ? -Infinity : 0;
    for (let set = 0; set < 1 << count; set++) {
      let [weight, profit] = [0, 0];
      for (let id = 0; id < count; id++) {
        if (((set >> id) & 1) === 0) continue;
        weight += weights[id]!;
        profit += isOut(id) ? -Infinity : profits[id]!;
      }
      if (weight <= capacity) most = Math.max(most, profit);
    }
    return most;
  };
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const capacity = random.unit() * 1.1 * sum;
  return { items, capacity: isWhole ? Math.floor(capacity) : capacity, best };
}

const KINDS = [
  { isWhole: true, isCorrelated: false },
  { isWhole: true, isCorrelated: true },
  { isWhole: false, isCorrelated: false },
  { isWhole: false, isCorrelated: true },
];

describe("Knapsack", () => {
  it.each(KINDS)("finds the best selection: %o", ({ isWhole, isCorrelated }) => {
    const random = createRandom(7);
    for (let k = 0; k < 300; k++) {
      const { items, capacity, best } = draw(random, isWhole, isCorrelated);
      const knapsack = new Knapsack(items.count, isWhole);
      knapsack.solve(items, capacity);
      const optimum = best(capacity);
      expect(knapsack.value).toBeCloseTo(optimum, 9);
      expect(knapsack.upper).toBeCloseTo(optimum, 9);
      let [profit, weight] = [0, 0];
      for (let at = 0; at < items.count; at++) {
        if (knapsack.isChosen[at] === 0) continue;
        profit += items.profit[at]!;
        weight += items.weight[at]!;
      }
      expect(profit).toBeCloseTo(optimum, 9);
      expect(weight).toBeLessThanOrEqual(capacity * (1 + 1e-12));
    }
  });
});

describe("KnapsackTree", () => {
  it("leaves a valid upper bound where it stops early, and says how much a left-out item costs", () => {
    const random = createRandom(8);
    for (let k = 0; k < 300; k++) {
      const { items, capacity, best } = draw(random, false, true);
      items.sort();
      const tree = new KnapsackTree(items.count);
      tree.solve(items, capacity, NO_ITEM, 0, 2);
      expect(tree.upper).toBeGreaterThanOrEqual(best(capacity) - 1e-9);
      expect(tree.value).toBeLessThanOrEqual(best(capacity) + 1e-9);
      const skipped = random.below(items.count);
      tree.solve(items, capacity, skipped, 0, 1e6);
      const id = items.id[skipped]!;
      expect(tree.upper).toBeCloseTo(
        best(capacity, (one) => one === id),
        9,
      );
    }
  });
});

describe("KnapsackBand", () => {
  it("knows every profit within its slack, with and without each item", () => {
    const random = createRandom(9);
    for (let k = 0; k < 300; k++) {
      const { items, capacity, best } = draw(random, true, k % 2 === 0);
      items.sort();
      const slack = 12 * random.unit();
      const least = items.relaxed(capacity) - slack;
      const band = new KnapsackBand();
      band.fill(items, capacity, slack);
      band.fillBackward(items);
      const agrees = (found: number, truth: number): void => {
        if (truth >= least) expect(found).toBeCloseTo(truth, 9);
        else expect(found).toBeLessThanOrEqual(truth + 1e-9);
      };
      agrees(band.best(capacity), best(capacity));
      for (let at = 0; at < items.count; at++) {
        const id = items.id[at]!;
        const rest = best(capacity - items.weight[at]!, (one) => one === id);
        agrees(
          band.bestWithout(at),
          best(capacity, (one) => one === id),
        );
        agrees(band.bestWith(items, at), items.profit[at]! + rest);
      }
    }
  });
});
