import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createLiveScreen } from "../../../src/faces/cli/live-screen.js";
import { createSolveLine } from "../../../src/faces/cli/solve-line.js";
import type { ProgressEvent } from "../../../src/engine/goals/solve-progress.js";

const CLEAR = "\r\u001b[2K";
let written: string[] = [];
let nowMs = 0;
const screen = (columns = 120) =>
  createLiveScreen(
    (text) => written.push(text),
    () => columns,
  );
const event = (changes: Partial<ProgressEvent>): ProgressEvent => ({
  ...{ kind: "incumbent", stage: "dives", value: 11.5, bound: 12, gap: 0.042, elapsed_ms: 0, work: 1 },
  ...changes,
});

beforeEach(() => {
  vi.useFakeTimers();
  written = [];
  nowMs = 0;
});
afterEach(() => void vi.useRealTimers());

it("writes over its line, and keeps what is printed above it", () => {
  const { show, print, clear } = screen();
  print("before");
  show("one");
  show("one");
  show("two");
  print("a note");
  clear();
  clear();
  print("after");
  expect(written).toEqual(["before\n", `${CLEAR}one`, `${CLEAR}two`, `${CLEAR}a note\ntwo`, CLEAR, "after\n"]);
});

it("never fills the last column, and shows control characters as text", () => {
  const { show } = screen(10);
  show("task\u001b[2J and much more");
  expect(written.join("").slice(CLEAR.length)).toHaveLength(9);
  expect(written.join("").slice(CLEAR.length)).not.toContain("\u001b");
});

it("tells value, bound, gap, time and stage of a solve, and leaves nothing", () => {
  const line = createSolveLine(screen(), { strategy: "maximize_success", timeLimitMs: 10_000 }, () => nowMs);
  line.hear(event({}));
  nowMs = 1240;
  vi.advanceTimersByTime(200);
  line.hear(event({ value: 11.8, gap: 0.017, stage: "branch" }));
  nowMs = 1440;
  vi.advanceTimersByTime(200);
  line.stop();
  vi.advanceTimersByTime(1000);
  expect(written).toEqual([
    `${CLEAR}maximize_success · value 11.5 · bound 12 · gap 4.2 % · 1.2 of 10.0 s · dives`,
    `${CLEAR}maximize_success · value 11.8 · bound 12 · gap 1.7 % · 1.4 of 10.0 s · branch`,
    CLEAR,
  ]);
});

it("shows nothing of a short solve, and nothing where there is no terminal", () => {
  const line = createSolveLine(screen(), { strategy: "balance_load", timeLimitMs: 1000 }, () => nowMs);
  line.hear(event({}));
  vi.advanceTimersByTime(199);
  line.stop();
  const none = createSolveLine(null, { strategy: "balance_load", timeLimitMs: 1000 }, () => nowMs);
  none.hear(event({}));
  vi.advanceTimersByTime(1000);
  none.stop();
  expect(written).toEqual([]);
});
