import {
  type AttemptRecord,
  compareIds,
  ModelError,
  type PlannedTaskRecord,
  type TaskRecord,
} from "../../domain/index.js";
import { retriesAllowed } from "../../planner/index.js";
import { attemptStart, clampShare, confidenceAfter, type AttemptStart } from "./attempt-confidence.js";
import type { AttemptRequest } from "./executor.js";
import type { FailureDecision, SlotPlace } from "./failure-decision.js";
import { makeAttempt } from "./make-attempt.js";
import type { ExecutionSettings, WaveExecution } from "./settings.js";
import type { Timekeeper } from "./timekeeper.js";
import { followersInPlan, keyOf, predecessorsInPlan, type SlotPlan } from "./wave-plan.js";
import { type AttemptOutcome, INTERRUPTED } from "./attempt-outcome.js";

/** Default wall-clock limit of an attempt: this, or so many times its expected duration. */
const LEAST_TIMEOUT_MS = 60_000;
const TIMEOUT_FACTOR = 10;

/** A task that was started. */
interface Run {
  readonly task: PlannedTaskRecord;
  readonly attempts: AttemptRecord[];
}

interface Slot extends SlotPlace {
  /** Place among all slots. */
  readonly order: number;
  readonly availableFromMs: number;
  readonly waiting: PlannedTaskRecord[];
  isAvailable: boolean;
  running: { readonly run: Run; readonly startMs: number; readonly start: AttemptStart } | null;
}

/** One wave under way: which slot does what, which task has become what. */
export class Dispatcher {
  readonly #slots: readonly Slot[];
  readonly #slotAt: ReadonlyMap<string, Slot>;
  readonly #predecessors: ReadonlyMap<string, readonly string[]>;
  readonly #followers: ReadonlyMap<string, readonly string[]>;
  readonly #ended = new Map<string, TaskRecord>();
  /** Tasks that will not be started, and why. */
  readonly #skipped = new Map<string, string>();

