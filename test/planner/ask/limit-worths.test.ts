import { afterAll, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/index.js";
import { readAsked } from "../../../src/planner/ask/asked-plan.js";
import { betterPresent } from "../../../src/planner/ask/limit-worths.js";
import type { Answer } from "../../../src/planner/ask/solve-again.js";
import { fillFromPrior, parseProblem, solve } from "../../../src/planner/index.js";
import { agents, estimate, NOW, task } from "../../support/documents.js";

afterAll(closeSolvers);

const chances = (a: number, b: number) => ({
  estimates: { a: estimate(100, { success_probability: a }), b: estimate(100, { success_probability: b }) },
});
const WAVE = {
  agents: agents({ max_tasks: 1 }, {}),
  tasks: [task("t0", "", 0, chances(0.9, 0.5)), task("t1", "", 0, chances(0.8, 0.7))],
  options: { load_limit: "none", strategy: "maximize_success" },
};

/** A plan with all tasks on b, of which nothing is proven unless `changes` says so. */
async function asked(changes: Partial<ResultDocument>) {
  const onB = { ...WAVE, tasks: WAVE.tasks.map((one) => ({ ...one, pinned_agent: "b" })) };
  const result = await solve(onB, { now: NOW });
  const { problem_sha256 } = await solve(WAVE, { now: NOW });
  const open = { problem_sha256, termination: "feasible" as const, certificate: null };
  const problem = fillFromPrior(parseProblem(WAVE, "problem"), { maxRetries: 2 });
  return readAsked(problem, { ...result, ...open, ...changes } as ResultDocument);
}

const answer = (agentOf: readonly number[], value: number): Answer => ({
  ...{ value, bound: null, proven: false, isInfeasible: false, deferredWeight: 0, reproducible: true },
  plan: { agentOf: Int32Array.from(agentOf), slotOf: new Int32Array(agentOf.length) },
});

it("what is found without a limit and keeps it all the same is no worth of the limit, but a better present plan", async () => {
  const own = await asked({});
  expect(own.result.objective.value).toBeCloseTo(1.2, 9);
  const found = betterPresent(own, answer([0, 1], 1.6));
  expect(found.result.objective.value).toBe(1.6);
  // Two tasks on a: more than its limit.
  expect(betterPresent(found, answer([0, 0], 1.7))).toBe(found);
  expect(betterPresent(found, answer([1, 1], 1.2))).toBe(found);
  expect(betterPresent(found, { ...answer([0, 1], 1.6), plan: null, value: null })).toBe(found);
});

it("nothing stands in the place of a plan that is proven best", async () => {
  const own = await asked({ termination: "optimal" });
  expect(betterPresent(own, answer([0, 1], 1.6))).toBe(own);
});
