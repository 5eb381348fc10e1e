import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ResultDocument } from "../../../src/domain/result.js";
import type { Phase19Summary } from "../../../src/domain/schemas/index.js";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import { jsonLines, writeScratch } from "../../pipeline/files/scratch.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { readLines } from "../../support/pipeline-runs.js";
import { runRecorded } from "./recorded-environment.js";

afterAll(closeSolvers);

const NOW = ["--now", "2026-01-01T00:00:00Z"];
const TASKS = [
  ["a1", 1, [], 9],
  ["a2", 1, [], 1],
  ["late", 1, [], 1],
  ["b1", 2, ["a1"], 9],
  ["b2", 2, ["a2"], 5],
  ["b3", 2, [], 1],
  ["c1", 3, ["b1"], 1],
  ["c2", 3, ["b2"], 1],
] as const;

/** Two agents that take one task each a wave. */
function makeOutputs(tasks: typeof TASKS | readonly (typeof TASKS)[number][] = TASKS, maxTasks = 1): string {
  const rows = tasks.map(([task_id, wave, depends_on, priority]) => ({
    ...{ task_id, wave, depends_on, priority },
    ...{ risk_level: "LOW", confidence: 0.9 },
  }));
  return writeScratch({
    "phase16/planned_tasks.jsonl": jsonLines(rows),
    "phase18/agents.jsonl": jsonLines(["x", "y"].map((agent_id) => ({ agent_id, max_tasks: maxTasks }))),
  });
}

interface Step {
  readonly plan: ResultDocument;
  readonly tasks: Phase19Summary["tasks"];
  readonly notes: readonly string[];
}

/** What a caller does with one wave: plan, run, evaluate. */
async function step(
  root: string,
  wave: number,
  { failing = [], silent = [] }: { failing?: string[]; silent?: string[] } = {},
): Promise<Step> {
  const [plan, problem, outcomes] = ["plan.json", "problem.json", "outcomes.jsonl"].map((name) => join(root, name));
  const solved = await runRecorded(
    ["solve", "--phase18", join(root, "phase18"), "--wave", `${wave}`, "--strategy", "maximize_success"].concat(
      ["--solver", "greedy", "--out", plan!, "--save-problem", problem!],
      NOW,
    ),
  );
  expect(solved.exitCode).toBe(0);
  const result = JSON.parse(solved.stdout) as ResultDocument;
  const rows = result.schedule
    .filter(({ task_id }) => !silent.includes(task_id))
    .map(({ task_id, agent_id }) => ({
      ...{ task_id, agent_id, wave, attempts: 1, execution_time_ms: 40 },
      status: failing.includes(task_id) ? "failed" : "success",
    }));
  writeFileSync(outcomes!, jsonLines(rows));
  const evaluated = await runRecorded(
    ["evaluate", plan!, "--outcomes", outcomes!, "--problem", problem!, "--outputs", root].concat(NOW),
  );
  // Of its own wave alone: those before it were told when they were evaluated.
  const guess = new RegExp(`^phase19: planned times in wave ${wave} were partly or wholly the default`);
  expect([evaluated.stderr.filter((line) => !guess.test(line)), evaluated.exitCode]).toEqual([[], 0]);
  expect(checkOutputs(join(root, "phase19"))).toEqual([]);
  const { tasks } = JSON.parse(evaluated.stdout) as Phase19Summary;
  return { plan: result, tasks, notes: solved.stderr };
}

const deferred = ({ plan }: Step): string[] => plan.deferred_tasks.map(({ task_id }) => task_id);

describe("waves that somebody else runs, one after the other", () => {
  it("know who was finished: followers run, the followers of what failed do not, what was put off comes again", async () => {
    const root = makeOutputs();
    const first = await step(root, 1, { failing: ["a2"] });
    expect(deferred(first)).toEqual(["a1"]);
    expect(first.tasks).toMatchObject({ total: 3, completed: 1, failed: 1, deferred: 0, open: 1 });
    const second = await step(root, 2);
    expect(second.notes).toEqual(["phase19: put off by earlier waves and planned again: a1"]);
    expect(second.plan.schedule.map(({ task_id }) => task_id).sort()).toEqual(["a1", "b3"]);
    expect(second.plan.deferred_tasks).toMatchObject([
      { task_id: "b1" },
      { task_id: "b2", reason: "waits for a2, not finished and not in this plan" },
    ]);
    const third = await step(root, 3);
    expect(third.plan.schedule.map(({ task_id }) => task_id).sort()).toEqual(["b1", "c1"]);
    expect(third.tasks).toMatchObject({ total: 8, completed: 5, failed: 1, deferred: 2, open: 0 });
    expect(
      readLines<{ task_id: string; final: boolean }>(root, "phase19/deferred_tasks.jsonl").map(
        ({ task_id, final }) => `${task_id} ${final}`,
      ),
    ).toEqual(["a1 false", "b1 false", "b2 true", "c2 true"]);
  });

  it("believe what was evaluated rather than an older success of the same name", async () => {
    const root = makeOutputs();
    await step(root, 1, { failing: ["a2"] });
    mkdirSync(join(root, "phase18/wave_1/x"), { recursive: true });
    const old = { task_id: "a2", status: "success", attempts: 1, execution_time_ms: 40 };
    writeFileSync(join(root, "phase18/wave_1/x/task_outcomes.jsonl"), jsonLines([old]));
    expect(deferred(await step(root, 2))).toContain("b2");
  });

  it("book a wave whose plan put everything off, and plan nothing again that may have run", async () => {
    const root = makeOutputs(TASKS, 0);
    const first = await step(root, 1);
    expect(first.plan.schedule).toEqual([]);
    expect(first.tasks).toMatchObject({ total: 3, completed: 0, open: 3 });
    writeFileSync(join(root, "phase18/agents.jsonl"), jsonLines([{ agent_id: "x" }, { agent_id: "y" }]));
    const second = await step(root, 2, { silent: ["a2"] });
    expect(second.plan.schedule.map(({ task_id }) => task_id).sort()).toEqual(["a1", "a2", "b1", "b2", "b3", "late"]);
    const third = await step(root, 3);
    expect(third.notes).toEqual(["phase19: not planned again, because nobody reported whether they ran: a2"]);
    expect(third.plan.schedule.map(({ task_id }) => task_id)).toEqual(["c1", "c2"]);
    expect(readFileSync(join(root, "phase19/deferred_tasks.jsonl"), "utf8")).toContain("no outcome was reported");
  });
});
