import { describe, expect, it } from "vitest";
import { Core } from "../../../src/engine/assignment/core.js";
import { dive } from "../../../src/engine/assignment/dives.js";
import { plainRules, SearchProgress } from "../../../src/engine/assignment/progress.js";
import { priceCapacities } from "../../../src/engine/bounds/capacity-prices.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { generateGap } from "../../support/combinatorial.js";

/** Cost beyond the bound, relative, of a dive that is content with 2 % beyond it. */
function gapOfDive(seed: number): number {
  const meter = new WorkMeter(Infinity);
  const problem = generateGap("d", { numTasks: 200, numAgents: 20 }, seed);
  const progress = new SearchProgress(problem, meter, { ...plainRules(problem), gap: 0 }, {});
  const { prices, bound } = priceCapacities(problem, { meter });
  const core = new Core(progress);
  core.climb(prices, bound, 2e7);
  core.reduce();
  const shape = { share: 0.1, tail: 45, workLimit: Infinity };
  dive(core, drawingRandom(1), { ...shape, threshold: 4 * core.unit, highest: 1.02 * core.value });
  return progress.cost / core.value - 1;
}

describe("dive", () => {
  it("keeps the multipliers of the root while its cutoff is far", () => {
    const gaps = [3, 4].map(gapOfDive);
    expect(gaps.reduce((sum, gap) => sum + gap) / gaps.length).toBeLessThan(0.003);
  });
});
