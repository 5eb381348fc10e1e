import type { AttemptRecord, Estimate, Heuristics, PlannedTaskRecord, Task, TaskRecord } from "../../domain/index.js";
import type { PredictAttempt } from "./attempt-prediction.js";
import type { AttemptRequest, Executor, TaskRow } from "./executor.js";
import type { ExecutionDecision, FailurePolicy } from "./failure-decision.js";
import type { AttemptJournal } from "./journal/attempt-journal.js";
import type { AgentAccounts } from "./live/accounts.js";
import type { AgentHealth } from "./live/agent-health.js";
import type { WaveInbox } from "./live/inbox.js";
import type { Move } from "./live/mover.js";
import type { WaveCalendar } from "./live/wave-calendar.js";
import type { Purse } from "./live/purse.js";
import type { PlanRest, RestPlace } from "./live/rest-planner.js";

/** How a wave is executed. */
export interface ExecutionSettings {
  readonly runId: string;
  readonly wave: number;
  readonly executor: Executor;
  readonly heuristics: Heuristics;
  /** Retries after the first attempt, ≥ 0; H16_003 may allow fewer. No policy goes beyond them. */
  readonly maxRetries: number;
  readonly onFailure: FailurePolicy;
  /** Wall-clock limit of one attempt, milliseconds > 0; default max(5 s, 10 × the 95th percentile of its predicted duration). */
  readonly attemptTimeoutMs?: number;
  /** Wait before a task is tried again on the same agent; twice as long each time. Default 0. */
  readonly retryDelayMs?: number;
  /** Of the jitter in delays. Default 0. */
  readonly seed?: number;
  /** Interrupts the wave: running attempts are told, no new ones start. */
  readonly signal?: AbortSignal;
  /** Called as each attempt starts. */
  readonly onStart?: (request: AttemptRequest) => void;
  /** Called as each attempt ends. */
  readonly onAttempt?: (attempt: AttemptRecord) => void;
  /** Called for every decision after a failure. */
  readonly onDecision?: (decision: ExecutionDecision) => void;
  /** Called where a task goes to another agent before an attempt of it starts. */
  readonly onMove?: (move: Move) => void;
  /** Called where an agent goes down or comes back. */
  readonly onHealth?: (change: AgentChange) => void;
  /** Monotonic, milliseconds; only differences count. */
  readonly clock: () => number;
  /** What is expected of a task on an agent; default what the plan says of its planned agent. */
  readonly predict?: PredictAttempt;
  /** Row of a task as it was read; default what the plan says of it. */
  readonly taskRow?: (taskId: string) => TaskRow | undefined;
  /** When tasks and agents may start; default: whenever a slot is free. */
  readonly calendar?: WaveCalendar;
  /** Limits of the agents; default unknown: then nothing is moved from agent to agent but by the policy. */
  readonly accounts?: AgentAccounts;
  /** Plans what has not started again; needs `accounts`. Default: single tasks move, and nothing is planned again. */
  readonly planRest?: PlanRest;
  /** Tasks that come or are not wanted any more while the wave runs. Default: none do. */
  readonly inbox?: WaveInbox;
  /** Takes in a task that came; what it returns describes the task at its place. Needs `planRest`. */
  readonly welcome?: (task: Task<Estimate>) => (place: RestPlace) => PlannedTaskRecord;
  /** Default: nothing is known of any agent. */
  readonly health?: AgentHealth;
  /** What the agent's rate makes of a duration; null where it has none. */
  readonly priceOf?: (agentId: string, durationMs: number) => number | null;
  /** Default: no limit. */
  readonly purse?: Purse;
  /** Where attempts are written down before they count; default nowhere. */
  readonly journal?: AttemptJournal;
}

/** An agent that went down or came back. */
export interface AgentChange {
  readonly agentId: string;
  readonly change: "down" | "up";
  readonly atMs: number;
  /** Of one that is down: when it is probed; null where it is left alone for the rest of the wave. */
  readonly probeAtMs: number | null;
  readonly reason: string;
}

/** A task that was not started. */
export interface NotStarted {
  readonly taskId: string;
  readonly reason: string;
  /** Whether a later wave may start it: its agent was down, and no other could take it. */
  readonly canChange: boolean;
}

export interface WaveExecution {
  /** Tasks that were started, ascending by id. */
  readonly tasks: readonly TaskRecord[];
  /** The others, ascending by id. */
  readonly notStarted: readonly NotStarted[];
  /** Tasks that came while the wave ran and had a place, as they were planned then. */
  readonly added: readonly PlannedTaskRecord[];
  /** Whether the signal ended the wave early. */
  readonly wasAborted: boolean;
}
