import type { AlertRow, AnomalyRow, MetricRow } from "../../domain/schemas/index.js";
import type { AttemptRecord, ResultDocument, WaveRecord } from "../../domain/index.js";
import type { AttemptRequest } from "../execute/executor.js";
import type { Move } from "../execute/live/mover.js";
import type { AgentChange } from "../execute/settings.js";

/** What a run tells while it goes; every event carries its run, wave and time. */
export type RunEvent =
  | (Omit<EventHead, "wave"> & { readonly event: "run_started"; readonly waves: number; readonly tasks: number })
  | (EventHead & {
      readonly event: "wave_started";
      readonly waves: number;
      readonly tasks: number;
      readonly strategy: string;
      readonly reason: string;
    })
  | (EventHead & { readonly event: "plan" } & PlanNews)
  | (EventHead & { readonly event: "attempt_started" } & StartNews)
  | (EventHead & { readonly event: "attempt_ended" } & AttemptNews)
  | (EventHead & { readonly event: "moved" } & MoveNews)
  | (EventHead & { readonly event: "agent_down" | "agent_up" } & HealthNews)
  | (EventHead & { readonly event: "wave_finished" } & WaveNews)
  | (EventHead & { readonly event: "metric"; readonly metric: MetricRow })
  | (EventHead & { readonly event: "anomaly"; readonly anomaly: AnomalyRow })
  | (EventHead & { readonly event: "alert"; readonly alert: AlertRow });

interface EventHead {
  readonly run_id: string;
  readonly wave: number;
  /** ISO-8601 UTC. */
  readonly timestamp: string;
}

interface PlanNews {
  readonly strategy: string;
  readonly termination: string;
  readonly value: number | null;
  readonly bound: number | null;
  readonly gap: number | null;
  readonly planned_tasks: number;
  readonly deferred_tasks: number;
  readonly expected_success_rate: number | null;
  readonly expected_makespan_ms: number | null;
}

interface StartNews {
  readonly task_id: string;
  readonly agent_id: string;
  readonly attempt: number;
  readonly start_ms: number;
  /** When it is expected to end, by the mean of its prediction. */
  readonly expected_end_ms: number;
}

interface AttemptNews {
  readonly task_id: string;
  readonly agent_id: string;
  readonly attempt: number;
  readonly succeeded: boolean;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly error_message: string | null;
  readonly error_kind: string | null;
  readonly cost: number | null;
}

interface MoveNews {
  readonly task_id: string;
  readonly from_agent_id: string;
  readonly to_agent_id: string;
  readonly at_ms: number;
  /** How much earlier the task is expected to end; null where it could not have run at all. */
  readonly expected_gain_ms: number | null;
  readonly reason: string;
}

interface HealthNews {
  readonly agent_id: string;
  readonly at_ms: number;
  /** When the agent is tried again; null where it is not in this wave. */
  readonly probe_at_ms: number | null;
  readonly reason: string;
}

interface WaveNews {
  readonly completed_tasks: number;
  readonly failed_tasks: number;
  readonly deferred_tasks: number;
  readonly makespan_ms: number;
  /** Cost of all attempts of the run so far. */
  readonly spent: number;
}

/** An event of a wave without its head. */
export type News = DistributiveOmit<Extract<RunEvent, EventHead>, keyof EventHead>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export function planNews(result: ResultDocument): News {
  const { objective, expected } = result;
  return {
    event: "plan",
    strategy: result.strategy,
    termination: result.termination,
    ...{ value: objective.value, bound: objective.bound, gap: objective.gap },
    planned_tasks: result.schedule.length,
    deferred_tasks: result.deferred_tasks.length,
    expected_success_rate: expected.success_rate,
    expected_makespan_ms: expected.makespan_ms,
  };
}

export function attemptNews(attempt: AttemptRecord): News {
  return {
    event: "attempt_ended",
    task_id: attempt.taskId,
    agent_id: attempt.agentId,
    attempt: attempt.attempt,
    succeeded: attempt.succeeded,
    start_ms: attempt.startMs,
    end_ms: attempt.endMs,
    error_message: attempt.errorMessage,
    error_kind: attempt.errorKind,
    cost: attempt.cost,
  };
}

export function startNews({ taskId, agentId, attempt, startMs, expectedDurationMs }: AttemptRequest): News {
  return {
    event: "attempt_started",
    ...{ task_id: taskId, agent_id: agentId, attempt, start_ms: startMs },
    expected_end_ms: startMs + expectedDurationMs,
  };
}

export function moveNews({ taskId, from, to, atMs, gainMs, reason }: Move): News {
  return {
    event: "moved",
    ...{ task_id: taskId, from_agent_id: from.agentId, to_agent_id: to.agentId },
    ...{ at_ms: atMs, expected_gain_ms: gainMs, reason },
  };
}

export function healthNews({ agentId, change, atMs, probeAtMs, reason }: AgentChange): News {
  return {
    event: change === "down" ? "agent_down" : "agent_up",
    ...{ agent_id: agentId, at_ms: atMs, probe_at_ms: probeAtMs, reason },
  };
}

export function waveNews({ tasks, deferrals }: WaveRecord, spent: number): News {
  const completed = tasks.filter(({ succeeded }) => succeeded).length;
  return {
    event: "wave_finished",
    ...{ completed_tasks: completed, failed_tasks: tasks.length - completed, deferred_tasks: deferrals.length },
    makespan_ms: tasks.reduce((latest, { endMs }) => Math.max(latest, endMs), 0),
    spent,
  };
}
