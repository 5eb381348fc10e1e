import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { JournalRow } from "../../../../src/domain/schemas/index.js";
import type { AttemptRequest } from "../../../../src/pipeline/execute/executor.js";
import { SYSTEM_FILES } from "../../../../src/pipeline/files/file-functions.js";
import { Phase19Harness } from "../../../../src/pipeline/run/harness.js";
import type { RunOptions } from "../../../../src/pipeline/run/options.js";
import type { RunOutcome } from "../../../../src/pipeline/run/outcome.js";
import { checkOutputs } from "../../../support/check-outputs.js";
import { readAgentRows, RUN_AT, type Row, ScriptedExecutor, smallInputs } from "../../../support/pipeline-runs.js";

/** Two waves; t1 fails once, t2 for good, u0 waits for t0. */
const TASKS: readonly Row[] = [
  ...["t0", "t1", "t2", "t3"].map((task_id) => ({ task_id })),
  ...["u0", "u1"].map((task_id) => ({ task_id, wave: 2 })),
];

const answer = ({ taskId, attempt }: AttemptRequest) =>
  taskId === "t2" || (taskId === "t1" && attempt === 1) ? { succeeded: false, errorMessage: "no" } : { cost: 2 };

interface Ran {
  readonly outcome: RunOutcome;
  /** Keys of the attempts that were made. */
  readonly keys: string[];
  /** What became of each task. */
  readonly ends: Record<string, unknown>;
}

async function run(outputsDir: string, more: Partial<RunOptions> = {}): Promise<Ran> {
  const executor = new ScriptedExecutor(answer);
  const options: RunOptions = { outputsDir, live: true, solver: "greedy", now: RUN_AT, executor, ...more };
  const outcome = await new Phase19Harness(options).runPhase19();
  expect(checkOutputs(outcome.outDir)).toEqual([]);
  const rows = readAgentRows(outcome.outDir, "scheduled_tasks.jsonl");
  const ends = rows.map(({ task_id, status, retry_count }) => [task_id, [status, retry_count]]);
  return {
    outcome,
    keys: executor.requests.map(({ idempotencyKey }) => idempotencyKey),
    ends: Object.fromEntries(ends) as Record<string, unknown>,
  };
}

const journalOf = (outputsDir: string): string => join(outputsDir, "phase19.journal.jsonl");
const parse = (text: string): JournalRow[] =>
  text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as JournalRow);

/** An undisturbed run, and the lines of its journal. */
async function undisturbed(): Promise<Ran & { readonly lines: string[] }> {
  const outputs = smallInputs(TASKS);
  const ran = await run(outputs);
  expect(existsSync(journalOf(outputs))).toBe(false);
  return { ...ran, lines: readFileSync(join(outputs, "phase19/journal.jsonl"), "utf8").trimEnd().split("\n") };
}

/** Inputs beside the journal of a run that was killed after so many lines. */
function killedAfter(lines: readonly string[], torn = ""): string {
  const outputs = smallInputs(TASKS);
  writeFileSync(journalOf(outputs), lines.map((line) => `${line}\n`).join("") + torn);
  return outputs;
}

const attemptKey = ({ wave, task_id, attempt }: { wave: number; task_id: string; attempt: number }): string =>
  `${wave}:${task_id}:${attempt}`;

describe("a run that was killed", () => {
  it("goes on from wherever it was: nothing that ended is run again, and it ends as it would have", async () => {
    const { lines, ends, outcome, keys } = await undisturbed();
    expect(lines.length).toBeGreaterThan(20);
    for (let k = 1; k <= lines.length; k += 3) {
      const outputs = killedAfter(lines.slice(0, k), k < lines.length ? lines[k]!.slice(0, k) : "");
      const again = await run(outputs);
      const known = parse(lines.slice(0, k).join("\n"));
      const ended = known.filter((row) => row.event === "attempt_ended").map(attemptKey);
      const made = again.keys.map((key) => key.slice(key.indexOf(":") + 1));
      expect([k, made.filter((key) => ended.includes(key))]).toEqual([k, []]);
      expect([k, [...ended, ...made].sort()]).toEqual([k, keys.map((key) => key.slice(key.indexOf(":") + 1)).sort()]);
      expect([k, again.ends]).toEqual([k, ends]);
      expect(again.outcome.summary!.tasks).toEqual(outcome.summary!.tasks);
      expect(existsSync(journalOf(outputs))).toBe(false);
    }
  }, 120_000);

  it("says what it takes up, and that a torn line is cut off", async () => {
    const { lines } = await undisturbed();
    const first = lines.findIndex((line) => line.includes("attempt_ended"));
    const { outcome } = await run(killedAfter(lines.slice(0, first + 1), '{"event":"attem'));
    expect(outcome.warnings.join("\n")).toMatch(
      /torn and is cut off\n.*did not finish; its journal is used: 1 attempt that ended counts and is not run again/,
    );
  });

  it("between the swap of its tree and the removal of its journal is complete", async () => {
    const outputs = smallInputs(TASKS);
    await run(outputs);
    writeFileSync(journalOf(outputs), readFileSync(join(outputs, "phase19/journal.jsonl")));
    const { keys } = await run(outputs);
    expect(keys.length).toBeGreaterThan(0);
    expect(existsSync(journalOf(outputs))).toBe(false);
  });

  it("counts what was under way as failed for good with --in-flight fail", async () => {
    const { lines } = await undisturbed();
    const first = lines.findIndex((line) => line.includes("attempt_started"));
    const { task_id: taskId } = JSON.parse(lines[first]!) as { task_id: string };
    const { keys, ends, outcome } = await run(killedAfter(lines.slice(0, first + 1)), { inFlight: "fail" });
    expect(outcome.warnings.join()).toContain(
      "0 attempts that ended count and are not run again; 1 attempt that had no answer yet is counted as failed",
    );
    expect(keys.filter((key) => key.includes(`:${taskId}:`))).toEqual([]);
    expect(ends[taskId]).toEqual(["failed", 0]);
  });
});

