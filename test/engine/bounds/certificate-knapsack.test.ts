import fc from "fast-check";
import { describe, expect, it } from "vitest";
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
