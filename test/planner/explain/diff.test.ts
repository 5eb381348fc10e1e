import { afterAll, describe, expect, it } from "vitest";
import { InputError } from "../../../src/domain/errors.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { parseChanged, problemToDocument } from "../../../src/planner/documents/problem-document.js";
import { diff } from "../../../src/planner/explain/diff.js";
import { solve } from "../../../src/planner/solve/solve.js";
import { bruteForce } from "../../support/brute-force.js";
import { applyLoadLimit } from "../../../src/engine/wave/load-limit.js";
import { buildInstance } from "../../../src/planner/instance/build-instance.js";
import { smallProblem } from "../../support/check-against-brute-force.js";
import { agents, estimate, NOW, task } from "../../support/documents.js";

afterAll(closeSolvers);

const chances = (...success: number[]) => ({
  estimates: Object.fromEntries(
    success.map((success_probability, k) => ["ab"[k]!, estimate(10 * (k + 1), { success_probability })]),
  ),
});
const WAVE = {
  agents: agents({ max_tasks: 2 }, { max_tasks: 2 }),
  tasks: [
    task("t0", "", 0, chances(0.9, 0.5)),
    task("t1", "", 0, chances(0.8, 0.7)),
    task("t2", "", 0, chances(0.7, 0.69)),
  ],
  options: { load_limit: "none" },
};
const plan = (document: unknown) => solve(document, { now: NOW, strategy: "maximize_success" });
const changed = (whatIf: Parameters<typeof parseChanged>[2]) => problemToDocument(parseChanged(WAVE, "wave", whatIf));

describe("diff", () => {
  it("finds nothing between a result and itself", async () => {
    const report = diff(await plan(WAVE), await plan(WAVE));
    expect(report).toMatchObject({ same_problem: true, objective: { difference: 0, better: "same" } });
    expect(report.tasks).toMatchObject({ unchanged: 3, moved: [], placed: [], deferred: [], retimed: [] });
    expect(report.figures.map(({ better }) => better)).toEqual(Array(6).fill("same"));
  });

  it("tells what moved, what was left out and what it costs", async () => {
    const report = diff(
      await plan(WAVE),
      await plan(changed({ pins: ["t1=b"], agentFields: ["a.max_tasks=1", "b.max_tasks=1"] })),
    );
    expect(report.same_problem).toBe(false);
    expect(report.tasks).toMatchObject({
      moved: [{ task_id: "t1", from: "a", to: "b" }],
      deferred: [{ task_id: "t2", from: "b" }],
    });
    expect(report.objective).toMatchObject({ name: "success", sense: "max", better: "first" });
    expect(report.objective!.difference).toBeCloseTo(1.6 - 2.39, 9);
    expect(report.agents.find(({ agent_id }) => agent_id === "b")).toMatchObject({ tasks: [1, 1], load_ms: [20, 20] });
    expect(report.figures.find(({ name }) => name === "makespan_ms")).toMatchObject({
      values: [20, 20],
      better: "same",
    });
  });

  it("tells the load limits of both, which follow from the wave", async () => {
    const limited = { ...WAVE, options: {} };
    const without = problemToDocument(parseChanged(limited, "wave", { without: ["b"] }));
    const [one, other] = [await plan(limited), await plan(without)];
    const { agents } = diff(one, other);
    const limits = [one, other].map((result) => result.limits.per_agent_ms.a);
    expect(agents.find(({ agent_id }) => agent_id === "a")!.load_limit_ms).toEqual(limits);
    expect(limits[0]).not.toBe(limits[1]);
  });

  it("names tasks and agents that only one of them has", async () => {
    const report = diff(await plan(WAVE), await plan(changed({ drop: ["t1"], without: ["b"] })));
    expect(report.tasks).toMatchObject({
      only_in_first: ["t1"],
      only_in_other: [],
      moved: [{ task_id: "t2", to: "a" }],
    });
    expect(report.agents.find(({ agent_id }) => agent_id === "b")!.tasks).toEqual([1, null]);
  });

  it("says nothing of goals that differ, and refuses what is no result", async () => {
    const fast = await solve(WAVE, { now: NOW, strategy: "maximize_throughput" });
    expect(diff(await plan(WAVE), fast).objective).toBeNull();
    expect(() => diff(fast, { schema_version: 1 })).toThrow(InputError);
  });

  it("encloses the true difference of the best values, compared with brute force on both waves", async () => {
    let checked = 0;
    for (let seed = 1; seed <= 24; seed++) {
      const small = smallProblem(seed, 3_000);
      if (small === null || small.full.tasks.length < 2 || small.options.noDefer) continue;
      const fewer = parseChanged(problemToDocument(small.full), "wave", { drop: [small.full.tasks[0]!.taskId] });
      const best = [small.full, fewer].map((problem) => {
        const filled = problem as typeof small.full;
        const { instance } = applyLoadLimit(buildInstance(filled, small.options), small.options.loadLimit);
        return bruteForce(instance).minimize_cost;
      });
      const call = { now: NOW, strategy: "minimize_cost" } as const;
      const documents = [small.full, fewer].map((problem) => problemToDocument(problem));
      const [first, other] = [await solve(documents[0], call), await solve(documents[1], call)];
      const [low, high] = diff(first, other).objective!.difference_of_best!;
      const truth = best[1]!.at(-1)! - best[0]!.at(-1)!;
      expect([seed, low <= truth + 1e-5 && truth <= high + 1e-5]).toEqual([seed, true]);
      checked++;
    }
    expect(checked).toBeGreaterThan(8);
  });
});
