import { afterAll, describe, expect, it } from "vitest";
import type { CompareReport } from "../../../src/domain/schemas/index.js";
import { pageSchema } from "../../../src/domain/schemas/page.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { withAnswers, withComparison } from "../../../src/pipeline/report/page/page-answers.js";
import { pageOfResult } from "../../../src/pipeline/report/page/page-of-result.js";
import { agentsOf, withAbsences } from "../../../src/pipeline/report/page/page-wave.js";
import { troubleOf } from "../../../src/pipeline/report/page/trouble.js";
import { runForPages } from "../../support/page-runs.js";
import { askAll } from "../../../src/planner/ask/ask-all.js";
import { compare } from "../../../src/planner/ask/compare.js";
import { parseProblem } from "../../../src/planner/documents/problem-document.js";
import { resolveOptions } from "../../../src/planner/solve/options.js";
import { fillFromPrior, solve } from "../../../src/planner/solve/solve.js";
import { agents, estimate, NOW, task } from "../../support/documents.js";

afterAll(closeSolvers);

const both = { estimates: { a: estimate(100), b: estimate(80, { success_probability: 0.8 }) } };
const WAVE = {
  agents: agents({ max_tasks: 1 }, { max_tasks: 1 }),
  tasks: [task("t0", "", 0, both), task("t1", "", 0, { ...both, depends_on: ["t0"] }), task("t2", "", 0, both)],
  options: { load_limit: "none" },
};
const problem = parseProblem(WAVE, "wave");
const full = fillFromPrior(problem, resolveOptions(problem.options, {}));
const CONTEXT = { now: () => 0, clock: () => performance.now(), fixedNow: true, timeLimitMs: 10_000 };

describe("the page of a plan with answers", () => {
  it("says what the document knows of the tasks, and what would happen without each agent", async () => {
    const result = await solve(WAVE, { now: NOW, strategy: "maximize_success" });
    const answers = await askAll(full, result, CONTEXT);
    const page = withAnswers(pageOfResult(result), { problem: full, answers });
    expect(pageSchema.parse(page)).toEqual(page);
    const waiting = page.waves[0]!.tasks.find(({ task_id }) => task_id === "t1");
    expect(waiting === undefined || waiting.depends_on.includes("t0")).toBe(true);
    expect(page.waves[0]!.tasks.every(({ reason }) => reason !== null)).toBe(true);
    expect(page.answers!.without.map(({ agent_id }) => agent_id)).toEqual(["a", "b"]);
    const comparison = await compare(WAVE, { strategies: ["maximize_success"] });
    expect(withComparison(page, result, comparison, "c.json").answers).toMatchObject({ comparison, without: [{}, {}] });
    const other = { ...comparison, problem_sha256: "0" };
    expect(() => withComparison(page, result, other, "c.json")).toThrow(/c\.json: compares strategies on another wave/);
  });

  it("says with which other options a comparison was made, and which strategy it lacks", async () => {
    const result = await solve(WAVE, { now: NOW, strategy: "maximize_success" });
    const wordsOf = (comparison: CompareReport): readonly string[] =>
      withComparison(pageOfResult(result), result, comparison, "c.json").answers!.comparison!.words;
    const other = await compare(WAVE, { strategies: ["balance_load"], budget: 40, seed: 7 });
    expect(other.options).toMatchObject({ budget: 40, seed: 7 });
    expect(wordsOf(other).slice(0, 2)).toEqual([
      "This comparison was made with other options than the plan: budget 40 (the plan: none).",
      "maximize_success, the strategy of the plan, is not one of those compared.",
    ]);
    const same = await compare(WAVE, { strategies: ["maximize_success"], timeLimitMs: 3_000 });
    // A search that came to its end owes nothing to its limits.
    expect(wordsOf(same)).toEqual(same.words);
  });

  it("gives the row of its own strategy the better proof of both, where only the search differed", async () => {
    const result = await solve(WAVE, { now: NOW, strategy: "maximize_success" });
    const { value, bound } = result.objective;
    const proven = await compare(WAVE, { strategies: ["maximize_success"], timeLimitMs: 3_000 });
    const rows = proven.plans.map((row) => ({
      ...{ ...row, termination: "feasible" as const, limit: "time" as const },
      objective: { ...row.objective!, bound: null, gap: null },
    }));
    const goals = proven.goals.map((goal) => ({ ...goal, bound: null }));
    const cut: CompareReport = { ...proven, plans: rows, goals };
    const shownOf = (comparison: CompareReport): CompareReport =>
      withComparison(pageOfResult(result), result, comparison, "c.json").answers!.comparison!;
    const shown = shownOf(cut);
    expect(shown.plans[0]).toMatchObject({ termination: "optimal", limit: null, objective: { value, bound, gap: 0 } });
    expect(shown.goals.find(({ key }) => key === "success")!.bound).toBe(bound);
    expect(shown.words[0]).toBe(
      "This comparison was made with other options than the plan: time_limit_ms 3000 (the plan: 10000).",
    );
    // Under another budget the bound of the plan says nothing.
    expect(shownOf({ ...cut, options: { ...cut.options!, budget: 40 } }).plans[0]!.objective!.gap).toBeNull();
  });

  it("of an infeasible wave says that there is no plan, why, and what would help", async () => {
    const result = await solve(WAVE, { now: NOW, strategy: "maximize_success", noDefer: true });
    const bare = pageOfResult(result);
    expect(bare.headline[0]).toBe("There is no plan: the wave is infeasible, that is, no plan can keep every limit.");
    expect(bare.headline.join(" ")).not.toContain("0 of 0");
    expect(bare.headline[1]).toContain("cannot all be placed");
    const answers = await askAll(full, result, CONTEXT);
    const page = withAnswers(bare, { problem: full, answers });
    expect(page.headline.at(-1)).toMatch(/^One change is enough: /);
    expect(page.answers!.without).toEqual([]);
  });
});

