import type { AttemptRecord, PlannedTaskRecord, WaveAgent } from "../../../domain/index.js";
import type { AttemptStart } from "../attempt-confidence.js";
import type { PredictAttempt, PricedPrediction } from "../attempt-prediction.js";
import type { SlotPlace } from "../failure-decision.js";
import type { SlotPlan } from "../wave-plan.js";
import type { WaveCalendar } from "./wave-calendar.js";

/** A task that has not ended. */
export interface Run {
  readonly task: PlannedTaskRecord;
  readonly attempts: AttemptRecord[];
  /** No attempt starts earlier. */
  notBeforeMs: number;
  /** Its place in the order of starts, by the latest plan. */
  orderMs: number;
  /** How often it was given to another agent before an attempt of it started. */
  numMoves: number;
}

/** An attempt under way. */
export interface Running {
  readonly run: Run;
  readonly startMs: number;
  readonly start: AttemptStart;
  readonly predicted: PricedPrediction;
  /** When it is looked at next, as long as it goes on. */
  alarmMs: number;
}

export interface Slot extends SlotPlace {
  /** Place among all slots. */
  readonly order: number;
  readonly availableFromMs: number;
  /** In the order in which they start. */
  readonly waiting: readonly Run[];
  running: Running | null;
}

interface OwnSlot extends Slot {
  readonly waiting: Run[];
  /** Expected time of all that waits. */
  waitingMs: number;
}

/** What is expected of a run that waits. */
export interface ExpectedEnd {
  readonly endMs: number;
  /** Before its deadline, and before its agent leaves. */
  readonly isInTime: boolean;
}

/** An attempt that takes longer than so many 95th percentiles shows that its agent is slow; by luck alone hardly one does. */
const SLOW_FACTOR = 2;

/** Which slot runs what, and what waits for it. */
export class SlotBoard {
  readonly slots: readonly Slot[];
  readonly #slots: OwnSlot[] = [];
  /** Where each task waits. */
  readonly #waitsOn = new Map<string, OwnSlot>();
  /** Until when an agent counts as late though its late attempt has ended. */
  readonly #lateUntilMs = new Map<string, number>();

  constructor(
    slots: readonly SlotPlan[],
    private readonly predict: PredictAttempt,
    /** When agents and tasks may start; null: whenever a slot is free. */
    private readonly calendar: WaveCalendar | null,
    /** How many times as long as predicted an agent takes, by attempts that ended. */
    private readonly paceOf: (agentId: string) => number = () => 1,
  ) {
    this.slots = this.#slots;
    for (const plan of slots) {
      const slot = this.#add(plan);
      for (const task of plan.tasks) this.put(slot, newRun(task));
    }
  }

