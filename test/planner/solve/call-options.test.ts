import { describe, expect, it } from "vitest";
import { SOLVE_OPTION_NAMES } from "../../../src/domain/index.js";
import { readCallOptions } from "../../../src/planner/solve/call-options.js";

describe("readCallOptions", () => {
  it.each([
    [null, "options: null is not an object"],
    [{ timelimitMs: 5 }, 'did you mean "timeLimitMs"?'],
    [{ gap: 2 }, "options.gap: 2 is greater than 1"],
    [{ timeLimitMs: -1 }, "options.timeLimitMs: -1 is not greater than 0"],
    [{ loadLimit: "fast" }, 'options.loadLimit: "fast" is not a load limit'],
    [{ weights: { foo: 1 } }, "options.weights.foo: unknown field"],
    [{ exploreHighRisk: 1 }, "options.exploreHighRisk: 1 is not true or false"],
    [{ signal: 3 }, "options.signal: is not an AbortSignal"],
    [{ onProgress: "loud" }, "options.onProgress: is not a function"],
    [{ now: new Date(Number.NaN) }, "options.now: is not a valid Date"],
  ])("refuses %j", (options, message) => {
    expect(() => readCallOptions(options as never)).toThrow(message);
  });

  it("names every option of the library by its own name", () => {
    for (const name of SOLVE_OPTION_NAMES) {
      expect(() => readCallOptions({ [name]: Symbol("wrong") } as never)).toThrow(`options.${name}: `);
    }
  });

  it("keeps the data and leaves the ears and clocks out", () => {
    const signal = new AbortController().signal;
    expect(readCallOptions({ strategy: "mix", loadLimit: 2, signal, now: new Date(0) })).toEqual({
      strategy: "mix",
      loadLimit: { kind: "factor", factor: 2 },
    });
  });
});
