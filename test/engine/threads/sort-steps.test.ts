import { runAtOnce } from "../../../models/index.js";
import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { sortSteps } from "../../../src/engine/threads/sort-steps.js";

describe("sortSteps", () => {
  it.each([0, 1, 2_047, 2_048, 2_049, 4_097, 10_000])(
    "sorts %i items as a plain sort does, equal ones too",
    (count) => {
      const random = drawingRandom(count);
      const key = Int32Array.from({ length: count }, () => random.below(50));
      const items = Int32Array.from(key, (_, k) => k);
      const compare = (a: number, b: number): number => key[a]! - key[b]!;
      expect(runAtOnce(sortSteps(items, compare))).toEqual(Int32Array.from([...items].sort(compare)));
    },
  );

  it("yields before long", () => {
    const items = Int32Array.from({ length: 20_000 }, (_, k) => -k);
    let [comparisons, most] = [0, 0];
    const steps = sortSteps(items, (a, b) => {
      comparisons++;
      return a - b;
    });
    while (!steps.next().done) [most, comparisons] = [Math.max(most, comparisons), 0];
    expect(most).toBeLessThan(30_000);
  });
});
