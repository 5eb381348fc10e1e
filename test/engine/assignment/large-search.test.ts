import { describe, expect, it } from "vitest";
import { solveAssignment } from "../../../src/engine/assignment/assignment-engine.js";
import { extractPart } from "../../../src/engine/assignment/compact-part.js";
import { Core } from "../../../src/engine/assignment/core.js";
import { proveLevel } from "../../../src/engine/assignment/levels.js";
import { narrow } from "../../../src/engine/assignment/narrowing.js";
import { plainRules, SearchProgress } from "../../../src/engine/assignment/progress.js";
import { TaskNeighbourhoods } from "../../../src/engine/assignment/task-neighbourhoods.js";
import { firstIncumbent } from "../../../src/engine/assignment/first-incumbent.js";
import { priceCapacities } from "../../../src/engine/bounds/capacity-prices.js";
import type { GeneralizedAssignment } from "../../../src/engine/bounds/generalized-assignment.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { OPEN } from "../../../src/engine/tree/partial-assignment.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { generateGap } from "../../support/combinatorial.js";

const SIZE = { numTasks: 500, numAgents: 25 };

function rootOf(problem: GeneralizedAssignment, fewWork = 0) {
  const meter = new WorkMeter(Infinity);
  const progress = new SearchProgress(problem, meter, { ...plainRules(problem), gap: 0 }, {});
  const { prices, bound } = priceCapacities(problem, { meter });
  const core = new Core(progress);
  core.climb(prices, bound, fewWork > 0 ? 5e6 : 2e7);
  if (fewWork > 0) core.climbAmongFew(fewWork);
  const first = firstIncumbent(problem, { seed: 1, meter, workLimit: 1e8, prices })!;
  progress.offer(first);
  core.reduce();
  return { core, progress, first };
}

const SHAPE = { pairsPerTask: 10, numSteps: 5, share: 0.1, tail: 150, workLimit: Infinity };

describe("narrow", () => {
  const { core } = rootOf(generateGap("e", SIZE, 1));
  const { state } = core;

  it.each(["tasks", "agents"] as const)("by %s leaves a few open, the rest within the capacities", (by) => {
    const mark = state.mark();
    const kept = narrow(core, drawingRandom(1), { ...SHAPE, by })!;
    expect(state.mark()).toBe(mark);
    const room = state.room.slice();
    for (const pair of kept) if (pair !== OPEN) room[state.pairAgent[pair]!]! -= state.use[pair]!;
    expect(Math.min(...room)).toBeGreaterThanOrEqual(0);
    const numOpen = kept.filter((pair) => pair === OPEN).length;
    expect(numOpen).toBeGreaterThan(60);
    expect(numOpen).toBeLessThanOrEqual(SHAPE.tail);
  });

  it("by agents leaves whole agents free, by tasks a part of each", () => {
    const [byTasks, byAgents] = (["tasks", "agents"] as const).map((by) => {
      const kept = narrow(core, drawingRandom(1), { ...SHAPE, by })!;
      return new Set([...kept].filter((pair) => pair !== OPEN).map((pair) => state.pairAgent[pair]!)).size;
    });
    expect(byTasks).toBe(25);
    expect(byAgents).toBeLessThanOrEqual(20);
  });
});

describe("extractPart", () => {
  const problem = generateGap("c", SIZE, 2);
  const { core, first } = rootOf(problem);
  const { state } = core;
  const rules = plainRules(problem);
  /** Every fifth task keeps the pair it has. */
  const kept = Int32Array.from(first, (agent, task) => {
    const pair = state.pairStart[task]! + agent;
    return task % 5 === 0 && state.isAlive[pair] === 1 ? pair : OPEN;
  });

  it("is a problem whose assignments are those of the whole, at the same cost and in the room that is left", () => {
    const part = extractPart(core, kept, () => true)!;
    const some = Int32Array.from(part.tasks, (_, k) => part.problem.pairStart[k]!);
    const whole = part.widen(some.map((pair) => part.problem.pairAgent[pair]!));
    const cost = some.reduce((sum, pair) => sum + part.problem.cost[pair]!, part.offset);
    expect(rules.judge(whole)).toBe(cost);
    const use = some.reduce((sum, pair) => sum + part.problem.use[pair]!, 0);
    const room = part.problem.capacity.reduce((sum, one) => sum + one, 0);
    const useOfWhole = whole.reduce((sum, agent, task) => sum + problem.use[state.pairStart[task]! + agent]!, 0);
    const roomOfWhole = problem.capacity.reduce((sum, one) => sum + one, 0);
    expect(part.problem.numAgents).toBe(SIZE.numAgents);
    expect(room - use).toBe(roomOfWhole - useOfWhole);
    kept.forEach((pair, task) => {
      if (pair !== OPEN) expect(whole[task]).toBe(state.pairAgent[pair]);
    });
  });

  it("is null where an open task is offered no pair, or what is kept does not fit", () => {
    expect(extractPart(core, kept, () => false)).toBeNull();
    const crowd = Int32Array.from(first, (_, task) => state.pairStart[task]!);
    expect(extractPart(core, crowd, () => true)).toBeNull();
  });
});

describe("TaskNeighbourhoods", () => {
  it("bring a poor assignment most of the way down to the bound", () => {
    const problem = generateGap("e", SIZE, 3);
    const { core, progress } = rootOf(problem);
    const before = progress.cost;
    const { agentOf, cost } = new TaskNeighbourhoods(core, drawingRandom(1), 1e9).descend({
      agentOf: progress.agentOf!,
      cost: before,
    });
    expect(plainRules(problem).judge(agentOf)).toBe(cost);
    expect(progress.cost).toBe(cost);
    expect(cost - core.value).toBeLessThan(0.3 * (before - core.value));
  });
});

describe("solveAssignment of large problems", () => {
  it("ends near the bound where agents are roomy", () => {
    const { cost, bound } = solveAssignment(generateGap("e", SIZE, 4), {
      seed: 1,
      meter: new WorkMeter(2e8),
      expectedWork: 2e8,
    });
    // Dives on the whole end .31 % above it, parts .05 %.
    expect((cost - bound) / bound).toBeLessThan(3e-4);
  });

  it("does the same again with the same seed and work", () => {
    const [one, other] = [1, 2].map(() =>
      solveAssignment(generateGap("c", SIZE, 5), { seed: 3, meter: new WorkMeter(1.3e8), expectedWork: 1.3e8 }),
    );
    expect(one).toEqual(other);
  });
});

describe("proveLevel", () => {
  it("takes steps enough at a node to close a level with few of them", () => {
    const { core } = rootOf(generateGap("e", SIZE, 1), 4.5e7);
    const { meter } = core.progress;
    // 122 million looks with 20 steps a round, 209 million with 12.
    expect(proveLevel(core, Math.ceil(core.value) + 1, meter.used + 1.6e8)).toBe(true);
  });
});

describe("Core", () => {
  it("has a bound above the linear one where capacities hardly bind", () => {
    const drawn = generateGap("c", { numTasks: 800, numAgents: 60 }, 1);
    const problem = { ...drawn, capacity: drawn.capacity.map((room) => Math.floor(1.1 * room)) };
    const meter = new WorkMeter(Infinity);
    const { prices, bound } = priceCapacities(problem, { meter });
    expect(Math.max(...prices)).toBe(0);
    const core = new Core(new SearchProgress(problem, meter, { ...plainRules(problem), gap: 0 }, {}));
    core.climb(prices, bound, 2e7);
    expect(core.value).toBeGreaterThan(bound + 4);
  });
});
