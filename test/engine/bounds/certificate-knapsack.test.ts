import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { CertificateKnapsack, solveByBranching } from "../../../src/engine/bounds/certificate-knapsack.js";

interface Item {
  readonly gain: number;
  readonly weight: number;
}

const realItem = fc.record({
  gain: fc.double({ min: -5, max: 20, noNaN: true }),
  weight: fc.double({ min: 0, max: 10, noNaN: true }),
});
const wholeItem = fc.record({ gain: fc.integer({ min: -5, max: 20 }), weight: fc.integer({ min: 0, max: 10 }) });
const items = fc.oneof(fc.array(realItem, { maxLength: 10 }), fc.array(wholeItem, { maxLength: 10 }));
const capacity = fc.oneof(fc.double({ min: 0, max: 40, noNaN: true }), fc.integer({ min: 0, max: 40 }));

function enumerate(all: readonly Item[], room: number): number {
  let best = 0;
  for (let bits = 0; bits < 2 ** all.length; bits++) {
    const taken = all.filter((_, k) => Math.floor(bits / 2 ** k) % 2 === 1);
    if (taken.reduce((sum, { weight }) => sum + weight, 0) > room * (1 + 1e-9)) continue;
    best = Math.max(
      best,
      taken.reduce((sum, { gain }) => sum + gain, 0),
    );
  }
  return best;
}

function boundOf(all: readonly Item[], room: number): number {
  const knapsack = new CertificateKnapsack();
  for (const { gain, weight } of all) knapsack.add(gain, weight);
  return knapsack.upperBound(room);
}

/** Items from [gain, weight]. */
const itemsOf = (...pairs: readonly (readonly [number, number])[]): Item[] =>
  pairs.map(([gain, weight]) => ({ gain, weight }));

describe("a small knapsack", () => {
  it.each<[string, Item[], number, number]>([
    ["is filled by weight, not by ratio", itemsOf([60, 10], [100, 20], [120, 30]), 50, 220],
    ["is given out of order", itemsOf([120, 30], [60, 10], [100, 20]), 50, 220],
    ["is filled to the last bit", itemsOf([5, 2], [4, 3]), 5, 9],
    ["has no room for one item more", itemsOf([5, 2], [4, 3]), 4.9, 5],
    ["has items that are too heavy", itemsOf([99, 6], [4, 3]), 5, 4],
    ["has an item of just its size", itemsOf([99, 5], [4, 3]), 5, 99],
    ["has items of parts", itemsOf([3, 1.5], [3, 1.6], [4, 2.4]), 4, 7],
    ["has items that gain nothing", itemsOf([0, 1], [-3, 1], [2, 1]), 9, 2],
    ["has no limit", itemsOf([2, 1], [3, 1e9]), Infinity, 5],
    ["has no room", itemsOf([2, 1], [3, 0]), 0, 3],
  ])("%s", (_, all, room, best) => expect(boundOf(all, room)).toBeCloseTo(best, 9));

  it("is bounded by what is open where the search may not end", () => {
    // Down to 60 + 100 and a part of the third item, 240; to 60 + 120; then without the first item, 220.
    const items = { gain: Float64Array.of(60, 100, 120), weight: Float64Array.of(10, 20, 30) };
    const after = (maxNodes: number) => solveByBranching(items, 50, maxNodes);
    expect([0, 1, 2, 3, 4, 5].map((maxNodes) => after(maxNodes).bound)).toEqual([240, 240, 240, 220, 220, 220]);
    expect([0, 1, 2, 3, 4, 5].some((maxNodes) => after(maxNodes).isExact)).toBe(false);
    expect([after(6), after(99)]).toEqual([
      { bound: 220, isExact: true },
      { bound: 220, isExact: true },
    ]);
    expect(solveByBranching({ gain: new Float64Array(0), weight: new Float64Array(0) }, 5, 0)).toEqual({
      ...{ bound: 0, isExact: true },
    });
  });
});

