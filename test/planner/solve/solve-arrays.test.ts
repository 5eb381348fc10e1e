import { afterAll, describe, expect, it } from "vitest";
import {
  deferredWeight,
  findViolations,
  type InstanceArrays,
  type PlainStrategy,
  STRATEGY_MODELS,
} from "../../../models/index.js";
import type { ArraysResult } from "../../../src/domain/arrays-result.js";
import { generateRcmax } from "../../../src/planner/bench/generate-cmax.js";
import { generateGap } from "../../../src/planner/bench/generate-gap.js";
import { asInstanceArrays } from "../../../src/planner/bench/solve-arrays.js";
import type { Random } from "../../../src/domain/random.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { PLAIN_STRATEGIES } from "../../../models/strategies.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { verifyArrays } from "../../../src/planner/verify/verify-arrays.js";

afterAll(closeSolvers);

const STRATEGIES = PLAIN_STRATEGIES;

type Drawn = { -readonly [K in keyof InstanceArrays]: InstanceArrays[K] };

/** A small sparse instance; `tightness` 1 leaves about the room that the tasks need. */
function drawArrays(random: Random, { numTasks = 6, numAgents = 3, tightness = 1.3 } = {}): Drawn {
  const pairStart = new Int32Array(numTasks + 1);
  const agents: number[] = [];
  for (let task = 0; task < numTasks; task++) {
    for (let agent = 0; agent < numAgents; agent++) if (random.unit() < 0.8) agents.push(agent);
    pairStart[task + 1] = agents.length;
  }
  const draw = (least: number, span: number): Float64Array =>
    Float64Array.from(agents, () => least + random.below(span + 1));
  const busyMs = draw(5, 20);
  const room = (tightness * 15 * numTasks) / numAgents;
  return {
    ...{ numTasks, numAgents, pairStart, pairAgent: Int32Array.from(agents), busyMs },
    cost: draw(1, 40),
    success: draw(0, 100).map((percent) => percent / 100),
    retries: draw(0, 8).map((quarter) => quarter / 4),
    confidenceDelta: draw(-10, 20).map((percent) => percent / 10 / 2),
    capacityMs: Float64Array.from({ length: numAgents }, () => room),
    weight: Float64Array.from({ length: numTasks }, () => 1 + random.below(3)),
  };
}

/** Least deferred weight, then the best value, over every plan on one slot an agent. */
function bruteForce(arrays: InstanceArrays, strategy: PlainStrategy): { weight: number; value: number } | null {
  const instance = instanceOfArrays(arrays);
  const model = STRATEGY_MODELS[strategy];
  const sign = model.first.sense === "min" ? 1 : -1;
  let best: { weight: number; value: number } | null = null;
  const agentOf = new Int32Array(arrays.numTasks);
  const visit = (task: number): void => {
    if (task === arrays.numTasks) {
      const slotOf = agentOf.map((agent) => (agent < 0 ? -1 : 0));
      const plan = { agentOf, slotOf };
      if (findViolations(instance, plan).length > 0) return;
      const [weight, value] = [deferredWeight(instance, plan), model.evaluate(instance, plan)];
      const isBetter =
        best === null || weight < best.weight || (weight === best.weight && sign * value < sign * best.value);
      if (isBetter) best = { weight, value };
      return;
    }
    for (let pair = arrays.pairStart[task]!; pair < arrays.pairStart[task + 1]!; pair++) {
      agentOf[task] = arrays.pairAgent[pair]!;
      visit(task + 1);
    }
    agentOf[task] = -1;
    visit(task + 1);
  };
  visit(0);
  return best;
}

function limits(strategy: PlainStrategy): { strategy: PlainStrategy; workLimit: number } {
  return { strategy, workLimit: 2e5 };
}

