import { ModelError, type PlannedTaskRecord, type TaskRecord } from "../../domain/index.js";
import { retriesAllowed } from "../../planner/index.js";
import { clampShare } from "./attempt-confidence.js";
import { INTERRUPTED } from "./attempt-outcome.js";
import { AttemptStarter } from "./attempt-starter.js";
import type { FailureDecision } from "./failure-decision.js";
import type { EndedAttempt } from "./journal/attempt-journal.js";
import { adoptWave } from "./journal/adopt-wave.js";
import { LiveWave } from "./live/live-wave.js";
import type { Fates } from "./live/replanner.js";
import type { RestPlace } from "./live/rest-planner.js";
import { newRun, type Run, type Slot } from "./live/slot-board.js";
import type { ExecutionSettings, NotStarted, WaveExecution } from "./settings.js";
import { reportWave } from "./report-wave.js";
import type { SlotEvent, Timekeeper } from "./timekeeper.js";
import { followersInPlan, predecessorsInPlan, type SlotPlan } from "./wave-plan.js";

/** One wave under way: which slot does what, which task has become what. */
export class Dispatcher {
  readonly #live: LiveWave;
  readonly #starter: AttemptStarter;
  #predecessors: ReadonlyMap<string, readonly string[]>;
  #followers: ReadonlyMap<string, readonly string[]>;
  readonly #ended = new Map<string, TaskRecord>();
  /** Tasks that will not be started. */
  readonly #skipped = new Map<string, NotStarted>();
  readonly #added: PlannedTaskRecord[] = [];
  /** Tasks that came and have no place yet. */
  readonly #unplaced = new Map<string, (place: RestPlace) => PlannedTaskRecord>();

  constructor(
    private readonly planned: readonly PlannedTaskRecord[],
    slots: readonly SlotPlan[],
    private readonly settings: ExecutionSettings,
    private readonly time: Timekeeper,
    private readonly signal: AbortSignal,
  ) {
    this.#predecessors = predecessorsInPlan(planned);
    this.#followers = followersInPlan(this.#predecessors);
    this.#live = new LiveWave(slots, planned, settings, time, (place, orderMs) => this.#place(place, orderMs));
    this.#starter = new AttemptStarter(this.#live, settings, time, signal);
  }

