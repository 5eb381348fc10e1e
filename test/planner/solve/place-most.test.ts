import { describe, expect, it } from "vitest";
import { avoidableDeferredWeight } from "../../../models/measures.js";
import { dagDocument } from "../../../src/planner/bench/dag-document.js";
import { createNamedRandom, drawReal } from "../../../src/planner/bench/draw.js";
import { generateDag } from "../../../src/planner/bench/generate-dag.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { heuristicPlans } from "../../../src/planner/heuristics/heuristic-plans.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior } from "../../../src/planner/solve/solve.js";
import { deferredIds, solveVerified } from "../../support/documents.js";

/** 90 tasks on 8 agents, a third of them due so early that many cannot be done. */
function tightWave() {
  const random = createNamedRandom("tight2", 1);
  const dag = generateDag("random", { numTasks: 90, numAgents: 8 }, 1, random);
  const deadlineMs = Float64Array.from({ length: 90 }, () =>
    random.unit() < 1 / 3 ? drawReal(random, 1_000, 12_000) : Infinity,
  );
  return dagDocument(dag, { deadlineMs, options: { no_defer: false } });
}

describe("a wave whose deadlines leave many tasks out", () => {
  it("is planned with less left out than any heuristic does, from few moves on, and with a bound", async () => {
    const strategy = "maximize_success";
    const document = tightWave();
    const parsed = parseProblem(document, "tight");
    const options = resolveOptions(parsed.options, { strategy });
    const problem = fillFromPrior(parsed, options);
    const instance = buildInstance(problem, options);
    const least = Math.min(
      ...Array.from(heuristicPlans(problem, instance, [], 1), ({ plan }) => avoidableDeferredWeight(instance, plan)),
    );
    for (const workLimit of [1, 4_000]) {
      const result = await solveVerified(document, { strategy, workLimit, timeLimitMs: 120_000 });
      const unplaceable = Array.from(instance.pairStart.subarray(0, 90)).filter(
        (first, k) => first === instance.pairStart[k + 1],
      ).length;
      const deferred = deferredIds(result).length - unplaceable;
      expect(deferred).toBeLessThanOrEqual(least);
      if (workLimit > 1) expect(deferred).toBeLessThan(least);
      expect(result.objective.bound).not.toBeNull();
    }
  });
});

describe("a wave whose numbers of tasks leave many out", () => {
  it("begins with what simple heuristics place, and is proven without a search of its own", async () => {
    const { agents, tasks, ...rest } = dagDocument(
      generateDag("random", { numTasks: 24, numAgents: 4 }, 1, createNamedRandom("counts", 1)),
      { options: { no_defer: false } },
    );
    const document = {
      ...rest,
      agents: agents.map((agent) => ({ ...agent, max_tasks: 3 })),
      tasks: tasks.map((task) => ({ ...task, depends_on: [] })),
    };
    const result = await solveVerified(document, {
      strategy: "maximize_success",
      workLimit: 100_000,
      timeLimitMs: 60_000,
    });
    expect([result.termination, deferredIds(result).length]).toEqual(["optimal", 12]);
    expect(result.attempts[0]).toMatchObject({
      stage: "deferrals",
      value: 12,
      note: expect.stringMatching(/^\d+ simple plans$/) as string,
    });
  });
});
