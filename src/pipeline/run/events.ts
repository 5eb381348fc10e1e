import type { AlertRow, AnomalyRow, MetricRow } from "../../domain/schemas/index.js";
import type { AttemptRecord, SolveResult } from "../../domain/index.js";

/** What a run tells while it goes; every event carries its run, wave and time. */
export type RunEvent =
  | (EventHead & {
      readonly event: "wave_started";
      readonly waves: number;
      readonly tasks: number;
      readonly strategy: string;
      readonly reason: string;
    })
  | (EventHead & { readonly event: "plan" } & PlanNews)
  | (EventHead & { readonly event: "attempt" } & AttemptNews)
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

interface AttemptNews {
  readonly task_id: string;
  readonly agent_id: string;
  readonly attempt: number;
  readonly succeeded: boolean;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly error_message: string | null;
}

/** An event without its head. */
export type News = DistributiveOmit<RunEvent, keyof EventHead>;
type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

export function planNews(result: SolveResult): News {
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
    event: "attempt",
    task_id: attempt.taskId,
    agent_id: attempt.agentId,
    attempt: attempt.attempt,
    succeeded: attempt.succeeded,
    start_ms: attempt.startMs,
    end_ms: attempt.endMs,
    error_message: attempt.errorMessage,
  };
}
