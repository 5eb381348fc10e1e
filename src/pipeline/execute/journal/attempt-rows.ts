import type { JournalOf } from "../../../domain/schemas/index.js";
import type { AttemptRequest } from "../executor.js";
import type { EndedAttempt } from "./attempt-journal.js";

/** Attempts as rows of the journal, and back. */

type Identity = Pick<JournalOf<"attempt_ended">, "wave" | "task_id" | "agent_id" | "slot" | "attempt">;

export function identityOf({ wave, taskId, agentId, slot, attempt }: AttemptRequest): Identity {
  return { wave, task_id: taskId, agent_id: agentId, slot, attempt };
}

export function endedRow(wave: number, { record, ...decides }: EndedAttempt, at: string): JournalOf<"attempt_ended"> {
  return {
    event: "attempt_ended",
    wave,
    task_id: record.taskId,
    agent_id: record.agentId,
    slot: record.slot,
    attempt: record.attempt,
    start_ms: record.startMs,
    end_ms: record.endMs,
    duration_ms: record.durationMs,
    succeeded: record.succeeded,
    confidence_before: record.confidenceBefore,
    confidence_after: record.confidenceAfter,
    confidence_delta: decides.confidenceDelta,
    heuristics_applied: [...record.heuristicsApplied],
    error_message: record.errorMessage,
    fault: record.fault,
    error_kind: record.errorKind,
    cost: record.cost,
    output: record.output,
    retryable: decides.retryable,
    at,
  };
}

export function endedAttempt(row: JournalOf<"attempt_ended">): EndedAttempt {
  return {
    record: {
      taskId: row.task_id,
      agentId: row.agent_id,
      slot: row.slot,
      attempt: row.attempt,
      startMs: row.start_ms,
      endMs: row.end_ms,
      durationMs: row.duration_ms,
      succeeded: row.succeeded,
      confidenceBefore: row.confidence_before,
      confidenceAfter: row.confidence_after,
      heuristicsApplied: row.heuristics_applied,
      errorMessage: row.error_message,
      fault: row.fault,
      errorKind: row.error_kind,
      cost: row.cost,
      output: row.output,
    },
    retryable: row.retryable,
    confidenceDelta: row.confidence_delta,
  };
}

/** An attempt whose end nobody knows, counted as failed for good: it may have done its work, so it is not made again. */
export function lostRow(started: JournalOf<"attempt_started">, at: string): JournalOf<"attempt_ended"> {
  const { wave, task_id, agent_id, slot, attempt, start_ms, confidence } = started;
  return {
    event: "attempt_ended",
    ...{ wave, task_id, agent_id, slot, attempt, start_ms },
    ...{ end_ms: start_ms, duration_ms: 0, succeeded: false, retryable: false, at },
    ...{ confidence_before: confidence, confidence_after: confidence, confidence_delta: null, heuristics_applied: [] },
    ...{ fault: null, error_kind: "agent", cost: null, output: null },
    error_message: "it was under way when an earlier start of this run ended, and is not made again (--in-flight fail)",
  };
}