  async run(): Promise<WaveExecution> {
    const { slots } = this.#live.board;
    adoptWave(this.settings.journal?.adopted ?? null, this.#live, {
      onEnded: (run, slot, attempt) => this.#settle(run, slot, attempt),
      isSkipped: (taskId) => this.#skipped.has(taskId),
    });
    for (const { availableFromMs } of slots) {
      if (availableFromMs > this.time.nowMs() && !this.signal.aborted) this.time.wake(availableFromMs);
    }
    this.settings.inbox?.open((atMs) => this.time.wake(atMs));
    await this.#goOn();
    while (this.#isOpen()) {
      const event = await this.time.next();
      if (event === null) break;
      this.#hear(event);
      this.#hearArrived();
      await this.#goOn();
    }
    return this.#report();
  }

  #hear({ order, ended }: SlotEvent): void {
    if (ended !== null) this.#endAttempt(this.#live.board.slots[order]!, ended);
    else this.#live.watchLate();
  }

  /** What ended meanwhile is booked before anything starts: its cost may be what the next attempt was to be paid from. */
  #hearArrived(): boolean {
    let hasHeard = false;
    for (let event = this.time.takeArrived(); event !== null; event = this.time.takeArrived()) {
      this.#hear(event);
      hasHeard = true;
    }
    return hasHeard;
  }

  async #goOn(): Promise<void> {
    do {
      if (this.signal.aborted) continue;
      this.#hearWishes();
      await this.#live.adapt(() => this.#fates());
    } while (this.#hearArrived());
    await this.#startWhatCan();
  }

  #fates(): Fates {
    const ended = [...this.#ended.values()];
    return {
      finished: new Set(ended.filter(({ succeeded }) => succeeded).map(({ taskId }) => taskId)),
      lost: new Set([
        ...ended.filter(({ succeeded }) => !succeeded).map(({ taskId }) => taskId),
        ...this.#skipped.keys(),
      ]),
      unplaced: new Set(this.#unplaced.keys()),
    };
  }

  #hearWishes(): void {
    for (const wish of this.settings.inbox?.take(this.time.nowMs()) ?? []) {
      if (wish.kind === "add") {
        const { taskId } = wish.task;
        this.#unplaced.set(taskId, this.settings.welcome!(wish.task));
        this.#live.askForPlan(`${taskId} came`);
      } else this.#withdraw(wish.taskId);
    }
  }

  /** What has started is not withdrawn. */
  #withdraw(taskId: string): void {
    const hasStarted =
      this.#ended.has(taskId) || this.#live.board.slots.some(({ running }) => running?.run.task.taskId === taskId);
    if (hasStarted || this.#skipped.has(taskId) || this.#unplaced.delete(taskId)) return;
    this.#skip({ taskId, reason: "it was withdrawn", canChange: false });
    this.#skipFollowers(taskId, "was withdrawn");
    this.#live.askForPlan(`${taskId} was withdrawn`);
  }

  /** A task that came has a place. */
  #place(place: RestPlace, orderMs: number): void {
    const describe = this.#unplaced.get(place.taskId);
    if (describe === undefined) return;
    this.#unplaced.delete(place.taskId);
    const task = describe(place);
    this.#added.push(task);
    const all = [...this.planned, ...this.#added];
    this.#predecessors = predecessorsInPlan(all);
    this.#followers = followersInPlan(this.#predecessors);
    this.#live.board.put(this.#live.board.at(place)!, { ...newRun(task), orderMs });
  }

  #isOpen(): boolean {
    const isRunning = this.#live.board.slots.some(({ running }) => running !== null);
    const numOpen = this.planned.length + this.#added.length - this.#ended.size - this.#skipped.size;
    const isComing = this.#unplaced.size > 0 && this.#live.isPlanAsked;
    return isRunning || (!this.signal.aborted && (numOpen > 0 || isComing));
  }

  /** Starts what can start, and again as long as that or a move makes something else possible. */
  async #startWhatCan(): Promise<void> {
    for (let hasChanged = true; hasChanged;) {
      hasChanged = false;
      for (const slot of this.#live.board.slots) {
        if (slot.running !== null) continue;
        if (this.signal.aborted) return;
        const nowMs = this.time.nowMs();
        if (slot.availableFromMs > nowMs) continue;
        const run = this.#nextOf(slot, nowMs);
        if (run === null || !this.#isReady(run)) continue;
        const hurdle = this.#live.hurdleOf(slot, run, (one) => this.#isReady(one));
        if (hurdle === "wait") continue;
        hasChanged = true;
        if (hurdle === null) await this.#starter.start(slot, run);
        else if (hurdle !== "moved") this.#leaveOut(slot, run, hurdle.reason, hurdle.canChange);
      }
    }
  }

  /** The next run of a slot; of one with nothing left, one that another agent is late with. */
  #nextOf(slot: Slot, nowMs: number): Run | null {
    if (slot.waiting.length === 0) this.#live.fill(slot, (run) => this.#isReady(run));
    return this.#live.board.next(slot, nowMs);
  }

  #isReady({ task: { taskId } }: Run): boolean {
    return this.#predecessors.get(taskId)!.every((before) => this.#ended.get(before)?.succeeded === true);
  }

  /** A task that will not be started waits no longer. */
  #skip(fate: NotStarted): void {
    this.#skipped.set(fate.taskId, fate);
    const { board } = this.#live;
    const waiting = board.waitingRun(fate.taskId);
    if (waiting !== null) board.take(waiting[1], waiting[0]);
  }

  #endAttempt(slot: Slot, attempt: EndedAttempt): void {
    const { run, predicted } = slot.running!;
    slot.running = null;
    const { record } = attempt;
    run.attempts.push(record);
    this.settings.onAttempt?.(record);
    this.#live.bookEnd(slot, attempt, predicted);
    this.#settle(run, slot, attempt);
  }

  /** What follows from an attempt that ended. */
  #settle(run: Run, slot: Slot, attempt: EndedAttempt): void {
    if (attempt.record.succeeded) this.#endTask(run, attempt, null);
    else if (this.signal.aborted) this.#endTask(run, attempt, INTERRUPTED);
    else this.#decide(slot, run, attempt);
  }

  /** Asks the policy what to do with a failed task, and does it. */
  #decide(slot: Slot, run: Run, attempt: EndedAttempt): void {
    const idle = this.#live.board.slots.filter((other) => other !== slot && this.#isIdle(other));
    const idleSlots = idle.map(({ agentId, slot: number }) => ({ agentId, slot: number }));
    const { task, attempts } = run;
    const nowMs = this.time.nowMs();
    const { retryable } = attempt;
    const decision = this.settings.onFailure({ task, attempts: [...attempts], retryable, nowMs, idleSlots });
    if (decision.kind === "give_up") {
      this.#tell(run, slot, decision);
      return this.#endTask(run, attempt, decision.reason);
    }
    const wanted = this.#slotOf(decision, run, [slot, ...idle]);
    const target = this.#live.retryOn(run, slot, wanted, attempt.record.errorKind);
    const { agentId } = target;
    const reason =
      target === wanted ? decision.reason : `${slot.agentId} could not make it; another attempt on ${agentId}`;
    this.#tell(run, slot, { ...decision, agentId, reason });
  }

  #tell({ task: { taskId }, attempts }: Run, from: Slot, decision: FailureDecision): void {
    const toAgentId = decision.kind === "retry" ? decision.agentId : null;
    const isMoved = toAgentId !== null && toAgentId !== from.agentId;
    this.settings.onDecision?.({
      kind: isMoved ? "reassign" : decision.kind,
      ...{ taskId, attempts: attempts.length, fromAgentId: from.agentId, toAgentId },
      ...{ atMs: this.time.nowMs(), reason: decision.reason },
    });
  }

  #isIdle(slot: Slot): boolean {
    const nowMs = this.time.nowMs();
    const { board, health } = this.#live;
    const isUsable = health.isUp(slot.agentId) && !board.isLate(slot.agentId, nowMs);
    return isUsable && slot.availableFromMs <= nowMs && slot.running === null && slot.waiting.length === 0;
  }

  #mostAttempts({ task: { riskLevel } }: Run): number {
    return 1 + retriesAllowed(riskLevel, this.settings.heuristics, this.settings.maxRetries);
  }

  #slotOf(decision: FailureDecision & { kind: "retry" }, run: Run, allowed: readonly Slot[]): Slot {
    const { task, attempts } = run;
    const most = this.#mostAttempts(run);
    if (attempts.length >= most)
      throw new ModelError(`the failure policy asks for another attempt at ${task.taskId} after ${most} of ${most}`);
    const target = this.#live.board.at(decision);
    if (target === undefined || !allowed.includes(target))
      throw new ModelError(`the failure policy sends ${task.taskId} to ${decision.agentId}, which is not idle`);
    return target;
  }

  /** A task that waits for nothing that will come: it failed where an attempt was made, and was not started otherwise. */
  #leaveOut(slot: Slot, run: Run, reason: string, canChange: boolean): void {
    const { taskId } = run.task;
    const last = run.attempts.at(-1);
    if (last !== undefined) {
      this.#live.board.take(slot, run);
      return this.#endTask(run, { record: last, retryable: false, confidenceDelta: null }, reason);
    }
    this.#skip({ taskId, reason, canChange });
    this.#skipFollowers(taskId, "was not started");
  }

  #endTask(run: Run, { record, confidenceDelta }: EndedAttempt, reason: string | null): void {
    const { task, attempts } = run;
    const { succeeded, errorMessage } = record;
    const said = errorMessage === null || errorMessage === reason ? "" : ` (last error: ${errorMessage})`;
    this.#ended.set(task.taskId, {
      taskId: task.taskId,
      plannedAgentId: task.agentId,
      agentId: record.agentId,
      slot: record.slot,
      succeeded,
      attempts,
      startMs: attempts[0]!.startMs,
      endMs: record.endMs,
      confidence: clampShare(task.confidence + (confidenceDelta ?? 0)),
      confidenceDelta,
      failureReason: reason === null ? null : reason + said,
    });
    if (!succeeded) this.#skipFollowers(task.taskId, "failed");
  }

  /** What waits for a failed task will never start, nor will what waits for that. */
  #skipFollowers(failedId: string, fateOfFirst: string): void {
    const open: [string, string][] = [[failedId, fateOfFirst]];
    for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
      const [before, fate] = entry;
      for (const taskId of this.#followers.get(before) ?? []) {
        if (this.#skipped.has(taskId)) continue;
        const canChange = this.#skipped.get(before)?.canChange ?? false;
        this.#skip({ taskId, reason: `it depends on ${before}, which ${fate}`, canChange });
        open.push([taskId, "was not started"]);
      }
    }
  }

  #report(): WaveExecution {
    const facts = { ended: [...this.#ended.values()], skipped: this.#skipped, unplacedIds: [...this.#unplaced.keys()] };
    return reportWave({ planned: this.planned, added: this.#added, ...facts, wasAborted: this.signal.aborted });
  }
}