describe("CertificateKnapsack", () => {
  it("is the optimum of an enumeration, never below it", () => {
    fc.assert(
      fc.property(items, capacity, (all, room) => {
        const [bound, best] = [boundOf(all, room), enumerate(all, room)];
        expect(bound).toBeGreaterThanOrEqual(best);
        expect(bound).toBeLessThanOrEqual(best + 1e-12 * Math.max(1, best));
      }),
      { numRuns: 400 },
    );
  });

  it("stays a bound where the node limit strikes, and is better than the relaxation where it may look on", () => {
    fc.assert(
      fc.property(fc.array(realItem, { maxLength: 10 }), capacity, fc.nat(12), (all, room, maxNodes) => {
        const useful = all
          .filter(({ gain, weight }) => gain > 0 && weight > 0 && weight <= room)
          .sort((a, b) => b.gain / b.weight - a.gain / a.weight);
        const [gain, weight] = [useful.map((one) => one.gain), useful.map((one) => one.weight)];
        const typed = { gain: Float64Array.from(gain), weight: Float64Array.from(weight) };
        const best = enumerate(useful, room);
        const [few, many] = [maxNodes, 1e6].map((nodes) => solveByBranching(typed, room, nodes).bound) as [
          number,
          number,
        ];
        expect(few).toBeGreaterThanOrEqual(best - 1e-7);
        expect(many).toBeLessThanOrEqual(few + 1e-9);
        expect(Math.abs(many - best)).toBeLessThanOrEqual(1e-7);
      }),
      { numRuns: 300 },
    );
  });

  it("solves whole numbers that keep the search busy", () => {
    // Even weights and an odd capacity: the relaxation promises 1 more to the very end.
    const even = Array.from({ length: 40 }, () => ({ gain: 2, weight: 2 }));
    expect(boundOf(even, 41)).toBeCloseTo(40, 9);
    // One item fills the room alone, and is worth a little more.
    expect(boundOf([...even, { gain: 40.5, weight: 41 }], 41)).toBeCloseTo(40.5, 9);
  });

  it("counts every item, however many there are", () => {
    const many = Array.from({ length: 200 }, (_, k) => ({ gain: k + 1, weight: 1 }));
    expect(boundOf(many, 200)).toBeCloseTo(20_100, 6);
    expect(boundOf(many, 150)).toBeCloseTo(20_100 - 1_275, 6);
  });

  it("bounds what keeps the search busy, where only some weights are whole", () => {
    const random = drawingRandom(3);
    for (let round = 0; round < 4; round++) {
      // In halves, so that a table over twice the capacity is exact. Gains a little above the weights: Dantzig's bound prunes little.
      const halves = Array.from({ length: 40 }, () => 40 + random.below(80));
      const room = Math.floor(halves.reduce((total, half) => total + half, 0) / 2);
      const most = new Float64Array(room + 1);
      for (const half of halves) {
        for (let left = room; left >= half; left--)
          most[left] = Math.max(most[left]!, most[left - half]! + half / 2 + 10);
      }
      const items = halves.map((half) => ({ gain: half / 2 + 10, weight: half / 2 }));
      const bound = boundOf(items, room / 2);
      expect(bound).toBeGreaterThanOrEqual(most[room]!);
      expect(bound).toBeLessThanOrEqual(most[room]! * 1.01);
    }
  });

  it("forgets its items, takes what weighs nothing, and lets nothing into a negative room", () => {
    const knapsack = new CertificateKnapsack();
    knapsack.add(5, 0);
    knapsack.add(7, 2);
    expect(knapsack.upperBound(1)).toBeCloseTo(5, 12);
    expect(knapsack.upperBound(-1)).toBe(0);
    knapsack.clear();
    expect(knapsack.upperBound(Infinity)).toBe(0);
  });

  it("gives no finite bound where gains overflowed", () => {
    expect(boundOf([{ gain: NaN, weight: 1 }], 5)).toBe(Infinity);
    expect(boundOf([{ gain: Infinity, weight: 9 }], 5)).toBe(Infinity);
    expect(boundOf([{ gain: -Infinity, weight: 1 }], 5)).toBe(0);
  });
});

describe("a knapsack of ten thousand items of twenty weights", () => {
  it("is exact: of items that weigh the same no more than fit together matter", () => {
    const random = drawingRandom(7);
    const capacity = 2262;
    const all = Array.from({ length: 10_000 }, () => ({
      gain: 95 + 10 * random.unit(),
      weight: 101 + random.below(20),
    }));
    const best = new Float64Array(capacity + 1);
    const byWeight = groupByWeight(all);
    for (const [weight, items] of byWeight) {
      const firsts = items.sort((a, b) => b.gain - a.gain).slice(0, Math.floor(capacity / weight));
      for (const { gain } of firsts) {
        for (let c = capacity; c >= weight; c--) best[c] = Math.max(best[c]!, best[c - weight]! + gain);
      }
    }
    expect(boundOf(all, capacity)).toBeCloseTo(best[capacity]!, 6);
  });
});

function groupByWeight(items: readonly Item[]): Map<number, Item[]> {
  const groups = new Map<number, Item[]>();
  for (const item of items) groups.set(item.weight, [...(groups.get(item.weight) ?? []), item]);
  return groups;
}

describe("a knapsack of many items that are alike", () => {
  /** So many of each. */
  const copies = (...kinds: readonly (readonly [number, Item])[]): Item[] =>
    kinds.flatMap(([count, item]) => new Array<Item>(count).fill(item));

  it("is the optimum of an enumeration", () => {
    const kinds = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), realItem), { maxLength: 3 });
    fc.assert(
      fc.property(kinds, capacity, (drawn, room) => {
        const all = copies(...drawn);
        const [bound, best] = [boundOf(all, room), enumerate(all, room)];
        expect(bound).toBeGreaterThanOrEqual(best);
        expect(bound).toBeLessThanOrEqual(best + 1e-12 * Math.max(1, best));
      }),
      { numRuns: 300 },
    );
  });

  it("takes few nodes: without one of them, those that follow are left out too", () => {
    const all = copies(
      [12, { gain: 3, weight: 3.01 }],
      [12, { gain: 2, weight: 2.011 }],
      [12, { gain: 2.9, weight: 2.93 }],
    );
    const sorted = all.toSorted((a, b) => b.gain / b.weight - a.gain / a.weight);
    const items = {
      gain: Float64Array.from(sorted, ({ gain }) => gain),
      weight: Float64Array.from(sorted, ({ weight }) => weight),
    };
    expect(solveByBranching(items, 20.5, 1_000).isExact).toBe(true);
  });
});