describe("when agents are away", () => {
  const times = { available_from_ms: 10, unavailable: [[50, 70]], available_until_ms: 900 };
  const timed = { ...WAVE, agents: agents(times, {}), tasks: [task("t0", "", 0, both), task("t1", "", 0, both)] };
  const wanted = [{ agent_id: "a", away: [[0, 10], [50, 70], [900, null]] }, { agent_id: "b", away: [] }]; // prettier-ignore

  it("is said by the page of a plan that has its problem document", async () => {
    const result = await solve(timed, { now: NOW, strategy: "maximize_success" });
    const given = parseProblem(timed, "wave");
    const known = fillFromPrior(given, resolveOptions(given.options, {}));
    const answers = await askAll(known, result, CONTEXT);
    const page = withAnswers(pageOfResult(result), { problem: known, answers });
    expect(pageSchema.parse(page).waves[0]!.agents).toMatchObject(wanted);
  });

  it("is said by the page of a run, and left open where the file of the problem is gone", () => {
    const rows = agentsOf(["a", "b"], [], {});
    expect(withAbsences(rows, parseProblem(timed, "wave").agents)).toMatchObject(wanted);
    expect(withAbsences(rows, [])).toEqual(rows);
  });
});

describe("what went wrong in a wave", () => {
  it("names failed attempts by agent and cause, and never says beside them that nothing is wrong", async () => {
    const { page } = await runForPages();
    const [first, second] = page.waves;
    const broken = second!.tasks.find(({ task_id }) => task_id === "broken")!;
    expect(first!.trouble.filter(({ issue }) => issue.includes("failed"))).toEqual([]);
    expect(second!.trouble[0]).toMatchObject({
      issue: expect.stringMatching(/^\d attempts? failed on agent_/),
      analysis: "</script><b>no</b> (broken); no attempt succeeded.",
    });
    expect(broken.attempts.length).toBeGreaterThan(1);
    expect(page.issues.some(({ issue }) => issue.startsWith("Nothing is wrong"))).toBe(false);
    expect(page.headline.join(" ")).not.toContain("Nothing needs attention");
  });

  it("names agents that were busy beyond their limit", () => {
    const agent = {
      ...{ agent_id: "a", slots: 1, tasks: 1, planned_ms: 90, actual_ms: 130, limit_ms: 100, away: [] },
      ...{ planned_success_rate: 1, ended: 1, completed: 1, actual_success_rate: 1 },
    };
    expect(troubleOf([], [agent])).toMatchObject([{ issue: "a was busy longer than its limit" }]);
    expect(troubleOf([], [{ ...agent, actual_ms: 100 }])).toEqual([]);
  });

  it("counts the tasks that were not begun behind one that failed, whatever their order", async () => {
    const { page } = await runForPages();
    const failed = page.waves[1]!.tasks.find(({ task_id }) => task_id === "broken")!;
    const behind = (task_id: string, ...depends_on: string[]) => ({
      ...{ ...failed, task_id, depends_on, state: "planned" as const, attempts: [] },
    });
    const begun = { ...failed, task_id: "begun", depends_on: ["broken"], state: "completed" as const };
    const tasks = [behind("last", "next"), begun, behind("next", "broken"), behind("free"), failed];
    expect(troubleOf(tasks, [])[0]!.analysis).toMatch(
      /no attempt succeeded; 2 tasks that wait for it were not begun\.$/,
    );
    expect(troubleOf(tasks.slice(2), [])[0]!.analysis).toMatch(/; 1 task that waits for it was not begun\.$/);
  });
});
