import type { AttemptRecord } from "../../domain/index.js";
import { attemptStart, type AttemptStart, confidenceAfter } from "./attempt-confidence.js";
import type { AttemptOutcome } from "./attempt-outcome.js";
import type { PricedPrediction } from "./attempt-prediction.js";
import type { AttemptRequest } from "./executor.js";
import { Interruption } from "./interruption.js";
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
  readonly #interruption: Interruption;

  constructor(
    private readonly live: LiveWave,
    private readonly settings: ExecutionSettings,
    private readonly time: Timekeeper,
    signal: AbortSignal,
  ) {
    this.#interruption = Interruption.by(signal);
  }

  /** @param startMs when it was found that nothing keeps the run from starting: a clock that is read again may be past that */
  async start(slot: Slot, run: Run, startMs: number): Promise<void> {
    const { settings } = this;
    const { executor, journal } = settings;
    const predicted = this.live.predict(run.task.taskId, slot.agentId);
    const start = attemptStart(run.task, settings.heuristics, run.attempts.length);
    const request = this.#request(slot, run, { start, startMs, predicted });
    this.live.bookStart(slot, run, { run, startMs, start, predicted });
    const limits = {
      interruption: this.#interruption,
      isDurationRequired: executor.time === "virtual",
      onGroup: journal === undefined ? undefined : journal.group.bind(journal, request),
    };
    await this.time.launch(slot.order, async () => {
      // Written down before it is made, together with whatever else starts now.
      await journal?.start(request);
      settings.onStart?.(request);
      const outcome = await makeAttempt(executor, request, limits);
      const endMs = this.time.endOf(startMs, outcome.durationMs ?? predicted.durationMs);
      const ended: EndedAttempt = {
        record: this.#record(request, run, endMs, outcome),
        retryable: outcome.retryable,
        confidenceDelta: outcome.confidenceDelta,
      };
      await journal?.end(request, ended);
      if (outcome.fault !== "aborted") executor.forget?.(request);
      return ended;
    });
  }

  // Made of every attempt, so without the spreading of objects into others, which takes many times as long.
  #request(slot: Slot, { task, attempts }: Run, { start, startMs, predicted }: Start): AttemptRequest {
    const { runId, wave, attemptTimeoutMs, taskRow } = this.settings;
    const { taskId, taskType, riskLevel, confidence, dependsOn } = task;
    const attempt = attempts.length + 1;
    const row = { task_id: taskId, task_type: taskType, risk_level: riskLevel, confidence, depends_on: dependsOn };
    return {
      runId,
      wave,
      taskId,
      task: taskRow?.(taskId) ?? row,
      taskType,
      riskLevel,
      agentId: slot.agentId,
      slot: slot.slot,
      attempt,
      idempotencyKey: `${runId}:${wave}:${taskId}:${attempt}`,
      confidence: start.confidence,
      startMs,
      expectedDurationMs: predicted.durationMs,
      predicted: {
        durationMs: predicted.durationMs,
        p95Ms: predicted.p95Ms,
        successProbability: predicted.successProbability,
      },
      timeoutMs: attemptTimeoutMs ?? Math.max(LEAST_TIMEOUT_MS, TIMEOUT_FACTOR * predicted.p95Ms),
      heuristicsApplied: start.heuristicsApplied,
    };
  }

  #record(request: AttemptRequest, { task, attempts }: Run, endMs: number, outcome: AttemptOutcome): AttemptRecord {
    const { agentId, startMs, confidence } = request;
    const { heuristics, priceOf } = this.settings;
    const durationMs = outcome.durationMs ?? endMs - startMs;
    return {
      taskId: task.taskId,
      agentId,
      slot: request.slot,
      attempt: request.attempt,
      startMs,
      endMs,
      durationMs,
      succeeded: outcome.succeeded,
      confidenceBefore: confidence,
      confidenceAfter: confidenceAfter(task, heuristics, attempts.length, confidence, outcome),
      heuristicsApplied: request.heuristicsApplied,
      errorMessage: outcome.errorMessage,
      fault: outcome.fault,
      errorKind: outcome.errorKind,
      output: outcome.output,
      cost: outcome.cost ?? priceOf?.(agentId, durationMs) ?? null,
    };
  }
}

interface Start {
  readonly start: AttemptStart;
  readonly startMs: number;
  readonly predicted: PricedPrediction;
}