describe("an unfinished journal", () => {
  const unfinished = async (): Promise<string> => {
    const { lines } = await undisturbed();
    return killedAfter(lines.slice(0, 6));
  };

  it.each<[string, Partial<RunOptions>]>([
    ["another seed", { seed: 7 }],
    ["another strategy", { strategy: "minimize_cost" }],
    ["another name", { runId: "other" }],
  ])("is refused by its name where a run has %s", async (_, more) => {
    const outputs = await unfinished();
    const before = readFileSync(journalOf(outputs), "utf8");
    await expect(run(outputs, more)).rejects.toThrow(/unfinished live run [0-9a-f]{12}.*--abandon/);
    expect(readFileSync(journalOf(outputs), "utf8")).toBe(before);
    expect(existsSync(join(outputs, "phase19"))).toBe(false);
  });

  it("is refused by a dry run too, which would replace its tree", async () => {
    const outputs = await unfinished();
    await expect(new Phase19Harness({ outputsDir: outputs }).runPhase19()).rejects.toThrow(/unfinished live run/);
  });

  it("is set aside with --abandon, and kept", async () => {
    const outputs = await unfinished();
    const before = readFileSync(journalOf(outputs), "utf8");
    const { keys, outcome } = await run(outputs, { abandon: true, seed: 7 });
    expect(keys.length).toBe(9);
    const aside = readdirSync(outputs).filter((name) => name.includes("abandoned"));
    expect(readFileSync(join(outputs, aside[0]!), "utf8")).toBe(before);
    expect(outcome.warnings.join()).toContain(aside[0]);
  });

  it("damaged in the middle is refused, with its line", async () => {
    const { lines } = await undisturbed();
    const outputs = killedAfter([...lines.slice(0, 3), "nonsense", ...lines.slice(3, 6)]);
    await expect(run(outputs)).rejects.toThrow(/journal\.jsonl:4.*--abandon/);
  });
});

describe("a journal that cannot be written", () => {
  it("ends the run with the reason, and the next start goes on", async () => {
    const outputs = smallInputs(TASKS);
    let numRows = 0;
    const files = {
      ...SYSTEM_FILES,
      append: async (path: string, text: string): Promise<void> => {
        if (path.endsWith(".journal.jsonl") && ++numRows > 7) {
          await SYSTEM_FILES.append(path, text.slice(0, 9));
          throw Object.assign(new Error("no space left"), { code: "ENOSPC" });
        }
        return SYSTEM_FILES.append(path, text);
      },
    };
    const executor = new ScriptedExecutor(answer);
    const options: RunOptions = { outputsDir: outputs, live: true, solver: "greedy", now: RUN_AT, executor };
    await expect(new Phase19Harness(options, { files }).runPhase19()).rejects.toThrow(/journal\.jsonl/);
    const ended = parse(readFileSync(journalOf(outputs), "utf8").replace(/[^\n]*$/, ""))
      .filter((row) => row.event === "attempt_ended")
      .map(attemptKey);
    expect(ended.length).toBeGreaterThan(0);
    const { keys } = await run(outputs);
    expect(keys.filter((key) => ended.includes(key.slice(key.indexOf(":") + 1)))).toEqual([]);
  });
});

describe("the journal of a simulated run", () => {
  it("is there for whoever looks on, gone with the run, and in nobody's way when it was left", async () => {
    const outputsDir = smallInputs(TASKS);
    const seen: string[][] = [];
    const onEvent = ({ event }: { readonly event: string }): void => {
      if (event === "wave_finished")
        seen.push(parse(readFileSync(journalOf(outputsDir), "utf8")).map((row) => row.event));
    };
    const options: RunOptions = { outputsDir, solver: "greedy", now: RUN_AT, onEvent };
    await new Phase19Harness(options).runPhase19();
    expect(seen).toHaveLength(2);
    expect(seen[0]!.slice(0, 3)).toEqual(["run_opened", "plan_chosen", "attempt_started"]);
    expect(seen[1]!.filter((event) => event === "wave_ended")).toHaveLength(2);
    expect(existsSync(journalOf(outputsDir))).toBe(false);

    const opened = { event: "run_opened", schema_version: 1, run_id: "other", identity: "", executor: "simulated" };
    const left = [
      { ...opened, execution: "simulated", at: "2026-01-01T00:00:00.000Z" },
      { event: "wave_ended", wave: 1 },
    ];
    writeFileSync(journalOf(outputsDir), left.map((row) => `${JSON.stringify(row)}\n`).join(""));
    await run(outputsDir);
  });
});
