import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { pageOfFolder } from "../../../src/pipeline/report/page/page-of-folder.js";
import { readJson, readLines, runIn, smallInputs } from "../../support/pipeline-runs.js";

afterAll(closeSolvers);

const estimates = { agent_0: { duration_ms: 50 }, agent_1: { duration_ms: 50 } };
const TASKS = [
  { task_id: "kept", deadline_ms: 1_000, estimates },
  { task_id: "late", deadline_ms: 150, pinned_agent: "agent_1", estimates },
  { task_id: "failed_late", deadline_ms: 150, pinned_agent: "agent_0", estimates },
  { task_id: "timeless", estimates },
];

describe("tasks that end after their deadlines", () => {
  it("are counted and named by comparison, report and page, beside what was planned", async () => {
    const root = smallInputs(TASKS);
    const { headline, outDir } = await runIn(root, {
      live: true,
      maxRetries: 0,
      executor: {
        ...{ name: "mine", execution: "real", time: "virtual" },
        execute: ({ taskId }) =>
          Promise.resolve({ succeeded: taskId !== "failed_late", durationMs: taskId.endsWith("late") ? 200 : 50 }),
      },
    });
    const late = { tasks_with_deadline: 3, planned_late_tasks: [], actual_late_tasks: ["failed_late", "late"] };
    expect(readLines(outDir, "schedule_comparisons.jsonl")).toMatchObject([late]);
    expect(readJson(outDir, "wave_1/wave_summary.json")).toMatchObject(late);
    expect(headline).toContain(
      "Of 3 tasks with a deadline, 2 ended after it (failed_late, late); none was planned to.",
    );
    const page = await pageOfFolder(outDir);
    expect(page.waves[0]!.late).toEqual({ deadlines: 3, planned: [], actual: ["failed_late", "late"] });
    expect(page.waves[0]!.trouble.find(({ issue }) => issue === "2 tasks ended after their deadlines")!.analysis).toBe(
      "failed_late at 200 ms, not by 150 ms; late at 200 ms, not by 150 ms.",
    );
    expect(page.waves[0]!.tasks.find(({ task_id }) => task_id === "kept")!.deadline_ms).toBe(1_000);
    const report = readFileSync(join(outDir, "PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8");
    expect(report).toMatch(/\| +Late \|/);
    expect(report).toContain("| 0 → 2 of 3 |");
    expect(report).toContain("2 tasks ended after their deadlines");
  });

  it("say nothing where no task has a deadline", async () => {
    const { headline, outDir } = await runIn(smallInputs([{ task_id: "timeless", estimates }]), { solver: "greedy" });
    expect(headline.join(" ")).not.toContain("deadline");
    expect(readFileSync(join(outDir, "PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8")).not.toContain(" Late ");
  });
});

it("says that a task was put off for a word the gate does not know, and which was probably meant", async () => {
  const tasks = [
    { task_id: "fine" },
    { task_id: "lower", risk_level: "low" },
    { task_id: "status", approval_status: "approved" },
    { task_id: "held", approval_status: "REJECTED" },
  ];
  const { headline, outDir } = await runIn(smallInputs(tasks), { solver: "greedy" });
  const reasons = Object.fromEntries(
    readLines(outDir, "deferred_tasks.jsonl").map(({ task_id, reason }) => [task_id, reason]),
  );
  expect(reasons).toEqual({
    lower: 'Risk level "low" is not one of LOW, MEDIUM, HIGH, so it is not guessed; did you mean "LOW"?',
    status:
      'Approval status "approved" is not one of APPROVED, REJECTED, DEFERRED, NEEDS_REVIEW, so it is not guessed; did you mean "APPROVED"?',
    held: 'Phase 16 gave it the status "REJECTED", not APPROVED.',
  });
  const said = "lower, status were put off, for the gate does not know a word in their rows of the task file. lower: ";
  expect(headline).toContain(said + reasons["lower"]);
});