  constructor(
    private readonly planned: readonly PlannedTaskRecord[],
    slots: readonly SlotPlan[],
    private readonly settings: ExecutionSettings,
    private readonly time: Timekeeper,
    private readonly signal: AbortSignal,
  ) {
    this.#slots = slots.map(({ tasks, ...place }, order) => {
      return { ...place, order, waiting: [...tasks], isAvailable: place.availableFromMs <= 0, running: null };
    });
    this.#slotAt = new Map(this.#slots.map((slot) => [keyOf(slot), slot]));
    this.#predecessors = predecessorsInPlan(planned);
    this.#followers = followersInPlan(this.#predecessors);
  }

  async run(): Promise<WaveExecution> {
    for (const { isAvailable, order, availableFromMs } of this.#slots) {
      if (!isAvailable && !this.signal.aborted) this.time.wake(order, availableFromMs);
    }
    await this.#startWhatCan();
    for (let event = await this.time.next(); event !== null; event = await this.time.next()) {
      const slot = this.#slots[event.order]!;
      if (event.outcome === null) slot.isAvailable = true;
      else await this.#endAttempt(slot, event.outcome, event.atMs);
      await this.#startWhatCan();
    }
    return this.#report();
  }

  async #startWhatCan(): Promise<void> {
    for (const slot of this.#slots) {
      if (this.signal.aborted) return;
      if (!slot.isAvailable || slot.running !== null) continue;
      this.#dropSkipped(slot);
      const [task] = slot.waiting;
      if (task === undefined || !this.#isReady(task)) continue;
      slot.waiting.shift();
      await this.#startAttempt(slot, { task, attempts: [] }, task.durationMs);
    }
  }

  #isReady({ taskId }: PlannedTaskRecord): boolean {
    return this.#predecessors.get(taskId)!.every((before) => this.#ended.get(before)?.succeeded === true);
  }

  #dropSkipped({ waiting }: Slot): void {
    while (waiting.length > 0 && this.#skipped.has(waiting[0]!.taskId)) waiting.shift();
  }

  async #startAttempt(slot: Slot, run: Run, expectedDurationMs: number): Promise<void> {
    const { settings } = this;
    const { taskId, taskType, riskLevel } = run.task;
    const start = attemptStart(run.task, settings.heuristics, run.attempts.length);
    const startMs = this.time.nowMs();
    slot.running = { run, startMs, start };
    const request: AttemptRequest = {
      ...{ runId: settings.runId, wave: settings.wave, taskId, taskType, riskLevel },
      ...{ agentId: slot.agentId, slot: slot.slot, attempt: run.attempts.length + 1 },
      ...{ confidence: start.confidence, startMs, expectedDurationMs, heuristicsApplied: start.heuristicsApplied },
    };
    const limits = {
      timeoutMs: settings.attemptTimeoutMs ?? Math.max(LEAST_TIMEOUT_MS, TIMEOUT_FACTOR * expectedDurationMs),
      signal: this.signal,
      isDurationRequired: settings.executor.time === "virtual",
    };
    await this.time.launch(slot.order, expectedDurationMs, () => makeAttempt(settings.executor, request, limits));
  }

  async #endAttempt(slot: Slot, outcome: AttemptOutcome, endMs: number): Promise<void> {
    const { run, startMs, start } = slot.running!;
    slot.running = null;
    const { task, attempts } = run;
    const { heuristics } = this.settings;
    const attempt: AttemptRecord = {
      ...{ taskId: task.taskId, agentId: slot.agentId, slot: slot.slot, attempt: attempts.length + 1 },
      ...{ startMs, endMs, durationMs: outcome.durationMs ?? endMs - startMs, succeeded: outcome.succeeded },
      confidenceBefore: start.confidence,
      confidenceAfter: confidenceAfter(task, heuristics, attempts.length, start.confidence, outcome),
      ...{ heuristicsApplied: start.heuristicsApplied, errorMessage: outcome.errorMessage, fault: outcome.fault },
    };
    attempts.push(attempt);
    this.settings.onAttempt?.(attempt);
    if (outcome.succeeded) this.#endTask(run, outcome, null);
    else if (this.signal.aborted) this.#endTask(run, outcome, INTERRUPTED);
    else await this.#decide(slot, run, outcome, endMs);
  }

  /** Asks the policy what to do with a failed task, and does it. */
  async #decide(slot: Slot, run: Run, outcome: AttemptOutcome, nowMs: number): Promise<void> {
    const idle = this.#slots.filter((other) => other !== slot && this.#isIdle(other));
    const idleSlots = idle.map(({ agentId, slot: number }) => ({ agentId, slot: number }));
    const { retryable } = outcome;
    const { task, attempts } = run;
    const decision = this.settings.onFailure({ task, attempts: [...attempts], retryable, nowMs, idleSlots });
    const isMoved = decision.kind === "retry" && decision.agentId !== slot.agentId;
    this.settings.onDecision?.({
      kind: isMoved ? "reassign" : decision.kind,
      ...{ taskId: task.taskId, attempts: attempts.length, fromAgentId: slot.agentId },
      ...{ toAgentId: decision.kind === "retry" ? decision.agentId : null, atMs: nowMs, reason: decision.reason },
    });
    if (decision.kind === "give_up") return this.#endTask(run, outcome, decision.reason);
    const target = this.#slotOf(decision, run, [slot, ...idle]);
    await this.#startAttempt(target, run, decision.expectedDurationMs ?? task.durationMs);
  }

  #isIdle(slot: Slot): boolean {
    this.#dropSkipped(slot);
    return slot.isAvailable && slot.running === null && slot.waiting.length === 0;
  }

  #slotOf(decision: FailureDecision & { kind: "retry" }, { task, attempts }: Run, allowed: readonly Slot[]): Slot {
    const most = 1 + retriesAllowed(task.riskLevel, this.settings.heuristics, this.settings.maxRetries);
    if (attempts.length >= most)
      throw new ModelError(`the failure policy asks for another attempt at ${task.taskId} after ${most} of ${most}`);
    const target = this.#slotAt.get(keyOf(decision));
    if (target === undefined || !allowed.includes(target))
      throw new ModelError(`the failure policy sends ${task.taskId} to ${decision.agentId}, which is not idle`);
    return target;
  }

  #endTask(run: Run, { succeeded, confidenceDelta, errorMessage }: AttemptOutcome, reason: string | null): void {
    const { task, attempts } = run;
    const last = attempts[attempts.length - 1]!;
    const said = errorMessage === null || errorMessage === reason ? "" : ` (last error: ${errorMessage})`;
    this.#ended.set(task.taskId, {
      ...{ taskId: task.taskId, plannedAgentId: task.agentId, agentId: last.agentId, slot: last.slot, succeeded },
      ...{ attempts, startMs: attempts[0]!.startMs, endMs: last.endMs },
      confidence: clampShare(task.confidence + (confidenceDelta ?? 0)),
      confidenceDelta,
      failureReason: reason === null ? null : reason + said,
    });
    if (!succeeded) this.#skipFollowers(task.taskId);
  }

  /** What waits for a failed task will never start, nor will what waits for that. */
  #skipFollowers(failedId: string): void {
    const open: [string, string][] = [[failedId, "failed"]];
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      const [before, fate] = entry;
      for (const taskId of this.#followers.get(before) ?? []) {
        if (this.#skipped.has(taskId)) continue;
        this.#skipped.set(taskId, `it depends on ${before}, which ${fate}`);
        open.push([taskId, "was not started"]);
      }
    }
  }

  #report(): WaveExecution {
    const byId = (a: { taskId: string }, b: { taskId: string }): number => compareIds(a.taskId, b.taskId);
    const others = this.planned.filter(({ taskId }) => !this.#ended.has(taskId));
    const wasAborted = this.signal.aborted;
    if (!wasAborted && others.length > this.#skipped.size)
      throw new ModelError(`${others.length - this.#skipped.size} tasks of the plan were never started`);
    return {
      tasks: [...this.#ended.values()].sort(byId),
      notStarted: others.map(({ taskId }) => ({ taskId, reason: this.#skipped.get(taskId) ?? INTERRUPTED })).sort(byId),
      wasAborted,
    };
  }
}
