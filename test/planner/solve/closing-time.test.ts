import { describe, expect, it } from "vitest";
import { loadLimitSteps, runAtOnce } from "../../../src/engine/index.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { closingMs } from "../../../src/planner/solve/closing-time.js";
import { DEFAULT_OPTIONS } from "../../../src/planner/solve/options.js";
import { randomFullProblem } from "../../support/random-problem.js";

const problem = randomFullProblem(1, 100, 10);
const limits = runAtOnce(loadLimitSteps(buildInstance(problem, DEFAULT_OPTIONS), null));

describe("the time kept for the work after a search", () => {
  it("is longer where the work before the search took longer than it does on an idle machine, up to four times", () => {
    const usual = closingMs(limits, 0);
    expect(closingMs(limits, 5)).toBe(usual);
    expect(closingMs(limits, 50)).toBeGreaterThan(1.5 * usual);
    expect(closingMs(limits, 50)).toBeLessThan(closingMs(limits, 100));
    expect(closingMs(limits, 1e6)).toBe(4 * usual);
  });
});
