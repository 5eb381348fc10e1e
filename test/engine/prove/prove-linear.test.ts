import { afterAll, describe, expect, it } from "vitest";
import { drawingRandom } from "../../support/drawing-random.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solveVerified } from "../../support/documents.js";

afterAll(closeSolvers);

const WORK_LIMIT = 1_000_000;
const NUM_SLOTS = 4;
const TASKS_PER_SLOT = 4;
const CAPACITY_MS = 1_000_000;

/** Whole times of tasks that can fill every slot exactly, in a way that few searches find. */
function plantedTimes(seed: number): number[] {
  const random = drawingRandom(seed);
  return Array.from({ length: NUM_SLOTS }, () => {
    const parts = Array.from({ length: TASKS_PER_SLOT }, () => 0.3 + random.unit());
    const total = parts.reduce((sum, part) => sum + part, 0);
    const times = parts.map((part) => Math.round((part / total) * CAPACITY_MS));
    times[0]! += CAPACITY_MS - times.reduce((sum, time) => sum + time, 0);
    return times;
  }).flat();
}

/** @param others agents beside the one whose slots are planted */
function plantedWave(seed: number, others: readonly string[]) {
  const tasks = plantedTimes(seed).map((duration_ms, k) => ({
    ...{ task_id: `task_${k}`, confidence: 0.9, risk_level: "LOW", eligible_agents: ["planted", ...others] },
    estimates: Object.fromEntries(
      ["planted", ...others].map((agent, cost) => [
        agent,
        { duration_ms, success_probability: 0.9, retries: 0, confidence_delta: 0, cost },
      ]),
    ),
  }));
  const planted = { agent_id: "planted", slots: NUM_SLOTS, capacity_ms: CAPACITY_MS };
  const agents = [planted, ...others.map((agent_id) => ({ agent_id }))];
  return { schema_version: 1, agents, tasks, options: { load_limit: "none", no_defer: true } };
}

describe("a sum over pairs, where it stays open whether tasks fit into slots", () => {
  const options = { strategy: "minimize_cost", workLimit: WORK_LIMIT, timeLimitMs: 120_000 } as const;

  it.each([1, 2, 4, 5])("is not called impossible: %i", async (seed) => {
    const { termination } = await solveVerified(plantedWave(seed, []), options);
    expect(["optimal", "no_solution"]).toContain(termination);
  });

  it("has no bound above the cost of those tasks", async () => {
    const { objective, termination } = await solveVerified(plantedWave(3, ["other"]), options);
    expect([termination, objective.bound]).toEqual(["feasible", 0]);
  });
});
