import type { AttemptRow, PlannedRow, ScheduledRow } from "../../domain/schemas/index.js";
import {
  type AttemptRecord,
  type ExecutionKind,
  type PlannedTaskRecord,
  roundShown,
  type TaskRecord,
} from "../../domain/index.js";

import { isTimeGuessed } from "./guessed-time.js";

export interface RowContext {
  readonly wave: number;
  readonly execution: ExecutionKind;
}

/** A row of `planned_tasks.jsonl`. */
export function plannedRow(task: PlannedTaskRecord, { wave, execution }: RowContext): PlannedRow {
  return {
    task_id: task.taskId,
    agent_id: task.agentId,
    wave,
    slot: task.slot,
    priority: task.priority,
    risk_level: task.riskLevel,
    task_type: task.taskType,
    confidence: task.confidence,
    predicted_success_probability: task.successProbability,
    predicted_duration_ms: task.durationMs,
    ...(isTimeGuessed(task, execution) && { duration_is_default: true as const }),
    predicted_retries: task.retries,
    predicted_confidence_delta: task.confidenceDelta,
    planned_start_time: task.startMs,
    planned_end_time: task.endMs,
    end_interval_ms: [...task.endIntervalMs],
    reason: task.reason,
    execution,
    ...(task.dependsOn.length > 0 && { depends_on: [...task.dependsOn] }),
    ...(task.deadlineMs !== undefined && { deadline_ms: task.deadlineMs }),
    predicted_cost: task.cost,
  };
}

/** A row of `scheduled_tasks.jsonl`: the final state of a started task; the first eleven keys are the contract's, in its order. */
export function scheduledRow(
  plan: PlannedTaskRecord,
  task: TaskRecord,
  { wave, execution, hasAdhered }: RowContext & { readonly hasAdhered: boolean },
): ScheduledRow {
  return {
    task_id: task.taskId,
    agent_id: task.agentId,
    wave,
    scheduled_start_time: plan.startMs,
    scheduled_end_time: plan.endMs,
    actual_start_time: task.startMs,
    actual_end_time: task.endMs,
    priority: plan.priority,
    status: statusOf(task),
    confidence: withoutNoise(task.confidence),
    retry_count: task.attempts.length - 1,
    slot: task.slot,
    planned_agent_id: task.plannedAgentId,
    risk_level: plan.riskLevel,
    task_type: plan.taskType,
    predicted_success_probability: plan.successProbability,
    confidence_delta: task.confidenceDelta,
    adhered: hasAdhered,
    failure_reason: task.failureReason,
    execution,
  };
}

/** A row of `execution_outcomes.jsonl`. `timestamp` is ISO-8601 UTC. */
export function attemptRow(
  attempt: AttemptRecord,
  { wave, execution, timestamp }: RowContext & { readonly timestamp: string },
): AttemptRow {
  return {
    task_id: attempt.taskId,
    agent_id: attempt.agentId,
    wave,
    attempt: attempt.attempt,
    status: statusOf(attempt),
    initial_confidence: withoutNoise(attempt.confidenceBefore),
    final_confidence: withoutNoise(attempt.confidenceAfter),
    confidence_delta: withoutNoise(attempt.confidenceAfter - attempt.confidenceBefore),
    execution_time_ms: attempt.durationMs,
    actual_start_time: attempt.startMs,
    actual_end_time: attempt.endMs,
    retry_count: attempt.attempt - 1,
    heuristics_applied: [...attempt.heuristicsApplied],
    error_message: attempt.errorMessage,
    fault: attempt.fault,
    error_kind: attempt.errorKind,
    cost: attempt.cost,
    output: attempt.output,
    timestamp,
    execution,
  };
}

/** Digits of a share that are no rounding of the sum that it came from. */
const SHARE_DIGITS = 12;

function withoutNoise(share: number): number {
  return roundShown(share, SHARE_DIGITS);
}

function statusOf({ succeeded }: { readonly succeeded: boolean }): "completed" | "failed" {
  return succeeded ? "completed" : "failed";
}
