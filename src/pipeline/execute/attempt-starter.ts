import type { AttemptRecord } from "../../domain/index.js";
import { attemptStart, type AttemptStart, confidenceAfter } from "./attempt-confidence.js";
import type { AttemptOutcome } from "./attempt-outcome.js";
import type { AttemptRequest } from "./executor.js";
import type { EndedAttempt } from "./journal/attempt-journal.js";
import type { LiveWave } from "./live/live-wave.js";
import type { Run, Slot } from "./live/slot-board.js";
import { makeAttempt } from "./make-attempt.js";
import type { ExecutionSettings } from "./settings.js";
import type { Timekeeper } from "./timekeeper.js";

/** Default wall-clock limit of an attempt: this, or so many times the 95th percentile of its predicted duration. */
const LEAST_TIMEOUT_MS = 5_000;
const TIMEOUT_FACTOR = 10;

/** Starts attempts: writes each one down, asks the executor, and writes down what came of it before it counts. */
export class AttemptStarter {
  constructor(
    private readonly live: LiveWave,
    private readonly settings: ExecutionSettings,
    private readonly time: Timekeeper,
    private readonly signal: AbortSignal,
  ) {}

  async start(slot: Slot, run: Run): Promise<void> {
    const { settings, signal } = this;
    const { executor, journal } = settings;
    const predicted = this.live.predict(run.task.taskId, slot.agentId);
    const start = attemptStart(run.task, settings.heuristics, run.attempts.length);
    const startMs = this.time.nowMs();
    const request = this.#request(slot, run, start, startMs);
    this.live.bookStart(slot, run, { run, startMs, start, predicted });
    await journal?.start(request);
    settings.onStart?.(request);
    const limits = {
      ...{ signal, isDurationRequired: executor.time === "virtual" },
      ...(journal !== undefined && { onGroup: journal.group.bind(journal, request) }),
    };
    await this.time.launch(slot.order, async () => {
      const outcome = await makeAttempt(executor, request, limits);
      const endMs = this.time.endOf(startMs, outcome.durationMs ?? predicted.durationMs);
      const ended: EndedAttempt = {
        record: this.#record(slot, run, { start, startMs, endMs, outcome }),
        ...{ retryable: outcome.retryable, confidenceDelta: outcome.confidenceDelta },
      };
      await journal?.end(request, ended);
      if (outcome.fault !== "aborted") executor.forget?.(request);
      return ended;
    });
  }

  #request(slot: Slot, { task, attempts }: Run, start: AttemptStart, startMs: number): AttemptRequest {
    const { runId, wave, attemptTimeoutMs, taskRow } = this.settings;
    const { taskId, taskType, riskLevel, confidence, dependsOn } = task;
    const { durationMs, p95Ms, successProbability } = this.live.predict(taskId, slot.agentId);
    const attempt = attempts.length + 1;
    return {
      ...{ runId, wave, taskId, taskType, riskLevel, agentId: slot.agentId, slot: slot.slot, attempt, startMs },
      task: taskRow?.(taskId) ?? {
        ...{ task_id: taskId, task_type: taskType, risk_level: riskLevel, confidence, depends_on: dependsOn },
      },
      idempotencyKey: `${runId}:${wave}:${taskId}:${attempt}`,
      ...{ confidence: start.confidence, heuristicsApplied: start.heuristicsApplied },
      ...{ expectedDurationMs: durationMs, predicted: { durationMs, p95Ms, successProbability } },
      timeoutMs: attemptTimeoutMs ?? Math.max(LEAST_TIMEOUT_MS, TIMEOUT_FACTOR * p95Ms),
    };
  }

  #record(
    { agentId, slot }: Slot,
    { task, attempts }: Run,
    { start, startMs, endMs, outcome }: Timing & { readonly outcome: AttemptOutcome },
  ): AttemptRecord {
    const durationMs = outcome.durationMs ?? endMs - startMs;
    const { succeeded, errorMessage, fault, errorKind, output } = outcome;
    return {
      ...{ taskId: task.taskId, agentId, slot, attempt: attempts.length + 1, startMs, endMs, durationMs, succeeded },
      confidenceBefore: start.confidence,
      confidenceAfter: confidenceAfter(task, this.settings.heuristics, attempts.length, start.confidence, outcome),
      ...{ heuristicsApplied: start.heuristicsApplied, errorMessage, fault, errorKind, output },
      cost: outcome.cost ?? this.settings.priceOf?.(agentId, durationMs) ?? null,
    };
  }
}

interface Timing {
  readonly start: AttemptStart;
  readonly startMs: number;
  readonly endMs: number;
}
