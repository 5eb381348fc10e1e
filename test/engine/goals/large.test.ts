import { afterAll, describe, expect, it } from "vitest";
import { findViolations, type Instance, STRATEGY_MODELS } from "../../../models/index.js";
import { drawingRandom } from "../../support/drawing-random.js";
import { runChain } from "../../../src/engine/wave/run-chain.js";
import { Session } from "../../../src/engine/goals/session.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { LARGE_PAIRS } from "../../../src/engine/assignment/large-assignment.js";
import { generateGap } from "../../../src/planner/bench/generate-gap.js";
import { asInstanceArrays } from "../../../src/planner/bench/solve-arrays.js";
import { instanceOfArrays } from "../../../src/planner/instance/instance-of-arrays.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";

afterAll(closeSolvers);

const arrays = {
  ...asInstanceArrays(generateGap("c", { numAgents: 50, numTasks: 3_200, eligibleAgents: null }, drawingRandom(1))),
  noDefer: false,
};
const large = instanceOfArrays(arrays);

async function solve(instance: Instance, options: { workLimit?: number; timeLimitMs: number }) {
  const context = { now: () => 0, clock: () => performance.now(), fixedNow: true };
  const session = new Session(resolveOptions({ strategy: "minimize_cost" }, options), context);
  const outcome = await runChain(session, instance, STRATEGY_MODELS.minimize_cost, { withSecond: false });
  return { ...outcome, stages: session.attempts.map(({ stage }) => stage) };
}

describe("the chain on a large instance", () => {
  it("leaves the first plan to the engine, which defers nothing where nothing must be", async () => {
    expect(large.numPairs).toBeGreaterThanOrEqual(LARGE_PAIRS);
    const { plan, steps, stages, bound } = await solve(large, { workLimit: 400_000, timeLimitMs: 60_000 });
    expect(stages).toEqual(["first assignment", "cost"]);
    expect(findViolations(large, plan!)).toEqual([]);
    expect(steps[0]).toMatchObject({ value: 0 });
    expect(steps[1]!.value / bound! - 1).toBeLessThan(0.01);
  });

  it("searches first where the engine does not know every row", async () => {
    const counted = { ...large, maxTasks: new Float64Array(large.numAgents).fill(200) };
    const { stages } = await solve(counted, { workLimit: 2_000, timeLimitMs: 60_000 });
    expect(stages[0]).toBe("quick search");
  });

  it("has a plan where deferral is allowed, even without time for the engine", async () => {
    const { plan, limit, stages, bound, steps } = await solve(large, { timeLimitMs: 1e-3 });
    expect(stages).toContain("quick search");
    // Each task at its best is a bound all the same.
    expect(bound).toBeGreaterThan(0);
    expect(bound).toBeLessThanOrEqual(steps[1]!.value);
    expect(findViolations(large, plan!)).toEqual([]);
    expect(limit).toBe("time");
  });

  it("is infeasible at once where deferral is forbidden and a task has no agent", async () => {
    const pairStart = large.pairStart.slice();
    pairStart[large.numTasks] = pairStart[large.numTasks - 1]!;
    const homeless: Instance = { ...large, pairStart, deferral: { kind: "forbidden" } };
    const { isInfeasible, stages } = await solve(homeless, { timeLimitMs: 60_000 });
    expect([isInfeasible, stages]).toEqual([true, ["bound cost"]]);
  });
});
