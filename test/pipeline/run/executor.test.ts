import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Executor } from "../../../src/pipeline/execute/executor.js";
import { Phase19Harness } from "../../../src/pipeline/run/harness.js";
import type { RunOptions } from "../../../src/pipeline/run/options.js";
import { checkOutputs } from "../../support/check-outputs.js";
import { copyFixture, readDocument, readRows } from "../../support/fixture-copies.js";
import { messageOf } from "../files/scratch.js";

type Execute = Executor["execute"];

/** Runs a fixture for real, in virtual time unless it is told otherwise. */
async function runReal(execute: Execute, more: Partial<RunOptions> = {}, time: Executor["time"] = "virtual") {
  const outputsDir = copyFixture("sparse");
  const executor: Executor = { name: "ours", execution: "real", time, execute };
  const approved = readRows(join(outputsDir, "phase16/planned_tasks.jsonl")).map(({ task_id }) => String(task_id));
  const harness = new Phase19Harness({ live: true, executor, outputsDir, approved, solver: "greedy", ...more });
  const outcome = await harness.runPhase19();
  const out = join(outputsDir, "phase19");
  return { outcome, out, faults: existsSync(out) ? checkOutputs(out) : ["nothing was written"] };
}

const ok: Execute = ({ expectedDurationMs }) => Promise.resolve({ succeeded: true, durationMs: expectedDurationMs });

/** Every attempt of a tree. */
function attemptsOf(out: string): Record<string, unknown>[] {
  return readdirSync(out, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith("execution_outcomes.jsonl"))
    .flatMap((path) => readRows(join(out, path)));
}

