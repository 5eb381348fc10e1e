import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { closeSolvers } from "../../../src/engine/goals/threads.js";
import type { ResultDocument } from "../../../src/domain/result.js";
import { AdaptiveOptimizer } from "../../../src/pipeline/run/adaptive-optimizer.js";
import { evaluateOutcomes } from "../../../src/pipeline/run/evaluate.js";
import { learnFiles } from "../../../src/pipeline/run/learn-files.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { copyFixture, readJson, readLines, RUN_AT, type Row } from "../../support/pipeline-runs.js";
import { jsonLines, messageOf } from "../files/scratch.js";

afterAll(closeSolvers);

let root = "";
let plan: ResultDocument;
beforeEach(async () => {
  root = copyFixture("demo");
  const optimizer = new AdaptiveOptimizer({ now: RUN_AT, solver: "greedy" });
  await optimizer.loadPhase18Data({ phase16Dir: join(root, "phase16"), phase18Dir: join(root, "phase18") });
  plan = await optimizer.optimizeForSuccess({ wave: 1 });
});

const evaluate = (outcomes: string) => evaluateOutcomes(plan, { outcomes, outputsDir: root, now: RUN_AT });

function write(name: string, content: string | Uint8Array): string {
  const file = join(root, name);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, content);
  return file;
}

/** Rows of Phase 17: every third task fails once and succeeds then. The time of an attempt is its own. */
function attemptRows(): Row[] {
  return plan.schedule.flatMap(({ task_id }, k): Row[] => {
    const common = { task_id, wave: 1, initial_confidence: 0.8, confidence_delta: 0.05, heuristics_applied: [] };
    const failed = { ...common, status: "failed", attempts: 1, execution_time_ms: 40, error_message: "no" };
    const succeeded = { ...common, status: "success", execution_time_ms: 60, error_message: "no" };
    return k % 3 === 0 ? [failed, { ...succeeded, attempts: 2 }] : [{ ...succeeded, attempts: 1 }];
  });
}

/** The same in the shape of Phase 18, one row per task. */
const taskRows = (): Row[] =>
  plan.schedule.map(({ task_id, agent_id }, k) => ({
    ...{ task_id, agent_id, wave: 1, status: "success", confidence_delta: 0.05, heuristics_applied: [] },
    ...(k % 3 === 0 ? { attempts: 2, execution_time_ms: 100 } : { attempts: 1, execution_time_ms: 60 }),
  }));

interface Attempt {
  readonly task_id: string;
  readonly agent_id: string;
  readonly attempt: number;
  readonly status: string;
  readonly execution_time_ms: number;
}
const attemptsOf = (): Attempt[] =>
  Object.keys(plan.agent_assignments).flatMap((agent) =>
    readLines<Attempt>(root, `phase19/wave_1/${agent}/execution_outcomes.jsonl`),
  );
const finalRows = (agent: string) =>
  readLines<{ task_id: string; status: string; retry_count: number }>(
    root,
    `phase19/wave_1/${agent}/scheduled_tasks.jsonl`,
  );

it("takes outcomes from a pipe, beside a state that has a history", async () => {
  const [pipe, stateFile] = [join(root, "pipe"), join(root, "state.json")];
  await learnFiles({ stateFile, phase18Dir: join(root, "phase18"), now: () => RUN_AT });
  execFileSync("mkfifo", [pipe]);
  spawn("cp", [write("o.jsonl", jsonLines(taskRows())), pipe], { stdio: "ignore" });
  const { summary } = await evaluateOutcomes(plan, { outcomes: pipe, outputsDir: root, stateFile, now: RUN_AT });
  expect(summary?.tasks.completed).toBe(plan.schedule.length);
});

