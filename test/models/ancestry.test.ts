import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startChances } from "../../models/ancestry.js";
import { wave } from "../planner/forecast/instances.js";

/** By the definition: the weight of all outcomes in which every ancestor has succeeded. */
function byOutcomes(after: readonly (readonly number[])[], success: readonly number[], task: number): number {
  const ancestors = new Set<number>();
  const collect = (one: number): void => {
    for (const before of after[one]!) {
      if (ancestors.has(before)) continue;
      ancestors.add(before);
      collect(before);
    }
  };
  collect(task);
  let chance = 0;
  for (let outcome = 0; outcome < 2 ** after.length; outcome++) {
    const has = (one: number): boolean => (outcome >> one) % 2 === 1;
    if (![...ancestors].every(has)) continue;
    chance += success.reduce((product, p, one) => product * (has(one) ? p : 1 - p), 1);
  }
  return chance;
}

describe("the chance that a task starts", () => {
  it("falls along a chain", () => {
    const { instance } = wave(
      [0, 1, 2, 3].map((k) => ({ busyMs: 1, after: k === 0 ? [] : [k - 1] })),
      [{ slots: 1 }],
    );
    expect([...startChances(instance, [0.5, 0.8, 0.25, 1])]).toEqual([1, 0.5, 0.4, 0.1]);
  });

  it("is that of all outcomes in which every ancestor succeeds, however many paths lead from it", () => {
    const size = 7;
    const edges = fc.tuple(
      ...Array.from({ length: size }, (_, k) => fc.subarray(Array.from({ length: k }, (__, i) => i))),
    );
    const chances = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: size, maxLength: size });
    fc.assert(
      fc.property(edges, chances, (after, success) => {
        const { instance } = wave(
          after.map((list) => ({ busyMs: 1, after: list })),
          [{ slots: 1 }],
        );
        startChances(instance, success).forEach((chance, task) =>
          expect(chance).toBeCloseTo(byOutcomes(after, success, task), 9),
        );
      }),
      { numRuns: 60, seed: 19 },
    );
  });

  it("counts every ancestor once in a wide wave with many paths", () => {
    const size = 90;
    const after = Array.from({ length: size }, (_, k) => [k - 1, k - 2, k - 40].filter((before) => before >= 0));
    const { instance } = wave(
      after.map((list) => ({ busyMs: 1, after: list })),
      [{ slots: 1 }],
    );
    const success = after.map((_, k) => 1 - 1 / (k + 40));
    startChances(instance, success).forEach((chance, task) =>
      expect(chance).toBeCloseTo(
        success.slice(0, task).reduce((product, one) => product * one, 1),
        12,
      ),
    );
    const apart = wave(
      [...after.map(() => ({ busyMs: 1, after: [] })), { busyMs: 1, after: after.map((_, k) => k) }],
      [{ slots: 1 }],
    );
    const all = success.reduce((product, one) => product * one, 1);
    expect(startChances(apart.instance, [...success, 1])[size]).toBeCloseTo(all, 12);
  });
});