describe("a caller's executor", () => {
  it("counts as real, from every row to the learned state", async () => {
    const { out, faults, outcome } = await runReal(ok);
    expect(faults).toEqual([]);
    expect(outcome.summary).toMatchObject({ execution: "real", gate: "live" });
    const attempts = attemptsOf(out);
    expect(attempts.length).toBeGreaterThan(0);
    expect(new Set(attempts.map(({ execution }) => execution))).toEqual(new Set(["real"]));
    const { real, simulated } = readDocument(join(out, "learned_state.json")) as Record<string, { outcomes: number }>;
    expect([real!.outcomes, simulated!.outcomes]).toEqual([attempts.length, 0]);
  });

  it("may throw, answer rubbish or refuse: each such attempt has failed with that reason, and the run goes on", async () => {
    const answers: Record<string, Execute> = {
      threw: () => Promise.reject(new Error("no such host")),
      "threw at once": () => {
        throw new Error("no such host");
      },
      rubbish: () => Promise.resolve({ succeeded: "yes" } as never),
      "no duration": () => Promise.resolve({ succeeded: true }),
      negative: () => Promise.resolve({ succeeded: true, durationMs: -1 }),
      nothing: () => Promise.resolve(undefined as never),
    };
    const words: Record<string, string> = {};
    for (const [name, answer] of Object.entries(answers)) {
      const { out, faults, outcome } = await runReal((request, signal) =>
        request.taskId.endsWith("1") ? answer(request, signal) : ok(request, signal),
      );
      expect([name, faults]).toEqual([name, []]);
      expect(outcome.summary!.tasks.completed).toBeGreaterThan(0);
      const failed = attemptsOf(out).filter(({ status }) => status === "failed");
      expect([name, failed.length > 0]).toEqual([name, true]);
      words[name] = String(failed[0]!["error_message"]);
    }
    expect(words).toMatchInlineSnapshot(`
      {
        "negative": "the executor's answer: durationMs: -1 is less than 0; give milliseconds of at least 0",
        "no duration": "the executor's answer: durationMs: is missing",
        "nothing": "the executor's answer: is missing",
        "rubbish": "the executor's answer: succeeded: "yes" is not true or false",
        "threw": "no such host",
        "threw at once": "no such host",
      }
    `);
  });

  it("that hangs fails after its time, and is told to stop", async () => {
    let numTold = 0;
    const hang: Execute = (_, signal) =>
      new Promise(() => signal.addEventListener("abort", () => void numTold++, { once: true }));
    const { out, faults, outcome } = await runReal(hang, { attemptTimeoutMs: 5, maxRetries: 0 }, "wall");
    expect(faults).toEqual([]);
    const attempts = attemptsOf(out);
    expect(outcome.summary!.tasks).toMatchObject({ completed: 0, failed: attempts.length });
    expect(numTold).toBe(attempts.length);
    expect(attempts[0]).toMatchObject({ status: "failed", error_message: "no answer within 5 ms" });
  });

  it("keeps what had ended when it was interrupted in the middle of a wave, and learns it", async () => {
    const abort = new AbortController();
    let started = 0;
    const { out, outcome } = await runReal(
      async ({ expectedDurationMs }) => {
        if (++started > 3) abort.abort();
        return { succeeded: true, durationMs: expectedDurationMs };
      },
      { signal: abort.signal },
    );
    expect(outcome.summary).toMatchObject({ partial: true, waves_optimized: 1 });
    const rows = attemptsOf(out).filter(({ status }) => status === "success" || status === "completed");
    const state = readDocument(join(out, "learned_state.json")) as {
      real: { outcomes: number; strategies: object };
      runs: { outcomes: number }[];
    };
    expect(rows.length).toBeGreaterThanOrEqual(3);
    expect(state.real.outcomes).toBe(rows.length);
    expect(state.runs).toMatchObject([{ outcomes: rows.length }]);
    // A part of a wave says nothing of its strategy.
    expect(state.real.strategies).toEqual({});
    // Nor of how long the wave takes, nor of its health.
    const pace = { actual_makespan_ms: null, planned_throughput: null, actual_throughput: null };
    expect(readDocument(join(out, "wave_1", "wave_summary.json"))).toMatchObject(pace);
    const notJudged = { overall_health_score: null, health_status: "NOT_JUDGED" };
    expect(readDocument(join(out, "system_health.json"))).toMatchObject(notJudged);
    const report = readFileSync(join(out, "PHASE_19_AUTONOMOUS_OPTIMIZATION.md"), "utf8");
    expect(report).toContain("not judged, because no wave that ended has run a task");
    expect(report).toContain("Of a wave that was cut off");
    expect(checkOutputs(out)).toEqual([]);
  });

  it("that fails only after the interrupt changes nothing any more", async () => {
    const controller = new AbortController();
    const late: Execute = (request, signal) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve({ succeeded: false, durationMs: request.expectedDurationMs }));
        controller.abort();
      });
    const { outcome, out } = await runReal(late, { signal: controller.signal }, "wall");
    expect(outcome).toMatchObject({ wasInterrupted: true, summary: null });
    expect(existsSync(out)).toBe(false);
    expect(readdirSync(join(out, ".."))).not.toContain("phase19.lock");
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["no executor", { live: true }, "live: needs an executor"],
    ["a name that is empty", { executor: { name: "", execution: "real", execute: ok } }, "options.executor.name"],
    ["no word on what it counts as", { executor: { name: "x", execute: ok } }, "options.executor.execution"],
    ["no function", { executor: { name: "x", execution: "real" } }, "options.executor.execute"],
    ["a time that is none", { executor: { name: "x", execution: "real", time: "cpu", execute: ok } }, ".time"],
    ["a real executor in a dry run", { executor: { name: "x", execution: "real", execute: ok } }, "set live to true"],
    ["a time limit of nothing", { attemptTimeoutMs: 0 }, "options.attemptTimeoutMs: 0 is not"],
    ["a path that is no text", { outputsDir: 5 }, "options.outputsDir: 5 is not a text"],
    ["a date that is none", { now: new Date(NaN) }, "options.now: Invalid Date"],
    ["approvals that are no list", { approved: "a" }, 'options.approved: "a" is not an array'],
    ["an ear that is none", { onEvent: 3 }, "options.onEvent: is not a function"],
    ["a signal that is none", { signal: 3 }, "options.signal: is not an AbortSignal"],
    [
      "a state and none",
      { fresh: true, stateFile: "x" },
      "options.fresh: starts from nothing, and a state from its file",
    ],
  ])("refuses %s", async (_, options, words) => {
    expect(await messageOf(() => new Phase19Harness(options))).toContain(words);
  });
});
