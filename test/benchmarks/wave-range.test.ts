import { describe, expect, it } from "vitest";
import { readWaveRange } from "../../benchmarks/wave-range.js";

describe("readWaveRange", () => {
  const read = (...args: string[]) => readWaveRange(args, { count: 2000, first: 1 });

  it("takes flags and numbers alone", () => {
    expect(read()).toEqual({ count: 2000, first: 1 });
    expect(read("--count", "200")).toEqual({ count: 200, first: 1 });
    expect(read("--count=5", "--first", "9")).toEqual({ count: 5, first: 9 });
    expect(read("200", "7")).toEqual({ count: 200, first: 7 });
  });

  it("refuses what would look at nothing and pass", () => {
    expect(() => read("--count", "many")).toThrow('--count: "many" is no whole number above 0');
    expect(() => read("0")).toThrow("--count");
    expect(() => read("3", "4", "5")).toThrow('"5" is one number too many');
    expect(() => read("--cuont", "3")).toThrow("--cuont");
  });
});
