import { describe, expect, it } from "vitest";
import type { GeneralizedAssignment } from "../../../src/engine/bounds/generalized-assignment.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { AssignmentTree, type TreeOptions } from "../../../src/engine/tree/assignment-tree.js";
import { KnapsackLagrangian } from "../../../src/engine/tree/knapsack-lagrangian.js";
import { PartialAssignment } from "../../../src/engine/tree/partial-assignment.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { everyPlan, generateGap, costOfPairs } from "../../support/combinatorial.js";

const CLASSES = ["c", "d", "e"] as const;
const FULL: Omit<TreeOptions, "highest"> = {
  improvement: 1,
  tolerance: 1e-6,
  numSteps: 6,
  maxRounds: 3,
  nodeLimit: Infinity,
  workLimit: Infinity,
  stopAtFirst: false,
  dive: null,
};

function tiny(seed: number): GeneralizedAssignment {
  const problem = generateGap(CLASSES[seed % 3]!, { numTasks: 7, numAgents: 3 }, seed);
  // Every other one with real numbers, where knapsacks are solved by branching alone.
  if (seed % 2 === 0) return problem;
  return {
    ...problem,
    use: problem.use.map((use) => use + 0.25),
    capacity: problem.capacity.map((room) => room + 0.4),
  };
}

function cheapest(problem: GeneralizedAssignment, isAllowed: (pairs: Int32Array) => boolean = () => true): number {
  let best = Infinity;
  for (const pairs of everyPlan(problem)) {
    if (!isAllowed(pairs)) continue;
    best = Math.min(best, costOfPairs(problem, pairs) ?? Infinity);
  }
  return best;
}

function makeTree(problem: GeneralizedAssignment, lambda: Float64Array) {
  const meter = new WorkMeter(Infinity);
  const state = new PartialAssignment(problem);
  const lagrangian = new KnapsackLagrangian(state, problem.use.every(Number.isInteger), meter);
  lagrangian.setLambda(lambda);
  let best = Infinity;
  const tree = new AssignmentTree(lagrangian, meter, (agentOf) => {
    let cost = 0;
    agentOf.forEach((agent, task) => (cost += problem.cost[problem.pairStart[task]! + agent]!));
    best = Math.min(best, cost);
    return cost;
  });
  return { state, lagrangian, tree, best: () => best };
}

function anyLambda(problem: GeneralizedAssignment, seed: number): Float64Array {
  const random = drawingRandom(seed);
  const mean = problem.cost.reduce((sum, cost) => sum + cost, 0) / problem.cost.length;
  return Float64Array.from({ length: problem.numTasks }, () => mean * (0.5 + random.unit()));
}

/** By how much less profit all knapsacks have with the pair than without a rule, by trying every selection. */
function costOfTaking({ state, lambda }: KnapsackLagrangian, pair: number): number {
  const task = state.pairTask[pair]!;
  let loss = 0;
  for (let agent = 0; agent < state.numAgents; agent++) {
    const start = state.listStart[agent]!;
    const pairs = [...state.list.subarray(start, start + state.listCount[agent]!)];
    let [best, bestSo] = [0, -Infinity];
    for (let chosen = 0; chosen < 2 ** pairs.length; chosen++) {
      const taken = pairs.filter((_, k) => ((chosen >> k) & 1) === 1);
      if (taken.reduce((sum, at) => sum + state.use[at]!, 0) > state.room[agent]!) continue;
      const profit = taken.reduce((sum, at) => sum + lambda[state.pairTask[at]!]! - state.cost[at]!, 0);
      best = Math.max(best, profit);
      if (taken.some((at) => state.pairTask[at] === task) === (state.pairAgent[pair] === agent))
        bestSo = Math.max(bestSo, profit);
    }
    loss += best - bestSo;
  }
  return loss;
}

