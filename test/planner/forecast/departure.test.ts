import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { AdaptiveScheduler } from "../../../src/pipeline/execute/adaptive-scheduler.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { agents, asInput, estimate, NOW, task } from "../../support/documents.js";

afterAll(closeSolvers);

const RUNS = 40;

/** A wave of one agent whose second task starts after the first, as soon as that has succeeded. */
function wave(agent: object) {
  const own = (ms: number, success: number) => ({
    estimates: { a: estimate(ms, { success_probability: success, retries: 0.3 }) },
  });
  return {
    agents: agents({ ...agent }),
    tasks: [task("t0", "", 0, own(100, 0.97)), task("t1", "", 0, { ...own(50, 0.97), depends_on: ["t0"] })],
    options: { load_limit: "none" },
  };
}

async function lateStarts(agent: object) {
  const document = wave(agent);
  const result = await solve(document, { now: NOW, strategy: "maximize_throughput", workLimit: 4_000 });
  let completed = 0;
  for (let seed = 1; seed <= RUNS; seed++) {
    const { tasks } = await AdaptiveScheduler.fromDocument(asInput(document), result, { seed }).executeSchedule();
    completed += tasks.filter(({ succeeded }) => succeeded).length / RUNS;
  }
  const { throughput_per_s: throughput, makespan_ms: makespan } = result.forecast!;
  return { completed, throughput, makespan, interval: result.schedule.at(-1)!.end_interval_ms };
}

it("forecasts no start of a task once its agent has left, as no run has one", async () => {
  const stays = await lateStarts({});
  const leaves = await lateStarts({ available_until_ms: 196 });
  expect(leaves.completed).toBeLessThan(stays.completed - 0.05);
  expect(leaves.throughput.mean).toBeLessThan(stays.throughput.mean - 0.05);
  // What starts before 196 ends, but for luck, soon after; one that starts after a third attempt at t0 would end at 350.
  expect(leaves.interval[1]).toBeLessThan(stays.interval[1] - 20);
});
