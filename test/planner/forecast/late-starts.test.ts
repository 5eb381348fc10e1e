import { afterAll, expect, it } from "vitest";
import { solve, verify } from "../../../src/calls.js";
import type { ProblemInput } from "../../../src/index.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";

afterAll(closeSolvers);

/** Beside a start of 1e12 ms a task of 1e-6 ms takes no time at all. */
const LATE_MS = 1e12;
const short = {
  ...({ risk_level: "LOW", confidence: 0.9, release_ms: LATE_MS } as const),
  estimates: { a: { duration_ms: 1e-6, retries: 0, success_probability: 0.9 } },
} as const;

it("plays a task behind what it waits for, though both start at one moment and its name comes first", async () => {
  const wave: ProblemInput = {
    agents: [{ agent_id: "a" }],
    tasks: [
      { ...short, task_id: "t0", depends_on: ["t1"] },
      { ...short, task_id: "t1" },
    ],
  };
  for (const strategy of ["maximize_success", "maximize_throughput"] as const) {
    const result = await solve(wave, { strategy, timeLimitMs: 2_000 });
    expect([strategy, result.termination]).toEqual([strategy, "optimal"]);
    expect(result.schedule.map(({ task_id, start_ms }) => [task_id, start_ms])).toEqual([
      ["t1", LATE_MS],
      ["t0", LATE_MS],
    ]);
    expect(verify(result, wave, { strategy }).checks.filter(({ passed }) => !passed)).toEqual([]);
    // A schedule may list them the other way round, and start the second earlier by what rounding allows.
    const schedule = result.schedule.map((entry) => ({
      ...entry,
      start_ms: entry.start_ms - (entry.task_id === "t0" ? 1 : 0),
    }));
    const turned = { ...result, schedule: schedule.toReversed() };
    expect(verify(turned, wave, { strategy }).verdict).toBeDefined();
  }
});
