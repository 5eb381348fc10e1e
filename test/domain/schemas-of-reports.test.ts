import { afterAll, describe, expect, it } from "vitest";
import { compareReportSchema, diffReportSchema, explainReportSchema } from "../../src/domain/schemas/index.js";
import { closeSolvers } from "../../src/engine/goals/threads.js";
import { compare } from "../../src/planner/ask/compare.js";
import { explain } from "../../src/planner/ask/explain.js";
import { diff } from "../../src/planner/explain/diff.js";
import { solve } from "../../src/planner/solve/solve.js";
import { agents, estimate, NOW, task } from "../support/documents.js";

afterAll(closeSolvers);

const both = { estimates: { a: estimate(100), b: estimate(80, { success_probability: 0.8 }) } };
const WAVE = {
  agents: agents({ max_tasks: 1 }, { max_tasks: 1 }),
  tasks: [task("t0", "", 0, both), task("t1", "", 0, both), task("t2", "", 0, { ...both, depends_on: ["t0"] })],
  options: { load_limit: "none" },
};

describe("the schemas of the reports", () => {
  it("describe what explain says of a task, an agent, a plan and an infeasible wave", async () => {
    const result = await solve(WAVE, { now: NOW, strategy: "maximize_success" });
    const none = await solve(WAVE, { now: NOW, strategy: "maximize_success", noDefer: true });
    const reports = [
      await explain(result, WAVE, { task: "t0" }),
      await explain(result, WAVE, { agent: "a" }),
      await explain(result, WAVE),
      await explain(none, WAVE),
    ];
    for (const report of reports) expect(explainReportSchema.parse(report)).toEqual(report);
    expect(reports[3]!.infeasible).not.toBeNull();
  });

  it("describe a comparison with heuristics and a front, and a diff", async () => {
    const strategies = ["maximize_success", "maximize_throughput"] as const;
    const report = await compare(WAVE, { strategies, baselines: true, pareto: ["success", "throughput"], points: 3 });
    expect(compareReportSchema.parse(report)).toEqual(report);
    const [first, other] = [
      await solve(WAVE, { now: NOW, strategy: "maximize_success" }),
      await solve(WAVE, { now: NOW, strategy: "balance_load" }),
    ];
    const between = diff(first, { ...other, what_if: ["--without c"] });
    expect(diffReportSchema.parse(between)).toEqual(between);
    expect(between.results[1].what_if).toEqual(["--without c"]);
  });
});
