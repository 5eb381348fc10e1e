import { describe, expect, it } from "vitest";
import { Core } from "../../../src/engine/assignment/core.js";
import { dive } from "../../../src/engine/assignment/dives.js";
import { EliteSearch } from "../../../src/engine/assignment/elite-search.js";
import { merge } from "../../../src/engine/assignment/merge.js";
import { plainRules, SearchProgress } from "../../../src/engine/assignment/progress.js";
import { priceCapacities } from "../../../src/engine/bounds/capacity-prices.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { generateGap } from "../../support/combinatorial.js";

const WORK = 1e9;

/** The root of a problem, and the assignments that some dives met. */
function afterDives(seed: number) {
  const meter = new WorkMeter(Infinity);
  const problem = generateGap("d", { numTasks: 100, numAgents: 20 }, seed);
  const progress = new SearchProgress(problem, meter, { ...plainRules(problem), gap: 0 }, {});
  const { prices, bound } = priceCapacities(problem, { meter });
  const core = new Core(progress);
  core.climb(prices, bound, 1e7);
  core.reduce();
  const random = drawingRandom(seed);
  const shape = { share: 0.1, tail: 30, workLimit: Infinity, nodeLimit: 40, threshold: 4 * core.unit };
  const met = Array.from({ length: 4 }, () => dive(core, random, { ...shape, highest: 1.02 * core.value }));
  return { core, random, problem, met: met.filter((one) => one !== null) };
}

describe("merge", () => {
  it("finds assignments cheaper than both that it is given", () => {
    const { core, random, problem, met } = afterDives(3);
    const mark = core.state.mark();
    const children = met.slice(1).map((one, k) => {
      const child = merge(core, random, one, met[k]!, WORK);
      if (child === null) return 0;
      expect(child.cost).toBeLessThan(Math.min(one.cost, met[k]!.cost));
      expect(plainRules(problem).judge(child.agentOf)).toBe(child.cost);
      return 1;
    });
    expect(children.filter((count) => count === 1).length).toBeGreaterThan(0);
    expect(core.state.mark()).toBe(mark);
  });
});

describe("EliteSearch", () => {
  it("ends below what neighbourhoods find alone", () => {
    const [merged, alone] = [true, false].map((isMerging) => {
      const { core, random, met } = afterDives(3);
      let search = new EliteSearch(core, random, WORK);
      for (const one of met) {
        if (!isMerging) search = new EliteSearch(core, random, WORK);
        search.improve(one);
      }
      return core.progress.cost;
    });
    expect(merged).toBeLessThan(alone!);
  });
});
