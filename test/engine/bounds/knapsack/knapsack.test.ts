import { describe, expect, it } from "vitest";
import { KnapsackItems } from "../../../../src/engine/bounds/knapsack/items.js";
import { Knapsack } from "../../../../src/engine/bounds/knapsack/knapsack.js";
import { KnapsackBand } from "../../../../src/engine/bounds/knapsack/knapsack-band.js";
import { KnapsackTree, NO_ITEM } from "../../../../src/engine/bounds/knapsack/knapsack-tree.js";
import type { Random } from "../../../../src/domain/random.js";
import { drawingRandom } from "../../../support/drawing-random.js";

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

describe("a small knapsack", () => {
  function solve(pairs: readonly (readonly [profit: number, weight: number])[], capacity: number, isWhole = true) {
    const items = new KnapsackItems(pairs.length);
    pairs.forEach(([profit, weight], id) => items.add(id, profit, weight));
    const knapsack = new Knapsack(pairs.length, isWhole);
    knapsack.solve(items, capacity);
    const { value, upper, price, work } = knapsack;
    const chosen = [...items.id].filter((_, at) => knapsack.isChosen[at] === 1).sort();
    return { value, upper, price, work, chosen };
  }

  const three = [
    [60, 10],
    [100, 20],
    [120, 30],
  ] as const;

  it.each([true, false])("takes the best two of three, and knows what room is worth, whole %s", (isWhole) => {
    // Dantzig's bound cuts the third item: 120 / 30 for each unit.
    const { value, upper, price, chosen } = solve(three, 50, isWhole);
    expect({ value, upper, price, chosen }).toEqual({ value: 220, upper: 220, price: 4, chosen: [1, 2] });
  });

  it("takes all where all fit, for which it looks at each item once", () => {
    expect(solve(three, 60)).toEqual({ value: 280, upper: 280, price: 0, work: 3, chosen: [0, 1, 2] });
  });

  it("takes none where none fits", () => {
    const { value, upper, price, chosen } = solve([[8, 4]], 3);
    expect({ value, upper, price, chosen }).toEqual({ value: 0, upper: 0, price: 2, chosen: [] });
  });

  it("counts its work: every item looked at and sorted, and every node of the tree", () => {
    const nodes = (solve(three, 50).work - 3 - 24 * 3) / 6;
    expect(Number.isInteger(nodes)).toBe(true);
    expect(nodes).toBeGreaterThan(0);
    expect(nodes).toBeLessThan(10);
  });

  it("forgets the selection before", () => {
    const items = new KnapsackItems(3);
    const knapsack = new Knapsack(3, true);
    three.forEach(([profit, weight], id) => items.add(id, profit, weight));
    knapsack.solve(items, 60);
    knapsack.solve(items, 5);
    expect([knapsack.value, ...knapsack.isChosen]).toEqual([0, 0, 0, 0]);
  });
});

describe("Knapsack", () => {
  it.each(KINDS)("finds the best selection: %o", ({ isWhole, isCorrelated }) => {
    const random = drawingRandom(7);
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

/** Profits a little above the weights, many of them alike: the tree does not end by itself. Weights in whole units. */
function drawHard(random: Random, count: number, lightest: number, range: number) {
  const weights = Array.from({ length: count }, () => lightest + random.below(range));
  return { weights, profits: weights.map((weight) => weight + 10 + random.below(3)) };
}

/** The most profit in every whole room up to the capacity, by the textbook's dynamic program. */
function mostByRoom(weights: readonly number[], profits: readonly number[], capacity: number): Float64Array {
  const most = new Float64Array(capacity + 1);
  weights.forEach((weight, k) => {
    for (let room = capacity; room >= weight; room--)
      most[room] = Math.max(most[room]!, most[room - weight]! + profits[k]!);
  });
  return most;
}

describe("Knapsack, where the tree gives up", () => {
  /** Work of a solve of so many items whose tree ended by itself is less. */
  const leastWork = (count: number): number => count + 24 * count + 6 * 120;

  it.each([
    ["whole numbers, by the dynamic program", { unit: 1, knowsFew: false, lightest: 20, share: 0.5 }],
    ["real numbers, of which few fit", { unit: 1 / 64, knowsFew: true, lightest: 300, share: 0.2 }],
    ["real numbers, of which many fit", { unit: 1 / 64, knowsFew: true, lightest: 5, share: 0.5 }],
    ["real numbers, by the tree alone", { unit: 1 / 64, knowsFew: false, lightest: 20, share: 0.5 }],
  ])("finds the best selection and a bound that holds: %s", (_, { unit, knowsFew, lightest, share }) => {
    const random = drawingRandom(11);
    let numGoneOn = 0;
    for (let round = 0; round < 40; round++) {
      const count = 24 + random.below(12);
      const { weights, profits } = drawHard(random, count, lightest, 400);
      const capacity = Math.floor(share * weights.reduce((sum, weight) => sum + weight, 0));
      const items = new KnapsackItems(count);
      weights.forEach((weight, id) => items.add(id, profits[id]! * unit, weight * unit));
      const knapsack = new Knapsack(count, unit === 1, knowsFew);
      knapsack.solve(items, capacity * unit);
      if (knapsack.work >= leastWork(count)) numGoneOn++;
      const optimum = mostByRoom(weights, profits, capacity)[capacity]! * unit;
      const chosen = [...items.id].filter((__, at) => knapsack.isChosen[at] === 1);
      expect(chosen.reduce((sum, id) => sum + profits[id]! * unit, 0)).toBeCloseTo(knapsack.value, 9);
      expect(chosen.reduce((sum, id) => sum + weights[id]!, 0)).toBeLessThanOrEqual(capacity);
      expect(knapsack.value).toBeLessThanOrEqual(optimum + 1e-9);
      expect(knapsack.value).toBeGreaterThanOrEqual(optimum * (1 - 2e-3));
      expect(knapsack.upper).toBeGreaterThanOrEqual(optimum - 1e-9);
      expect(knapsack.upper).toBeLessThanOrEqual(optimum * (1 + 2e-3));
      if (unit === 1) expect([knapsack.value, knapsack.upper]).toEqual([optimum, optimum]);
    }
    expect(numGoneOn).toBeGreaterThan(10);
  });

  it("uses a dynamic program for whole numbers up to a capacity", () => {
    expect([20_000, 20_001].map((capacity) => new Knapsack(1, true).usesBand(capacity))).toEqual([true, false]);
    expect(new Knapsack(1, false).usesBand(1)).toBe(false);
  });

  it("bounds what is left without an item, exactly above the floor", () => {
    const random = drawingRandom(12);
    for (let k = 0; k < 300; k++) {
      const { items, capacity, best } = draw(random, k % 2 === 0, k % 3 === 0);
      items.sort();
      const knapsack = new Knapsack(items.count, k % 2 === 0);
      const left = random.below(items.count);
      const truth = best(capacity, (id) => id === items.id[left]);
      const floor = truth * (0.8 + 0.4 * random.unit());
      const upper = knapsack.upperWithout(items, left, capacity, floor);
      if (truth > floor) expect(upper).toBeCloseTo(truth, 9);
      else expect(upper).toBeLessThanOrEqual(floor);
      expect(knapsack.upperWithout(items, left, -1, floor)).toBe(-Infinity);
    }
  });
});

describe("KnapsackTree", () => {
  it("leaves a valid upper bound where it stops early, and says how much a left-out item costs", () => {
    const random = drawingRandom(8);
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
    const random = drawingRandom(9);
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
