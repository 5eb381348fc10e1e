import { expect, it } from "vitest";
import type { JournalRow } from "../../../src/domain/schemas/index.js";
import { planFacts } from "../../../src/pipeline/execute/journal/plan-facts.js";
import { JournalPage } from "../../../src/pipeline/report/page/journal-page.js";
import { fillFromPrior, parseProblem, resolveOptions, solve } from "../../../src/planner/index.js";
import { agents, task } from "../../support/documents.js";

const AT = "2026-01-01T00:00:00.000Z";
const DOCUMENT = {
  agents: agents({ available_from_ms: 20, unavailable: [[400, 500]], available_until_ms: 900 }, {}),
  tasks: [task("t0", "ab", 100, { deadline_ms: 250 }), task("t1", "ab", 100)],
  options: { strategy: "maximize_throughput" },
};

async function rows(tasksOfRun: number | undefined): Promise<JournalRow[]> {
  const result = await solve(DOCUMENT, { solver: "greedy" });
  const problem = parseProblem(DOCUMENT, "problem");
  const facts = planFacts(fillFromPrior(problem, resolveOptions(problem.options, {})));
  const opened = {
    event: "run_opened",
    schema_version: 1,
    run_id: "r",
    identity: "i",
    executor: "mine",
    at: AT,
  } as const;
  return [
    { ...opened, ...(tasksOfRun !== undefined && { tasks: tasksOfRun }) },
    { event: "plan_chosen", wave: 1, result: result as never, ...facts, at: AT },
    {
      ...{ event: "attempt_ended", wave: 1, task_id: "t0", agent_id: "b", slot: 0, attempt: 1 },
      ...{ start_ms: 0, end_ms: 300, duration_ms: 300, succeeded: true, confidence_before: 0.9, confidence_after: 0.9 },
      ...{ confidence_delta: null, heuristics_applied: [], error_message: null, fault: null, error_kind: null },
      ...{ cost: null, output: null, retryable: true, at: AT },
    },
  ];
}

function pageOf(all: readonly JournalRow[]) {
  const page = new JournalPage();
  for (const row of all) page.add(row);
  return page.page(true);
}

it("shows when agents are away, what ended late, and of how many tasks of all waves", async () => {
  const page = pageOf(await rows(7));
  const [wave] = page.waves;
  expect(wave!.agents.map(({ away }) => away)).toEqual([
    [
      [0, 20],
      [400, 500],
      [900, null],
    ],
    [],
  ]);
  expect(wave!.late).toEqual({ deadlines: 1, planned: [], actual: ["t0"] });
  expect(page.tasks).toMatchObject({ total: 7, completed: 1, open: 6 });
  expect(page.headline[0]).toBe("So far 1 of 7 tasks was completed.");
  expect(page.headline).toContain("Of 1 task with a deadline, 1 ended after it (t0) so far; none was planned to.");
});

it("counts the tasks of waves begun where a journal of an earlier version says no more", async () => {
  expect(pageOf(await rows(undefined)).tasks).toMatchObject({ total: 2, open: 1 });
});
