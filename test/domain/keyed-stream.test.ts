import { describe, expect, it } from "vitest";
import { quantile, summarize } from "../../src/planner/forecast/spread-summary.js";
import { KeyedStream } from "../../src/domain/keyed-stream.js";

describe("KeyedStream", () => {
  it("is uniform and normal, and uncorrelated between neighbouring seeds and ids", () => {
    const size = 4000;
    const streams = [new KeyedStream(1, "a"), new KeyedStream(2, "a"), new KeyedStream(1, "b")];
    const drawn = streams.map((stream) => Float64Array.from({ length: size }, () => stream.normal()));
    for (const [k, values] of drawn.entries()) {
      const mean = values.reduce((sum, value) => sum + value, 0) / size;
      const square = values.reduce((sum, value) => sum + value * value, 0) / size;
      const other = drawn[(k + 1) % drawn.length]!;
      const product = values.reduce((sum, value, l) => sum + value * other[l]!, 0) / size;
      expect(Math.abs(mean)).toBeLessThan(0.06);
      expect(Math.abs(square - 1)).toBeLessThan(0.1);
      expect(Math.abs(product)).toBeLessThan(0.06);
    }
    const first = Array.from({ length: size }, (_, seed) => new KeyedStream(seed, "a").uniform());
    expect(Math.abs(first.reduce((sum, value) => sum + value, 0) / size - 0.5)).toBeLessThan(0.02);
    expect(first.every((value) => value > 0 && value < 1)).toBe(true);
  });
});

describe("summarize", () => {
  it("gives the mean and interpolated percentiles, null of nothing", () => {
    const values = Float64Array.from({ length: 101 }, (_, k) => 100 - k);
    expect(summarize(values)).toEqual({ mean: 50, interval: [5, 95] });
    expect(quantile(Float64Array.of(1, 2), 0.25)).toBe(1.25);
    expect(summarize(new Float64Array(0))).toBeNull();
  });
});