describe("outcomes by attempt", () => {
  it("are one task each, with the time of every attempt", async () => {
    const { summary } = await evaluate(write("o.jsonl", jsonLines(attemptRows())));
    const numTasks = plan.schedule.length;
    const numRetried = Math.ceil(numTasks / 3);
    expect(checkOutputs(join(root, "phase19"))).toEqual([]);
    expect(summary?.tasks).toMatchObject({ total: numTasks, completed: numTasks, failed: 0, retries: numRetried });
    const first = plan.schedule[0]!.task_id;
    const ofFirst = attemptsOf().filter(({ task_id }) => task_id === first);
    expect(ofFirst.map(({ status, execution_time_ms }) => [status, execution_time_ms])).toEqual([
      ["failed", 40],
      ["completed", 60],
    ]);
    expect(readJson(root, "phase19/learned_state.json")).toMatchObject({ real: { outcomes: numTasks } });
  });

  it.each<[string, () => string]>([
    ["a JSON array", () => write("o.json", JSON.stringify(attemptRows()))],
    ["gzip", () => write("o.jsonl.gz", gzipSync(jsonLines(attemptRows())))],
    ["a packed array", () => write("o.json.gz", gzipSync(JSON.stringify(attemptRows())))],
    ["rows in any order", () => write("o.jsonl", jsonLines(attemptRows().reverse()))],
    ["Phase 17's folder", () => join(write("p17/execution_outcomes.jsonl", jsonLines(attemptRows())), "..")],
    [
      "folders of agents, packed",
      () => {
        const assigned = Object.entries(plan.agent_assignments);
        for (const [agent, taskIds] of assigned) {
          const own = attemptRows().filter(({ task_id }) => taskIds.includes(String(task_id)));
          write(`p18/wave_1/${agent}/task_outcomes.jsonl.gz`, gzipSync(jsonLines(own)));
        }
        return join(root, "p18");
      },
    ],
  ])("say the same as %s", async (_, outcomes) => {
    const files = ["wave_1/wave_summary.json", "metrics.jsonl", "schedule_comparisons.jsonl", "calibration.jsonl"];
    const other = outcomes();
    await evaluate(write("plain.jsonl", jsonLines(attemptRows())));
    const before = files.map((name) => readFileSync(join(root, "phase19", name), "utf8"));
    await evaluate(other);
    expect(files.map((name) => readFileSync(join(root, "phase19", name), "utf8"))).toEqual(before);
  });

  it("have the figures of rows by task where both tell the same", async () => {
    const figures = (): unknown => readJson(root, "phase19/wave_1/wave_summary.json");
    await evaluate(write("attempts.jsonl", jsonLines(attemptRows())));
    const byAttempt = figures();
    await evaluate(write("tasks.jsonl", jsonLines(taskRows())));
    expect(figures()).toEqual(byAttempt);
  });

  it("stand under the agents that made them; the task under the one that made the last", async () => {
    const [entry] = plan.schedule;
    const other = Object.keys(plan.agent_assignments).find((agent) => agent !== entry!.agent_id)!;
    const rows = attemptRows().map((row, k) => (k < 2 ? { ...row, agent_id: [entry!.agent_id, other][k]! } : row));
    const { summary } = await evaluate(write("o.jsonl", jsonLines(rows)));
    const made = attemptsOf().filter(({ task_id }) => task_id === entry!.task_id);
    expect(made.map(({ agent_id }) => agent_id).sort()).toEqual([entry!.agent_id, other].sort());
    expect(summary?.tasks.reassigned).toBe(1);
    expect(finalRows(other)).toContainEqual(expect.objectContaining({ task_id: entry!.task_id, retry_count: 1 }));
    expect(finalRows(entry!.agent_id).map(({ task_id }) => task_id)).not.toContain(entry!.task_id);
    expect(checkOutputs(join(root, "phase19"))).toEqual([]);
  });

  it("count an attempt without a row as one that failed and that nobody timed", async () => {
    const rows = attemptRows().filter((_, k) => k !== 0);
    await evaluate(write("o.jsonl", jsonLines(rows)));
    const ofFirst = attemptsOf().filter(({ task_id }) => task_id === plan.schedule[0]!.task_id);
    expect(ofFirst).toMatchObject([
      { attempt: 1, status: "failed", execution_time_ms: 0 },
      { attempt: 2, status: "completed", execution_time_ms: 60 },
    ]);
  });

  it("of another wave are not this one's", async () => {
    const others = attemptRows().map((row) => ({ ...row, wave: 2, status: "failed" }));
    const { summary } = await evaluate(write("o.jsonl", jsonLines([...attemptRows(), ...others])));
    expect(summary?.tasks).toMatchObject({ failed: 0, completed: plan.schedule.length });
  });

  it("never end before they start, whatever times are reported", async () => {
    const rows = taskRows().map((row, k) => ({ ...row, ...(k % 2 === 0 && { actual_end_time: 1 }) }));
    await evaluate(write("o.jsonl", jsonLines(rows)));
    const times = Object.keys(plan.agent_assignments).flatMap((agent) =>
      readLines<{ actual_start_time: number; actual_end_time: number }>(
        root,
        `phase19/wave_1/${agent}/scheduled_tasks.jsonl`,
      ),
    );
    expect(times.filter((row) => row.actual_end_time < row.actual_start_time || row.actual_start_time < 0)).toEqual([]);
  });

  it.each<[string, (rows: Row[]) => Row[], string]>([
    ["the same attempt twice", ([a, b, ...rest]) => [a!, b!, { ...b! }, ...rest], "has an outcome at"],
    [
      "an attempt after a success",
      ([, b, ...rest]) => [{ ...b!, attempts: 1 }, { ...b!, attempts: 2 }, ...rest],
      "has an",
    ],
    ["a task and its attempts", (rows) => [...rows, taskRows()[0]!], "or one row per attempt"],
    ["what was simulated", (rows) => rows.map((row) => ({ ...row, execution: "simulated" })), "is not what happened"],
  ])("are refused with %s", async (_, change, message) => {
    const outcomes = write("o.jsonl", jsonLines(change(attemptRows())));
    expect(await messageOf(() => evaluate(outcomes))).toContain(message);
  });
});

describe("a wave of which a part was reported", () => {
  it("does not make the rest early: what nobody reported keeps its time on the slot", async () => {
    const rows = plan.schedule.map(({ task_id, agent_id, start_ms, end_ms }): Row => {
      return { task_id, agent_id, wave: 1, status: "success", attempts: 1, execution_time_ms: end_ms - start_ms };
    });
    await evaluate(write("all.jsonl", jsonLines(rows)));
    const adherence = (): number =>
      readJson<{ schedule_adherence: number }>(root, "phase19/wave_1/schedule_adherence.json").schedule_adherence;
    expect(adherence()).toBe(1);
    await evaluate(write("part.jsonl", jsonLines(rows.filter((_, k) => k % 2 === 1))));
    expect(adherence()).toBe(1);
  });
});
