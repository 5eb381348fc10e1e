import { breathe } from "../../engine/index.js";
import type { EndedAttempt } from "./journal/attempt-journal.js";
import { MAX_TIMER_MS } from "./make-attempt.js";

/** Something that happens: the attempt of a slot ended, or (`ended` null) a time came that somebody waited for. */
export interface SlotEvent {
  readonly atMs: number;
  /** Place of the slot among all slots: breaks ties. Alarms come after the ends of attempts. */
  readonly order: number;
  readonly ended: EndedAttempt | null;
}

/** Who says what time it is and what happens next. */
export interface Timekeeper {
  /** Milliseconds from the start of the wave; never runs backward. */
  nowMs(): number;
  /** When an attempt has ended that began at `startMs`, asked as soon as it has; `durationMs` is what it took by its answer. */
  endOf(startMs: number, durationMs: number): number;
  /** Starts an attempt now. Resolves once others may start. */
  launch(order: number, attempt: () => Promise<EndedAttempt>): Promise<void>;
  /** Reports that this time has come. */
  wake(atMs: number): void;
  /** The next event, null where nothing is under way. */
  next(): Promise<SlotEvent | null>;
  /** An event that has come besides; null where none has. In virtual time each comes at a time of its own. */
  takeArrived(): SlotEvent | null;
}

/** Attempts between two turns of the event loop, so that an interruption is heard. */
const ATTEMPTS_A_TURN = 64;

/** Attempts say how long they took and nobody waits: a queue of events ordered by time, then by slot. */
export class VirtualTime implements Timekeeper {
  #nowMs: number;
  #numLaunched = 0;
  readonly #queue: SlotEvent[] = [];

  /** @param beginsAtMs of a wave that goes on: how far it had come */
  constructor(beginsAtMs = 0) {
    this.#nowMs = beginsAtMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  endOf(startMs: number, durationMs: number): number {
    return startMs + durationMs;
  }

  async launch(order: number, attempt: () => Promise<EndedAttempt>): Promise<void> {
    const ended = await attempt();
    this.#insert({ atMs: ended.record.endMs, order, ended });
    if (++this.#numLaunched % ATTEMPTS_A_TURN === 0) await breathe();
  }

  wake(atMs: number): void {
    this.#insert({ atMs: Math.max(atMs, this.#nowMs), order: Infinity, ended: null });
  }

  async next(): Promise<SlotEvent | null> {
    const event = this.#queue.shift();
    if (event === undefined) return null;
    this.#nowMs = event.atMs;
    return event;
  }

  takeArrived(): null {
    return null;
  }

  #insert(event: SlotEvent): void {
    const isLater = (other: SlotEvent): boolean =>
      other.atMs > event.atMs || (other.atMs === event.atMs && other.order > event.order);
    let [low, high] = [0, this.#queue.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isLater(this.#queue[middle]!)) high = middle;
      else low = middle + 1;
    }
    this.#queue.splice(low, 0, event);
  }
}

/** Attempts run side by side and end when their promise does; times are the clock's, from the start of the wave. */
export class WallTime implements Timekeeper {
  readonly #startMs: number;
  #latestMs = 0;
  #numPending = 0;
  readonly #arrived: SlotEvent[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  #failure: { readonly error: unknown } | null = null;
  #notify = (): void => {};

  /**
   * @param signal once aborted, nobody waits any longer for a time to come
   * @param beginsAtMs of a wave that goes on: how far it had come
   */
  constructor(
    private readonly clock: () => number,
    signal: AbortSignal,
    beginsAtMs = 0,
  ) {
    this.#startMs = clock() - beginsAtMs;
    signal.addEventListener("abort", () => this.#stopWaiting(), { once: true });
  }

  nowMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.clock() - this.#startMs);
    return this.#latestMs;
  }

  endOf(): number {
    return this.nowMs();
  }

  async launch(order: number, attempt: () => Promise<EndedAttempt>): Promise<void> {
    this.#numPending++;
    attempt().then(
      (ended) => this.#arrive({ atMs: this.nowMs(), order, ended }),
      (error: unknown) => {
        this.#failure = { error };
        this.#notify();
      },
    );
  }

  wake(atMs: number): void {
    this.#numPending++;
    const arm = (delayMs: number): void => {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          if (delayMs > MAX_TIMER_MS) arm(delayMs - MAX_TIMER_MS);
          else {
            // A timer may fire a little early by the clock; the time has come all the same.
            this.#latestMs = Math.max(this.nowMs(), atMs);
            this.#arrive({ atMs: this.#latestMs, order: Infinity, ended: null });
          }
        },
        Math.min(delayMs, MAX_TIMER_MS),
      );
      this.#timers.add(timer);
    };
    arm(Math.max(0, atMs - this.nowMs()));
  }

  async next(): Promise<SlotEvent | null> {
    for (;;) {
      if (this.#failure !== null) throw this.#failure.error;
      const event = this.#arrived.shift();
      if (event !== undefined) return event;
      if (this.#numPending === 0) return null;
      await new Promise<void>((resolve) => (this.#notify = resolve));
    }
  }

  takeArrived(): SlotEvent | null {
    return this.#arrived.shift() ?? null;
  }

  #arrive(event: SlotEvent): void {
    this.#numPending--;
    this.#arrived.push(event);
    this.#notify();
  }

  #stopWaiting(): void {
    this.#numPending -= this.#timers.size;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#notify();
  }
}