describe("AssignmentTree", () => {
  it("finds the optimum and proves it, from any multipliers", () => {
    for (let seed = 1; seed <= 60; seed++) {
      const problem = tiny(seed);
      const { tree, best, state } = makeTree(problem, anyLambda(problem, seed));
      const { isExhausted } = tree.run(anyLambda(problem, seed), { ...FULL, highest: 1e6 });
      expect([seed, isExhausted, best()]).toEqual([seed, true, cheapest(problem)]);
      expect(state.numOpen).toBe(problem.numTasks);
    }
  });

  it("rules out what costs less than the optimum, and finds it at its own cost", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const problem = tiny(seed);
      const optimum = cheapest(problem);
      if (optimum === Infinity) continue;
      const { tree, best } = makeTree(problem, anyLambda(problem, seed));
      expect(tree.run(anyLambda(problem, seed), { ...FULL, highest: optimum - 1 }).isExhausted).toBe(true);
      expect(best()).toBeGreaterThanOrEqual(optimum);
      tree.run(anyLambda(problem, seed), { ...FULL, highest: optimum, stopAtFirst: true });
      expect([seed, best()]).toEqual([seed, optimum]);
    }
  });

  it("claims no proof where a node limit, a work limit or a dive left something out", () => {
    const problem = generateGap("d", { numTasks: 30, numAgents: 5 }, 3);
    const lambda = anyLambda(problem, 3);
    const limits = [{ nodeLimit: 2 }, { workLimit: 1 }, { dive: { share: 0.2, tail: 5, random: drawingRandom(1) } }];
    for (const limit of limits) {
      const { tree } = makeTree(problem, lambda);
      expect(tree.run(lambda, { ...FULL, highest: 1e6, ...limit }).isExhausted).toBe(false);
    }
  });
});

describe("KnapsackLagrangian and ConditionalBounds", () => {
  it.each([{ isLinear: false }, { isLinear: true }])(
    "bound every completion, and every completion with a given pair: %o",
    ({ isLinear }) => {
      let numRaised = 0;
      for (let seed = 1; seed <= 40; seed++) {
        const problem = tiny(seed);
        const { lagrangian, tree, state } = makeTree(problem, anyLambda(problem, seed));
        for (const fixed of [null, seed % problem.cost.length]) {
          if (fixed !== null) {
            if (problem.use[fixed]! > problem.capacity[problem.pairAgent[fixed]!]!) continue;
            state.fix(fixed);
          }
          const isAllowed = (pairs: Int32Array): boolean => fixed === null || pairs.includes(fixed);
          const value = lagrangian.evaluate();
          expect(value).toBeLessThanOrEqual(cheapest(problem, isAllowed) + 1e-9);
          tree.bounds.compute(1e5, isLinear);
          problem.cost.forEach((_, pair) => {
            if (state.isAlive[pair] === 0 || pair === fixed) return;
            const withPair = cheapest(problem, (pairs) => isAllowed(pairs) && pairs.includes(pair));
            expect(value + tree.bounds.extra[pair]!).toBeLessThanOrEqual(withPair + 1e-6);
            expect(tree.bounds.extra[pair]!).toBeLessThanOrEqual(costOfTaking(lagrangian, pair) + 1e-6);
            if (tree.bounds.extra[pair]! > 1) numRaised += 1;
          });
        }
      }
      expect(numRaised).toBeGreaterThan(300);
    },
  );

  it("stay the same whatever was tried and undone", () => {
    const problem = generateGap("c", { numTasks: 20, numAgents: 4 }, 5);
    const lambda = anyLambda(problem, 5);
    const { state, lagrangian } = makeTree(problem, lambda);
    const before = lagrangian.evaluate();
    const random = drawingRandom(4);
    for (let round = 0; round < 50; round++) {
      const mark = state.mark();
      for (let k = 0; k < 6; k++) {
        const pair = random.below(problem.cost.length);
        if (state.isAlive[pair] === 0) continue;
        if (random.below(2) === 0 && problem.use[pair]! <= state.room[problem.pairAgent[pair]!]!) state.fix(pair);
        else state.drop(pair);
        if (k === 3) lagrangian.evaluate();
      }
      const incremental = lagrangian.evaluate();
      const fresh = makeTree(problem, lambda);
      for (let pair = 0; pair < problem.cost.length; pair++) {
        const task = state.pairTask[pair]!;
        if (state.isAlive[pair] === 0 && fresh.state.isAlive[pair] === 1 && state.fixedPair[task]! < 0)
          fresh.state.drop(pair);
      }
      state.fixedPair.forEach((pair) => pair >= 0 && fresh.state.fix(pair));
      expect(incremental).toBeCloseTo(fresh.lagrangian.evaluate(), 6);
      state.undo(mark);
      expect(lagrangian.evaluate()).toBeCloseTo(before, 6);
    }
  });
});
