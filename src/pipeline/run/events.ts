import type { AlertRow, AnomalyRow, MetricRow, Phase19Summary } from "../../domain/schemas/index.js";
import type { AttemptRecord, ResultDocument, WaveRecord } from "../../domain/index.js";
import type { AttemptRequest } from "../execute/executor.js";
import type { Move } from "../execute/live/mover.js";
import type { AgentChange } from "../execute/settings.js";

/** What a run tells while it goes; every event carries its run and its time, and all but the first and the last their wave. */
export type RunEvent =
  | (Omit<EventHead, "wave"> & Kind<"run_started"> & Sizes)
  | (EventHead & Kind<"wave_started"> & Sizes & Choice)
  | (EventHead & Kind<"plan"> & PlanNews)
  | (EventHead & Kind<"attempt_started"> & StartNews)
  | (EventHead & Kind<"attempt_ended"> & AttemptNews)
  | (EventHead & Kind<"moved"> & MoveNews)
  | (EventHead & Kind<"agent_down" | "agent_up"> & HealthNews)
  | (EventHead & Kind<"wave_finished"> & WaveNews)
  | (EventHead & Kind<"metric"> & MetricNews)
  | (EventHead & Kind<"anomaly"> & AnomalyNews)
  | (EventHead & Kind<"alert"> & AlertNews)
  | (Omit<EventHead, "wave"> & Kind<"run_finished"> & EndNews);

interface Kind<K extends string> {
  /** What happened. */
  readonly event: K;
}

interface MetricNews {
  /** A row as in `metrics.jsonl`. */
  readonly metric: MetricRow;
}

interface AnomalyNews {
  /** A row as in `anomalies.jsonl`. */
  readonly anomaly: AnomalyRow;
}

interface AlertNews {
  /** An alert as in `alerts.json`. */
  readonly alert: AlertRow;
}

interface Sizes {
  /** Waves of the run. */
  readonly waves: number;
  /** Tasks of the run, or of the wave that starts. */
  readonly tasks: number;
}

interface Choice {
  /** The strategy that plans the wave. */
  readonly strategy: string;
  /** Why it was chosen, one sentence. */
  readonly reason: string;
}

interface EventHead {
  /** Name of the run. */
  readonly run_id: string;
  /** Number of the wave, from 1. */
  readonly wave: number;
  /** ISO-8601 UTC. */
  readonly timestamp: string;
}

interface PlanNews {
  /** The strategy that made the plan. */
  readonly strategy: string;
  /** What came of the solve. */
  readonly termination: string;
  /** Value of the plan; null without a plan. */
  readonly value: number | null;
  /** Its bound; null where nothing is proven. */
  readonly bound: number | null;
  /** Distance of the two, a fraction; null: one of them is missing. */
  readonly gap: number | null;
  /** Tasks that have a place. */
  readonly planned_tasks: number;
  /** Tasks that are put off. */
  readonly deferred_tasks: number;
  /** Mean chance of success; null where nothing is planned. */
  readonly expected_success_rate: number | null;
  /** Planned end of the wave, milliseconds; null where nothing is planned. */
  readonly expected_makespan_ms: number | null;
}

interface StartNews {
  /** The task. */
  readonly task_id: string;
  /** The agent that makes the attempt. */
  readonly agent_id: string;
  /** From 1. */
  readonly attempt: number;
  /** Milliseconds from the start of the wave. */
  readonly start_ms: number;
  /** When it is expected to end, by the mean of its prediction. */
  readonly expected_end_ms: number;
}

interface AttemptNews {
  /** The task. */
  readonly task_id: string;
  /** The agent that made the attempt. */
  readonly agent_id: string;
  /** From 1. */
  readonly attempt: number;
  /** Whether the attempt succeeded. */
  readonly succeeded: boolean;
  /** Milliseconds from the start of the wave. */
  readonly start_ms: number;
  /** Milliseconds from the start of the wave. */
  readonly end_ms: number;
  /** What went wrong; null of a success, and where nobody said. */
  readonly error_message: string | null;
  /** Whose fault a failure is; null of a success, and where nobody said. */
  readonly error_kind: string | null;
  /** What it cost; null: not known. */
  readonly cost: number | null;
}

interface MoveNews {
  /** The task. */
  readonly task_id: string;
  /** The agent that had it. */
  readonly from_agent_id: string;
  /** The agent that has it now. */
  readonly to_agent_id: string;
  /** Milliseconds from the start of the wave. */
  readonly at_ms: number;
  /** How much earlier the task is expected to end; null where it could not have run at all. */
  readonly expected_gain_ms: number | null;
  /** Why, one sentence. */
  readonly reason: string;
}

interface HealthNews {
  /** The agent. */
  readonly agent_id: string;
  /** Milliseconds from the start of the wave. */
  readonly at_ms: number;
  /** When the agent is tried again; null where it is not in this wave. */
  readonly probe_at_ms: number | null;
  /** Why, one sentence. */
  readonly reason: string;
}

interface WaveNews {
  /** Tasks that succeeded. */
  readonly completed_tasks: number;
  /** Tasks whose last attempt failed. */
  readonly failed_tasks: number;
  /** Tasks that were put off. */
  readonly deferred_tasks: number;
  /** End of the last attempt, milliseconds from the start of the wave. */
  readonly makespan_ms: number;
  /** Cost of all attempts of the run so far. */
  readonly spent: number;
}

interface EndNews {
  /** As in `phase19_summary.json`; null where no wave had ended: then nothing was written. */
  readonly summary: Phase19Summary | null;
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
