import { ModelError, type PlannedTaskRecord, type WaveAgent } from "../../domain/index.js";
import { retriesAllowed } from "../../planner/index.js";
import { INTERRUPTED } from "./attempt-outcome.js";
import { AttemptStarter } from "./attempt-starter.js";
import type { FailureDecision } from "./failure-decision.js";
import type { EndedAttempt } from "./journal/attempt-journal.js";
import { adoptWave } from "./journal/adopt-wave.js";
import { LiveWave } from "./live/live-wave.js";
import type { RestPlace } from "./live/rest-planner.js";
import { newRun, type Run, type Slot } from "./live/slot-board.js";
import type { ExecutionSettings, WaveExecution } from "./settings.js";
import type { SlotEvent, Timekeeper } from "./timekeeper.js";
import type { SlotPlan } from "./wave-plan.js";
import { WaveTasks } from "./wave-tasks.js";

/** What is to be run, and on what. */
interface WaveParts {
  readonly planned: readonly PlannedTaskRecord[];
  readonly agents: readonly WaveAgent[];
  readonly slots: readonly SlotPlan[];
}

/** One wave under way: which slot does what, which task has become what. */
export class Dispatcher {
  readonly #agents: readonly WaveAgent[];
  readonly #live: LiveWave;
  readonly #starter: AttemptStarter;
  readonly #tasks: WaveTasks;

  constructor(
    { planned, agents, slots }: WaveParts,
    private readonly settings: ExecutionSettings,
    private readonly time: Timekeeper,
    private readonly signal: AbortSignal,
  ) {
    this.#agents = agents;
    this.#tasks = new WaveTasks(planned);
    this.#live = new LiveWave(slots, planned, settings, time, {
      onPlaced: (place, orderMs) => this.#place(place, orderMs),
      onNoRoom: (run, slot, reason) => this.#leaveOut(slot, run, reason, true),
    });
    this.#starter = new AttemptStarter(this.#live, settings, time, signal);
  }

  async run(): Promise<WaveExecution> {
    const { slots } = this.#live.board;
    adoptWave(this.settings.journal?.adopted ?? null, this.#live, {
      onEnded: (run, slot, attempt) => this.#settle(run, slot, attempt),
      isSkipped: (taskId) => this.#tasks.isSkipped(taskId),
    });
    this.#wakeFor(slots);
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

  /** What a plan moved starts before the next plan is made: where attempts keep ending meanwhile, agents would else stand idle. */
  async #goOn(): Promise<void> {
    let hasHeard: boolean;
    do {
      if (!this.signal.aborted) {
        this.#hearWishes();
        await this.#live.adapt(() => this.#tasks.fates);
      }
      hasHeard = this.#hearArrived();
      await this.#startWhatCan();
    } while (hasHeard);
  }

  #hearWishes(): void {
    for (const wish of this.settings.inbox?.take(this.time.nowMs()) ?? []) {
      if (wish.kind === "withdraw") this.#withdraw(wish.taskId);
      else if (this.#tasks.welcome(wish.task.taskId, () => this.settings.welcome!(wish.task))) {
        this.#wakeFor(this.#live.board.grow(this.#agents));
        this.#live.askForPlan(`${wish.task.taskId} came`);
      }
    }
  }

  /** What has started is not withdrawn: what runs goes on, and what waits for another attempt is tried again. */
  #withdraw(taskId: string): void {
    const [run = null] = this.#live.board.waitingRun(taskId) ?? [];
    if (run === null) this.#tasks.withdrawOutside(taskId);
    else if (run.attempts.length === 0) {
      this.#free(this.#tasks.withdraw(taskId));
      this.#live.askForPlan(`${taskId} was withdrawn`);
    }
  }

  /** A task that came has a place. */
  #place(place: RestPlace, orderMs: number): void {
    const task = this.#tasks.place(place);
    if (task === null) return;
    this.settings.accounts?.plan(task.agentId, task.taskId);
    this.#live.board.put(this.#live.board.at(place)!, { ...newRun(task), orderMs });
  }

  /** Slots of agents that come later are looked at then. */
  #wakeFor(slots: readonly Slot[]): void {
    for (const { availableFromMs } of slots) {
      if (availableFromMs > this.time.nowMs() && !this.signal.aborted) this.time.wake(availableFromMs);
    }
  }

  #isOpen(): boolean {
    const isRunning = this.#live.board.slots.some(({ running }) => running !== null);
    const isComing = this.#tasks.hasUnplaced && this.#live.isPlanAsked;
    return isRunning || (!this.signal.aborted && (this.#tasks.hasOpen || isComing));
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
        if (run === null || !this.#tasks.isReady(run)) continue;
        const hurdle = this.#live.hurdleOf(slot, run, nowMs, (one) => this.#tasks.isReady(one));
        if (hurdle === "wait") continue;
        hasChanged = true;
        if (hurdle === null) await this.#starter.start(slot, run, nowMs);
        else if (hurdle !== "moved") this.#leaveOut(slot, run, hurdle.reason, hurdle.canChange);
      }
    }
  }

  /** The next run of a slot; of one with nothing left, one that another agent is late with. */
  #nextOf(slot: Slot, nowMs: number): Run | null {
    if (slot.waiting.length === 0) this.#live.fill(slot, (run) => this.#tasks.isReady(run));
    return this.#live.board.next(slot, nowMs);
  }

  /** Tasks that will not be started wait no longer, and take nothing of their agents' limits. */
  #free(taskIds: readonly string[]): void {
    const { board } = this.#live;
    for (const taskId of taskIds) {
      const [run, slot] = board.waitingRun(taskId) ?? [null, null];
      if (run === null) continue;
      board.take(slot, run);
      this.settings.accounts?.remove(slot.agentId, taskId);
    }
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
    if (run.attempts.length === 0)
      return this.#free(this.#tasks.skip({ taskId, reason, canChange }, "was not started"));
    this.#live.board.take(slot, run);
    this.#free(this.#tasks.giveUp(run, reason));
  }

  #endTask(run: Run, attempt: EndedAttempt, reason: string | null): void {
    this.#free(this.#tasks.end(run, attempt, reason));
  }

  #report(): WaveExecution {
    const { aborted } = this.signal;
    const waiting = aborted ? this.#live.board.slots.flatMap((slot) => slot.waiting) : [];
    const interrupted = waiting.filter(({ attempts }) => attempts.length > 0);
    return this.#tasks.report(interrupted, this.settings.inbox?.takeRest() ?? [], aborted);
  }
}