  /** One slot more of each agent that has more, for a task that came may need it. Returns the new ones. O(agents + slots). */
  grow(agents: readonly WaveAgent[]): Slot[] {
    const counts = new Map<string, number>();
    for (const { agentId } of this.#slots) counts.set(agentId, (counts.get(agentId) ?? 0) + 1);
    return agents
      .filter(({ agentId, slots }) => (counts.get(agentId) ?? 0) < slots)
      .map(({ agentId, availableFromMs }) => this.#add({ agentId, slot: counts.get(agentId) ?? 0, availableFromMs }));
  }

  #add({ agentId, slot, availableFromMs }: Omit<SlotPlan, "tasks">): Slot {
    const order = this.#slots.length;
    const added: OwnSlot = { agentId, slot, availableFromMs, order, running: null, waitingMs: 0, waiting: [] };
    this.#slots.push(added);
    return added;
  }

  /** Whether the task waits or runs. */
  holds(taskId: string): boolean {
    return this.#waitsOn.has(taskId) || this.#slots.some(({ running }) => running?.run.task.taskId === taskId);
  }

  /** A task that waits, and where; null where it does not. */
  waitingRun(taskId: string): readonly [run: Run, slot: Slot] | null {
    const slot = this.#waitsOn.get(taskId);
    const run = slot?.waiting.find(({ task }) => task.taskId === taskId);
    return slot === undefined || run === undefined ? null : [run, slot];
  }

  at({ agentId, slot }: SlotPlace): Slot | undefined {
    return this.#slots.find((one) => one.agentId === agentId && one.slot === slot);
  }

  /** What starts next on the slot, when nothing keeps it; null where all that waits may only start later. */
  next({ waiting }: Slot, nowMs: number): Run | null {
    return waiting.find(({ notBeforeMs }) => notBeforeMs <= nowMs) ?? null;
  }

  ofAgent(agentId: string): readonly Slot[] {
    return this.#slots.filter((slot) => slot.agentId === agentId);
  }

  /** Puts a run among what waits for a slot: a retry first, the others in the order of the latest plan, which keeps dependencies. */
  put({ order }: Slot, run: Run): void {
    const slot = this.#slots[order]!;
    const isRetry = run.attempts.length > 0;
    const next = slot.waiting.findIndex(
      (other) => other.attempts.length === 0 && (isRetry || other.orderMs > run.orderMs),
    );
    slot.waiting.splice(next === -1 ? slot.waiting.length : next, 0, run);
    slot.waitingMs += this.expectedMs(slot, run);
    this.#waitsOn.set(run.task.taskId, slot);
  }

  take({ order }: Slot, run: Run): void {
    const slot = this.#slots[order]!;
    const place = slot.waiting.indexOf(run);
    if (place === -1) return;
    slot.waiting.splice(place, 1);
    slot.waitingMs -= this.expectedMs(slot, run);
    this.#waitsOn.delete(run.task.taskId);
  }

  /** How much slower than predicted the agent is seen to be at the moment, at least 1. */
  slowness(agentId: string, nowMs: number): number {
    let factor = this.paceOf(agentId);
    for (const slot of this.ofAgent(agentId)) {
      if (slot.running === null || !isOverdue(slot.running, nowMs)) continue;
      factor = Math.max(factor, (nowMs - slot.running.startMs) / slot.running.predicted.durationMs);
    }
    return factor;
  }

  /** When what runs and waits on the slot is expected to have ended; for `before`, what waits ahead of it. */
  freeAtMs(slot: Slot, nowMs: number, before: Run | null = null): number {
    const { order, agentId } = slot;
    const own = this.#slots[order]!;
    const aheadMs =
      before === null ? own.waitingMs : own.waiting.slice(0, own.waiting.indexOf(before)).reduce(this.#sum(own), 0);
    return this.#fromMs(slot, nowMs) + aheadMs * this.slowness(agentId, nowMs);
  }

  /** What is expected of each run that waits on the slot, one after the other, by the calendar. */
  expectedEnds(slot: Slot, nowMs: number): Map<Run, ExpectedEnd> {
    const { calendar } = this;
    const { agentId } = slot;
    if (slot.waiting.length === 0) return new Map();
    const slowness = this.slowness(agentId, nowMs);
    let freeMs = this.#fromMs(slot, nowMs);
    const ends = new Map<Run, ExpectedEnd>();
    for (const run of slot.waiting) {
      const { taskId } = run.task;
      const mayMs = Math.max(freeMs, run.notBeforeMs);
      const startMs = calendar?.startMs(taskId, agentId, mayMs, run.attempts.length > 0) ?? mayMs;
      const endMs = startMs + this.expectedMs(slot, run) * slowness;
      const isInTime =
        calendar === null || (endMs <= calendar.deadlineMs(taskId) && calendar.endsInTime(taskId, agentId, startMs));
      ends.set(run, { endMs, isInTime });
      freeMs = endMs;
    }
    return ends;
  }

  /** When the slot is free for what waits. */
  #fromMs({ agentId, running, availableFromMs }: Slot, nowMs: number): number {
    return Math.max(nowMs, availableFromMs, this.#lateUntilMs.get(agentId) ?? 0) + restMs(running, nowMs);
  }

  expectedMs({ agentId }: Slot, { task }: Run): number {
    return this.predict(task.taskId, agentId).durationMs;
  }

  /** Expected cost of one attempt at everything that waits. */
  waitingCost(): number {
    return this.#slots.reduce(
      (sum, { agentId, waiting }) =>
        sum + waiting.reduce((own, { task }) => own + this.predict(task.taskId, agentId).cost, 0),
      0,
    );
  }

  /** When an attempt on the slot would show that its agent is slow. */
  overdueAtMs({ startMs, predicted }: Pick<Running, "startMs" | "predicted">): number {
    return startMs + this.lateAfterMs(predicted);
  }

  /** How long an attempt takes that is no luck. */
  lateAfterMs({ p95Ms }: Running["predicted"]): number {
    return SLOW_FACTOR * p95Ms;
  }

  /**
   * Books how long an attempt took that has ended. What a late one took says little of how slow its agent is, for the agent may have
   * become slow meanwhile: it counts as late for as long again.
   */
  bookEnd(agentId: string, durationMs: number, predicted: Running["predicted"], nowMs: number): void {
    if (durationMs >= this.lateAfterMs(predicted)) this.#lateUntilMs.set(agentId, nowMs + durationMs);
  }

  /** Whether the agent is, or was just now, so late with an attempt that nothing else should wait for it. */
  isLate(agentId: string, nowMs: number): boolean {
    if (nowMs < (this.#lateUntilMs.get(agentId) ?? 0)) return true;
    return this.ofAgent(agentId).some(({ running }) => running !== null && isOverdue(running, nowMs));
  }

  /** Attempts that are late and are to be looked at; one that goes on is looked at again when it has taken twice as long. */
  takeLate(nowMs: number): readonly Slot[] {
    const late = this.#slots.filter(({ running }) => running !== null && nowMs >= running.alarmMs);
    for (const { running } of late) running!.alarmMs = nowMs + (nowMs - running!.startMs);
    return late;
  }

  #sum(slot: Slot): (sumMs: number, run: Run) => number {
    return (sumMs, run) => sumMs + this.expectedMs(slot, run);
  }
}

export function newRun(task: PlannedTaskRecord): Run {
  return { task, attempts: [], notBeforeMs: 0, orderMs: task.startMs, numMoves: 0 };
}

function isOverdue({ startMs, predicted }: Running, nowMs: number): boolean {
  return nowMs - startMs >= SLOW_FACTOR * predicted.p95Ms;
}

/** What an attempt is expected to take from now on; one that is late, as long again as it has taken. */
function restMs(running: Running | null, nowMs: number): number {
  if (running === null) return 0;
  if (isOverdue(running, nowMs)) return nowMs - running.startMs;
  return Math.max(0, running.startMs + running.predicted.durationMs - nowMs);
}
