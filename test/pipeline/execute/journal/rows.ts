import type { JournalOf } from "../../../../src/domain/schemas/index.js";

/** Rows of a journal, each with what a test does not care about. */

export const AT = "2026-01-01T00:00:00.000Z";

const ATTEMPT = { wave: 1, task_id: "t", agent_id: "a", slot: 0, attempt: 1 };

export const opened = (over: Partial<JournalOf<"run_opened">> = {}): JournalOf<"run_opened"> => ({
  ...{ event: "run_opened", schema_version: 1, run_id: "run", identity: "same", executor: "scripted", at: AT },
  ...over,
});

export const started = (over: Partial<JournalOf<"attempt_started">> = {}): JournalOf<"attempt_started"> => ({
  ...{ event: "attempt_started", ...ATTEMPT, start_ms: 10, confidence: 0.8, at: AT },
  ...over,
});

export const group = (over: Partial<JournalOf<"attempt_group">> = {}): JournalOf<"attempt_group"> => ({
  ...{ event: "attempt_group", ...ATTEMPT, group_id: 7, start_token: "s", boot_id: "b" },
  ...over,
});

export const ended = (over: Partial<JournalOf<"attempt_ended">> = {}): JournalOf<"attempt_ended"> => ({
  ...{ event: "attempt_ended", ...ATTEMPT, start_ms: 10, end_ms: 50, duration_ms: 40, succeeded: true },
  ...{ confidence_before: 0.8, confidence_after: 0.9, confidence_delta: 0.1, heuristics_applied: ["H1"] },
  ...{ error_message: null, fault: null, error_kind: null, cost: 2, output: "done", retryable: true, at: AT },
  ...over,
});

export const moved = (over: Partial<JournalOf<"moved">> = {}): JournalOf<"moved"> => ({
  ...{ event: "moved", wave: 1, task_id: "t", from_agent_id: "a", agent_id: "b", slot: 1, reason: "late", at: AT },
  ...over,
});

export const waveEnded = (wave = 1): JournalOf<"wave_ended"> => ({ event: "wave_ended", wave, at: AT });
export const finished = (): JournalOf<"run_finished"> => ({ event: "run_finished", at: AT });