describe("solve on arrays", () => {
  it.each(STRATEGIES)("finds and proves the optimum of small instances: %s", async (strategy) => {
    const random = drawingRandom(7);
    for (let round = 0; round < 6; round++) {
      const arrays = drawArrays(random, { tightness: [1.5, 1.1, 0.7][round % 3]! });
      const result = await solve(arrays, limits(strategy));
      const best = bruteForce(arrays, strategy)!;
      expect(result.deferredWeight).toBeCloseTo(best.weight, 9);
      expect(result.objective.value).toBeCloseTo(best.value, 6);
      expect(result.termination).toBe("optimal");
      expect(verifyArrays(result, arrays, strategy).verdict).not.toBe("invalid");
    }
  });

  it("keeps limits beside the capacities", async () => {
    const random = drawingRandom(11);
    for (let round = 0; round < 4; round++) {
      const arrays = drawArrays(random);
      arrays.maxTasks = [2, 3, 1];
      arrays.budget = 80;
      const result = await solve(arrays, limits("maximize_success"));
      const best = bruteForce(arrays, "maximize_success")!;
      expect(result.deferredWeight).toBeCloseTo(best.weight, 9);
      expect(result.objective.value).toBeCloseTo(best.value, 6);
      expect(verifyArrays(result, arrays, "maximize_success").verdict).not.toBe("invalid");
    }
  });

  it("says infeasible where deferral is forbidden and a task fits nowhere", async () => {
    const arrays = { ...drawArrays(drawingRandom(3)), noDefer: true, capacityMs: [1, 1, 1] };
    const { termination, agentOf } = await solve(arrays, limits("minimize_cost"));
    expect({ termination, agentOf }).toEqual({ termination: "infeasible", agentOf: null });
  });

  it("gives the same plan again, whether or not the arrays lie in shared memory", async () => {
    const arrays = drawArrays(drawingRandom(5), { numTasks: 60, numAgents: 6 });
    const cost = new Float64Array(new SharedArrayBuffer(8 * arrays.cost!.length));
    cost.set(arrays.cost!);
    const first = await solve(arrays, { ...limits("minimize_cost"), workLimit: 2e4 });
    const second = await solve({ ...arrays, cost }, { ...limits("minimize_cost"), workLimit: 2e4 });
    expect(first.reproducible).toBe(true);
    expect([...second.agentOf!]).toEqual([...first.agentOf!]);
    expect(second.objective).toEqual(first.objective);
  });
});

describe("solve on large arrays", () => {
  it.each([
    ["c", 0.005],
    ["u1", 0.03],
  ] as const)("comes near its bound without a root of knapsacks: %s", async (name, gap) => {
    const size = { numAgents: 50, numTasks: 3_200, eligibleAgents: null };
    const random = drawingRandom(1);
    const drawn = name === "c" ? generateGap(name, size, random) : generateRcmax(name, size, random);
    const arrays = asInstanceArrays(drawn);
    const result = await solve(arrays, { ...limits(drawn.strategy), workLimit: 1e6, timeLimitMs: 60_000 });
    expect(result.objective.gap).toBeLessThan(gap);
    expect(result.certificate?.kind).toBe(name === "c" ? "capacity_prices" : "makespan_prices");
    expect(verifyArrays(result, arrays, drawn.strategy).verdict).not.toBe("invalid");
  });
});

describe("verifyArrays", () => {
  it("rejects what is false", async () => {
    const arrays = { ...drawArrays(drawingRandom(13), { numTasks: 30, numAgents: 4 }), noDefer: true };
    const result = await solve(arrays, limits("minimize_cost"));
    expect(verifyArrays(result, arrays, "minimize_cost").verdict).not.toBe("invalid");
    const { objective, certificate } = result;
    const isInvalid = (tampered: Partial<ArraysResult>): boolean =>
      verifyArrays({ ...result, ...tampered }, arrays, "minimize_cost").verdict === "invalid";
    expect(isInvalid({ objective: { ...objective, value: objective.value! - 1 } })).toBe(true);
    expect(isInvalid({ agentOf: result.agentOf!.map(() => 0) })).toBe(true);
    expect(isInvalid({ certificate: { ...certificate!, bound: certificate!.bound + 1e3 } })).toBe(true);
    expect(isInvalid({ certificate: { ...certificate!, multipliers: certificate!.multipliers.map(() => NaN) } })).toBe(
      true,
    );
    expect(isInvalid({ deferredWeight: 1 })).toBe(true);
  });
});

describe("the border", () => {
  const valid = drawArrays(drawingRandom(17));

  it.each([
    ["pairStart[2]", { pairStart: [0, 2, 1, 3, 4, 5, 6] }],
    ["pairAgent[1]", { pairAgent: valid.pairAgent.map((agent, pair) => (pair === 1 ? 99 : agent)) }],
    ["cost[0]", { cost: valid.cost!.map((cost, pair) => (pair === 0 ? NaN : cost)) }],
    ["busyMs", { busyMs: [1] }],
    ["weight[0]", { weight: new Float64Array(6) }],
    ["slots[1]", { slots: [1, 0.5, 1] }],
    ["budget", { budget: -1 }],
    ["arrays", { costs: [] }],
  ])("names the array and the index: %s", async (place, change) => {
    const arrays = { ...valid, ...change } as InstanceArrays;
    await expect(solve(arrays, { strategy: "minimize_cost" })).rejects.toThrow(place);
  });

  it("asks for the array that a strategy needs", async () => {
    const without = { ...valid };
    delete without.success;
    await expect(solve(without, { strategy: "maximize_success" })).rejects.toThrow("arrays.success");
  });
});
