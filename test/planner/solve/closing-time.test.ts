import { runAtOnce } from "../../../models/index.js";
import { describe, expect, it } from "vitest";
import { loadLimitSteps } from "../../../src/engine/index.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { closingMs } from "../../../src/planner/solve/closing-time.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { randomFullProblem } from "../../support/random-problem.js";

const problem = randomFullProblem(1, 100, 10);
const limits = runAtOnce(loadLimitSteps(buildInstance(problem, DEFAULT_OPTIONS), null));

const LONG_MS = 60_000;

describe("the time kept for the work after a search", () => {
  it("is longer where the work before the search took longer than it does on an idle machine, up to four times", () => {
    const usual = closingMs(limits, 0, LONG_MS);
    expect(closingMs(limits, 5, LONG_MS)).toBe(usual);
    expect(closingMs(limits, 50, LONG_MS)).toBeGreaterThan(1.5 * usual);
    expect(closingMs(limits, 50, LONG_MS)).toBeLessThan(closingMs(limits, 100, LONG_MS));
    expect(closingMs(limits, 1e6, LONG_MS)).toBe(4 * usual);
  });

  it("is longer where tasks wait for others: their document and checks take longer", () => {
    const { instance } = limits;
    const dependsOn = Int32Array.from({ length: 10_000 }, () => 0);
    expect(closingMs({ ...limits, instance: { ...instance, dependsOn } }, 0, LONG_MS)).toBeCloseTo(
      closingMs(limits, 0, LONG_MS) + 3 + 6,
      6,
    );
  });

  it("holds fewer draws of the simulation where the time limit is short", () => {
    expect(closingMs(limits, 0, 100)).toBeLessThan(closingMs(limits, 0, 150));
    expect(closingMs(limits, 0, 5)).toBe(closingMs(limits, 0, 10));
    expect(closingMs(limits, 0, 150)).toBeLessThanOrEqual(closingMs(limits, 0, LONG_MS));
  });
});
