import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createRunProgress } from "../../../src/faces/cli/run-progress.js";
import type { RunEvent } from "../../../src/pipeline/index.js";

const head = { run_id: "r", wave: 3, timestamp: "2026-01-01T00:00:00.000Z" };
let lines: string[] = [];
let nowMs = 0;

function progressOf(flags: { quiet?: boolean; budget?: number }) {
  const live = {
    show: (line: string) => void lines.push(line),
    clear: () => void lines.push(""),
    print: () => undefined,
  };
  return createRunProgress(flags, { live, clock: () => nowMs });
}

function started(taskId: string, expectedMs: number): RunEvent {
  const attempt = { task_id: taskId, agent_id: "agent_0", attempt: 1, start_ms: 0, expected_end_ms: expectedMs };
  return { ...head, event: "attempt_started", ...attempt };
}

function ended(taskId: string, succeeded: boolean, cost: number): RunEvent {
  const attempt = { task_id: taskId, agent_id: "agent_0", attempt: 1, start_ms: 0, end_ms: 100, succeeded, cost };
  return { ...head, event: "attempt_ended", ...attempt, error_message: null, error_kind: null };
}

const wave = { ...head, event: "wave_started", waves: 2, tasks: 5, strategy: "mix", reason: "asked for" } as RunEvent;
const plan = { ...head, event: "plan", planned_tasks: 4 } as RunEvent;

beforeEach(() => {
  vi.useFakeTimers();
  lines = [];
  nowMs = 0;
});
afterEach(() => void vi.useRealTimers());

it("tells what is done, what runs and is late, what it cost, and what ends next", () => {
  const { show, stop } = progressOf({ budget: 20 });
  for (const event of [wave, plan, started("t1", 1_000), started("t2", 3_000), started("t3", 2_000)]) show(event);
  show(ended("t2", true, 1.5));
  show(ended("t3", false, 1));
  nowMs = 400;
  vi.advanceTimersByTime(200);
  nowMs = 1_700;
  vi.advanceTimersByTime(200);
  show({ ...head, event: "wave_finished", spent: 2.5 } as RunEvent);
  stop();
  vi.advanceTimersByTime(1_000);
  const money = "1 attempt failed · 2.5 of 20 spent";
  expect(lines).toEqual([
    "wave 3 (1 of 2) · planning 5 tasks",
    "wave 3 (1 of 2) · 0 of 4 done · 0 running",
    `wave 3 (1 of 2) · 1 of 4 done · 1 running · ${money} · next t1 on agent_0 in 0.6 s`,
    `wave 3 (1 of 2) · 1 of 4 done · 1 running · 1 late · ${money} · next t1 on agent_0, 0.7 s late`,
    "wave 3 (1 of 2) · compared",
    "",
  ]);
});

it("says nothing before the first wave, nor with --quiet", () => {
  progressOf({}).show({ event: "run_started", run_id: "r", timestamp: head.timestamp, waves: 1, tasks: 1 });
  const quiet = progressOf({ quiet: true });
  quiet.show(wave);
  vi.advanceTimersByTime(1_000);
  quiet.stop();
  expect(lines).toEqual([]);
});
