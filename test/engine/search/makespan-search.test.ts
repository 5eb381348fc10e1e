import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type MakespanProblem, priceMakespan } from "../../../src/engine/bounds/makespan-prices.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { searchIdentical } from "../../../src/engine/search/identical-search.js";
import { searchMakespan } from "../../../src/engine/search/makespan-search.js";
import { chooseSubset } from "../../../src/engine/search/subset-sum.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { endOfPairs, everyPlan, generateMakespan, MAKESPAN_FAMILIES, pairsOf } from "../../support/combinatorial.js";

const IDENTICAL = "../shared/instances/pcmax";

function search(problem: MakespanProblem, work: number, seed = 1) {
  const { prices, bound } = priceMakespan(problem, { meter: new WorkMeter(Infinity) });
  return { bound, ...searchMakespan(problem, { seed, meter: new WorkMeter(work), prices, bound }) };
}

describe("the makespan search", () => {
  it.each(MAKESPAN_FAMILIES)("finds the optimum of tiny problems, %s", (family) => {
    for (let seed = 1; seed <= 8; seed++) {
      const plain = generateMakespan(family, { numTasks: 6, numAgents: 3 }, seed);
      const late = { ...plain, availableFrom: Float64Array.of(0, 30, 400) };
      for (const problem of [plain, late]) {
        let optimum = Infinity;
        for (const pairs of everyPlan(problem)) optimum = Math.min(optimum, endOfPairs(problem, pairs));
        const { incumbent } = search(problem, 3e6);
        expect(endOfPairs(problem, pairsOf(problem, incumbent!.agentOf))).toBe(incumbent!.makespan);
        expect(incumbent!.makespan).toBe(optimum);
      }
    }
  });

  it.each([
    ["u1", 0.01],
    ["u100", 0.004],
    ["jobs", 0.01],
  ] as const)("comes near the bound, %s, 1000 × 20, and repeats itself", (family, gap) => {
    const problem = generateMakespan(family, { numTasks: 1000, numAgents: 20 }, 5);
    const first = search(problem, 3e7);
    expect(first.incumbent!.makespan).toBeLessThanOrEqual(first.bound * (1 + gap));
    expect(search(problem, 3e7)).toEqual(first);
  });

  it("packs slots, and takes real times", () => {
    const plain = generateMakespan("u10", { numTasks: 60, numAgents: 4 }, 3);
    const problem = { ...plain, use: plain.use.map((use) => use / 7), slots: Int32Array.of(1, 2, 3, 1) };
    const { incumbent, bound } = search(problem, 1e7);
    expect(incumbent!.makespan).toBeGreaterThanOrEqual(bound);
    expect(incumbent!.makespan).toBeLessThanOrEqual(bound * 1.1);
  });

  it("says that a task has no agent", () => {
    const problem = generateMakespan("u1", { numTasks: 2, numAgents: 2 }, 1);
    const cut = { ...problem, pairStart: Int32Array.of(0, 2, 2) };
    expect(search(cut, 1e6)).toMatchObject({ incumbent: null, ended: "infeasible" });
  });

  it.skipIf(!existsSync(IDENTICAL))("is optimal on the published identical agents", () => {
    for (const name of readdirSync(IDENTICAL)) {
      const words = readFileSync(`${IDENTICAL}/${name}`, "utf8").trim().split(/\s+/);
      const [numTasks, numAgents] = [Number(words[2]), Number(words[3])];
      const uses = Float64Array.from(words.slice(4, 4 + numTasks), Number);
      const optimum = Number(/OPT:(\d+)/.exec(words.join(" "))![1]);
      const outcome = searchIdentical(uses, numAgents, { seed: 1, meter: new WorkMeter(1e9), bound: optimum });
      expect([name, outcome.makespan, outcome.ended]).toEqual([name, optimum, "target"]);
    }
  });
});

describe("subset sums", () => {
  it("reach the most that any subset can, up to the goal", () => {
    const random = drawingRandom(9);
    for (let round = 0; round < 300; round++) {
      const sizes = Float64Array.from({ length: 1 + random.below(8) }, () => random.below(200));
      const goal = random.below(600);
      let most = 0;
      for (let mask = 0; mask < 1 << sizes.length; mask++) {
        const sum = sizes.reduce((total, size, k) => total + ((mask >> k) & 1) * size, 0);
        if (sum <= goal) most = Math.max(most, sum);
      }
      const isChosen = new Uint8Array(sizes.length);
      chooseSubset(sizes, goal, isChosen);
      expect(sizes.reduce((total, size, k) => total + isChosen[k]! * size, 0)).toBe(most);
    }
  });

  it("split real sizes nearly as evenly", () => {
    const random = drawingRandom(4);
    const sizes = Float64Array.from({ length: 20 }, () => random.unit());
    const half = sizes.reduce((sum, size) => sum + size, 0) / 2;
    const isChosen = new Uint8Array(20);
    chooseSubset(sizes, half, isChosen);
    expect(Math.abs(sizes.reduce((sum, size, k) => sum + isChosen[k]! * size, 0) - half)).toBeLessThan(1e-4);
  });
});
