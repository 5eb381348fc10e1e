import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { solveVerified } from "../../support/documents.js";
import { tightWave } from "../../support/tight-wave.js";

afterAll(closeSolvers);

it(
  "asks HiGHS early for a plan that defers nothing, and keeps time for the first goal",
  { timeout: 60_000 },
  async () => {
    const options = { strategy: "maximize_success", gap: 0.05, workLimit: 600_000, timeLimitMs: 60_000 } as const;
    const { attempts, deferred_tasks, reproducible } = await solveVerified(tightWave(10, 50, 7), options);
    expect(deferred_tasks).toEqual([]);
    expect(reproducible).toBe(true);
    const deferral = attempts.filter(({ stage }) => stage === "deferral");
    expect(deferral.map(({ solver, termination }) => [solver, termination])).toEqual([
      ["engine", "feasible"],
      ["highs", "optimal"],
    ]);
    expect(attempts.some(({ stage }) => stage === "success")).toBe(true);
  },
);
