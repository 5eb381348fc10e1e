import { describe, expect, it } from "vitest";
import { rootBound, rootBoundSteps } from "../../../src/engine/sequencing/root-bound.js";
import { randomProblem } from "./random-problem.js";

const problem = randomProblem(3, { numTasks: 40, numAgents: 4, hasReleases: true });

function count(options: Parameters<typeof rootBound>[1]): { readonly steps: number; readonly boundMs: number } {
  const search = rootBoundSteps(problem, options);
  for (let steps = 0; ; steps++) {
    const step = search.next();
    if (step.done) return { steps, boundMs: step.value.boundMs };
  }
}

describe("the effort of a root bound", () => {
  const whole = count({});

  it("is shared where problems are many, and what is proven holds all the same", () => {
    const few = count({ effort: 1e-3 });
    expect(few.steps).toBeLessThan(whole.steps / 4);
    expect(few.boundMs).toBeGreaterThan(0);
    expect(few.boundMs).toBeLessThanOrEqual(whole.boundMs);
  });

  it("ends where it is stopped, with one set of prices at least", () => {
    const stopped = rootBound(problem, { shouldStop: () => true });
    expect(stopped.windows).toHaveLength(1);
    expect(stopped.prices).toHaveLength(problem.numAgents);
    expect(stopped.boundMs).toBeGreaterThan(0);
    expect(stopped.boundMs).toBeLessThanOrEqual(whole.boundMs);
  });
});
