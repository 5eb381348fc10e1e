import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { ruleOutByKnapsacks } from "../../../src/engine/bounds/makespan-knapsacks.js";
import { type MakespanProblem, priceMakespan } from "../../../src/engine/bounds/makespan-prices.js";
import { WorkMeter } from "../../../src/engine/bounds/work-meter.js";
import { generateRcmax } from "../../../src/planner/bench/generate-cmax.js";

const SEEDS = fc.integer({ min: 1, max: 100_000 });

/** Tasks on a few agents, each with most of the agents; some come later, some have two slots. */
function drawProblem(seed: number, numTasks: number, longest: number): MakespanProblem {
  const random = drawingRandom(seed);
  const numAgents = 2 + random.below(2);
  const pairs = Array.from({ length: numTasks }, () => {
    const agents = [...Array(numAgents).keys()].filter(() => random.unit() < 0.8);
    return (agents.length > 0 ? agents : [0]).map((agent) => ({ agent, use: 1 + random.below(longest) + 20 * agent }));
  });
  const pairStart = new Int32Array(numTasks + 1);
  pairs.forEach((own, task) => (pairStart[task + 1] = pairStart[task]! + own.length));
  return {
    ...{ numTasks, numAgents, pairStart },
    pairAgent: Int32Array.from(pairs.flat(), ({ agent }) => agent),
    use: Float64Array.from(pairs.flat(), ({ use }) => use),
    slots: Int32Array.from({ length: numAgents }, () => 1 + random.below(2)),
    availableFrom: Float64Array.from({ length: numAgents }, () => (random.unit() < 0.3 ? random.below(15) : 0)),
  };
}

function ruleOut(problem: MakespanProblem, workLimit = Infinity) {
  const { prices, bound } = priceMakespan(problem, { meter: new WorkMeter(1e9) });
  const meter = new WorkMeter(1e9);
  return { prices, bound, meter, ruledOut: ruleOutByKnapsacks(problem, { meter, prices, bound, workLimit }) };
}

/** Σ λ less the most that all slots can gain until a time, every selection tried. */
function excessAt(problem: MakespanProblem, lambda: Float64Array, time: number): number {
  const { numTasks, numAgents, pairStart, pairAgent, use, slots, availableFrom } = problem;
  let excess = lambda.reduce((sum, one) => sum + one, 0);
  for (let agent = 0; agent < numAgents; agent++) {
    const items: { gain: number; use: number }[] = [];
    for (let task = 0; task < numTasks; task++) {
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        if (pairAgent[pair] === agent) items.push({ gain: lambda[task]!, use: use[pair]! });
      }
    }
    const gain = (k: number, room: number): number => {
      if (k === items.length) return 0;
      const without = gain(k + 1, room);
      return items[k]!.use > room ? without : Math.max(without, items[k]!.gain + gain(k + 1, room - items[k]!.use));
    };
    excess -= slots[agent]! * gain(0, Math.max(0, time - availableFrom[agent]!));
  }
  return excess;
}

/** The least makespan over every choice of slots. */
function bestMakespan({ numTasks, pairStart, pairAgent, use, slots, availableFrom }: MakespanProblem): number {
  const ends = Array.from(slots, (count, agent) => new Array<number>(count).fill(availableFrom[agent]!));
  const search = (task: number, latest: number): number => {
    if (task === numTasks) return latest;
    let best = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const own = ends[pairAgent[pair]!]!;
      for (let slot = 0; slot < own.length; slot++) {
        const before = own[slot]!;
        own[slot] = before + use[pair]!;
        best = Math.min(best, search(task + 1, Math.max(latest, own[slot]!)));
        own[slot] = before;
      }
    }
    return best;
  };
  return search(0, 0);
}

describe("times ruled out by knapsacks", () => {
  it("are those that an enumeration rules out, and no plan ends by them", () => {
    let numRaised = 0;
    fc.assert(
      fc.property(SEEDS, (seed) => {
        const problem = drawProblem(seed, 6, 4);
        const { bound, ruledOut } = ruleOut(problem);
        const best = bestMakespan(problem);
        expect(bound).toBeLessThanOrEqual(best);
        if (ruledOut === null) return;
        const { atTime, lambda } = ruledOut;
        numRaised += 1;
        expect(atTime).toBeGreaterThanOrEqual(bound);
        expect(atTime).toBeLessThan(best);
        expect(excessAt(problem, lambda, atTime)).toBeGreaterThan(0);
        expect(excessAt(problem, lambda, atTime + 1)).toBeLessThan(1e-6 * (atTime + 1));
      }),
      { numRuns: 150 },
    );
    expect(numRaised).toBeGreaterThan(30);
  });

  it("are far above the linear relaxation where slow agents have room for a few tasks", () => {
    const size = { numAgents: 20, numTasks: 500, eligibleAgents: null };
    const { assignment } = generateRcmax("correlated-agents", size, drawingRandom(3));
    const slots = new Int32Array(assignment.numAgents).fill(1);
    const problem = { ...assignment, slots, availableFrom: new Float64Array(assignment.numAgents) };
    const { bound, ruledOut } = ruleOut(problem);
    expect(ruledOut!.atTime).toBeGreaterThan(bound);
  });

  it("are none where times are not whole, nothing is to be done, or a task has no agent", () => {
    const problem = drawProblem(5, 6, 4);
    expect(ruleOut({ ...problem, use: problem.use.map((use) => use + 0.5) }).ruledOut).toBeNull();
    const nothing = {
      numTasks: 0,
      pairStart: Int32Array.of(0),
      pairAgent: new Int32Array(0),
      use: new Float64Array(0),
    };
    expect(ruleOut({ ...problem, ...nothing }).ruledOut).toBeNull();
    const homeless = {
      ...problem,
      numTasks: 7,
      pairStart: Int32Array.of(...problem.pairStart, problem.use.length),
    };
    expect(ruleOut(homeless).ruledOut).toBeNull();
  });

  it("are not looked for beyond the work limit", () => {
    const size = { numAgents: 20, numTasks: 500, eligibleAgents: null };
    const { assignment } = generateRcmax("correlated-agents", size, drawingRandom(3));
    const slots = new Int32Array(assignment.numAgents).fill(1);
    const problem = { ...assignment, slots, availableFrom: new Float64Array(assignment.numAgents) };
    expect(ruleOut(problem, 1).ruledOut).toBeNull();
    expect(ruleOut(problem, 1).meter.used).toBeLessThan(ruleOut(problem).meter.used / 2);
  });
});

it("rules out nothing by an agent whose table would be too large", () => {
  // 3 + 3 on one agent and 2 + 2 + 2 on the other end at 6; taken in their order, 2 and 3 leave room on both.
  const sizes = [2, 3, 2, 3, 2].map((size) => size * 200_001);
  const problem = {
    ...{ numTasks: 5, numAgents: 2 },
    pairStart: Int32Array.from([0, 2, 4, 6, 8, 10]),
    pairAgent: Int32Array.from([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
    use: Float64Array.from(sizes.flatMap((size) => [size, size])),
    slots: Int32Array.from([1, 1]),
    availableFrom: new Float64Array(2),
  };
  const options = { prices: Float64Array.from([0.5, 0.5]), bound: 6 * 200_001, workLimit: 1e9 };
  expect(ruleOutByKnapsacks(problem, { meter: new WorkMeter(1e9), ...options })).toBeNull();
});
