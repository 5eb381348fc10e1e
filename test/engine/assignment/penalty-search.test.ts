import { describe, expect, it } from "vitest";
import { Core } from "../../../src/engine/assignment/core.js";
import { PenaltySearch } from "../../../src/engine/assignment/penalty-search.js";
import { plainRules, SearchProgress } from "../../../src/engine/assignment/progress.js";
import { SoftAssignment } from "../../../src/engine/assignment/soft-assignment.js";
import { priceCapacities } from "../../../src/engine/bounds/capacity-prices.js";
import { type GeneralizedAssignment, pairOf } from "../../../src/engine/bounds/generalized-assignment.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { OPEN } from "../../../src/engine/tree/partial-assignment.js";
import { createRandom } from "../../../src/domain/random.js";
import { type GapClass, generateGap } from "../../support/combinatorial.js";

const SIZE = { numTasks: 500, numAgents: 25 };

function rootOf(problem: GeneralizedAssignment) {
  const meter = new WorkMeter(Infinity);
  const progress = new SearchProgress(problem, meter, { ...plainRules(problem), gap: 0 }, {});
  const { prices, bound } = priceCapacities(problem, { meter });
  const core = new Core(progress);
  core.climb(prices, bound, 2e7);
  return { core, progress, meter };
}

/** The least room that an assignment leaves any agent. */
function leastRoom(problem: GeneralizedAssignment, agentOf: Int32Array): number {
  const room = problem.capacity.slice();
  agentOf.forEach((agent, task) => (room[agent]! -= problem.use[pairOf(problem, task, agent)]!));
  return Math.min(...room);
}

describe("PenaltySearch", () => {
  it.each([
    ["c", 1, 4],
    ["c", 2, 4],
    ["e", 1, 20],
    ["e", 2, 20],
  ] as [GapClass, number, number][])(
    "ends class %s, draw %i, within the capacities and %i of the root's bound, with little work",
    (kind, seed, distance) => {
      const problem = generateGap(kind, SIZE, seed);
      const { core, progress, meter } = rootOf(problem);
      const limit = meter.used + 1e8;
      const search = new PenaltySearch(core, createRandom(1));
      search.search(limit, limit);
      expect(search.hasSucceeded).toBe(true);
      expect(leastRoom(problem, progress.agentOf!)).toBeGreaterThanOrEqual(0);
      expect(plainRules(problem).judge(progress.agentOf!)).toBe(progress.cost);
      expect(progress.cost - core.value).toBeLessThan(distance);
    },
  );

  it("is not misled where capacities cannot hold all tasks", () => {
    const drawn = generateGap("c", SIZE, 3);
    const problem = { ...drawn, capacity: drawn.capacity.map((room) => Math.floor(room / 4)) };
    const { core, progress, meter } = rootOf(problem);
    const search = new PenaltySearch(core, createRandom(1));
    search.search(meter.used + 3e7, meter.used + 1e7);
    expect(search.hasSucceeded).toBe(false);
    expect(progress.agentOf).toBeNull();
  });
});

describe("SoftAssignment", () => {
  const problem = generateGap("e", SIZE, 4);

  it("raises what tasks are worth that no agent chose, and those of all where some are missing", () => {
    const { core } = rootOf(problem);
    const soft = new SoftAssignment(core, 10);
    soft.reset();
    const isMissing = soft.readPairs().map((pair) => (pair === OPEN ? 1 : 0));
    expect(isMissing.includes(1)).toBe(true);
    soft.moveMultipliers(0.5, 0);
    isMissing.forEach((missing, task) => {
      if (missing === 1) expect(soft.lambda[task]! - core.lambda[task]!).toBeCloseTo(0.5, 9);
      else expect(soft.lambda[task]!).toBeLessThanOrEqual(core.lambda[task]!);
    });
    const before = soft.lambda.slice();
    soft.moveMultipliers(0, 1);
    const shifts = new Set([...soft.lambda].map((value, task) => (value - before[task]!).toFixed(9)));
    expect(shifts.size).toBe(1);
    expect(Math.abs(Number([...shifts][0]))).toBeGreaterThan(0);
  });

  it("keeps every agent's choice within its capacity", () => {
    const { core } = rootOf(problem);
    const soft = new SoftAssignment(core, 10);
    const random = createRandom(2);
    soft.reset();
    for (let round = 0; round < 30; round++) {
      soft.sweep(0.5 * soft.scale, random);
      soft.moveMultipliers(0.05, 0.5);
      const room = problem.capacity.slice();
      for (const pair of soft.readPairs()) if (pair !== OPEN) room[problem.pairAgent[pair]!]! -= problem.use[pair]!;
      expect(Math.min(...room)).toBeGreaterThanOrEqual(0);
    }
  });

  it("leaves fewer tasks missing or chosen twice as the penalty grows", () => {
    const { core } = rootOf(problem);
    const soft = new SoftAssignment(core, 10);
    const random = createRandom(3);
    soft.reset();
    const first = soft.moveMultipliers(0, 0);
    for (let round = 0; round < 40; round++) {
      soft.sweep(soft.scale, random);
      soft.moveMultipliers(0.05 * soft.scale, 3 * soft.scale);
    }
    expect(soft.moveMultipliers(0, 0)).toBeLessThan(0.5 * first);
  });
});
