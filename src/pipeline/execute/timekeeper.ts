import { breathe } from "../../engine/index.js";
import type { AttemptOutcome } from "./attempt-outcome.js";
import { MAX_TIMER_MS } from "./make-attempt.js";

/** Something that happens to a slot: its attempt ended, or (`outcome` null) its agent became available. */
export interface SlotEvent {
  readonly atMs: number;
  /** Place of the slot among all slots: breaks ties. */
  readonly order: number;
  readonly outcome: AttemptOutcome | null;
}

/** Who says what time it is and what happens next. */
export interface Timekeeper {
  /** Milliseconds from the start of the wave; never runs backward. */
  nowMs(): number;
  /** Starts an attempt now; `expectedMs` is what it takes where its outcome does not say. Resolves once others may start. */
  launch(order: number, expectedMs: number, attempt: () => Promise<AttemptOutcome>): Promise<void>;
  /** Reports the slot as available at that time. */
  wake(order: number, atMs: number): void;
  /** The next event, null where nothing is under way. */
  next(): Promise<SlotEvent | null>;
}

/** Attempts between two turns of the event loop, so that an interruption is heard. */
const ATTEMPTS_A_TURN = 64;

/** Attempts say how long they took and nobody waits: a queue of events ordered by time, then by slot. */
export class VirtualTime implements Timekeeper {
  #nowMs = 0;
  #numLaunched = 0;
  readonly #queue: SlotEvent[] = [];

  nowMs(): number {
    return this.#nowMs;
  }

  async launch(order: number, expectedMs: number, attempt: () => Promise<AttemptOutcome>): Promise<void> {
    const startMs = this.#nowMs;
    const outcome = await attempt();
    this.#insert({ atMs: startMs + (outcome.durationMs ?? expectedMs), order, outcome });
    if (++this.#numLaunched % ATTEMPTS_A_TURN === 0) await breathe();
  }

  wake(order: number, atMs: number): void {
    this.#insert({ atMs, order, outcome: null });
  }

  async next(): Promise<SlotEvent | null> {
    const event = this.#queue.shift();
    if (event === undefined) return null;
    this.#nowMs = event.atMs;
    return event;
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

  /** @param signal once aborted, nobody waits any longer for an agent to become available */
  constructor(
    private readonly clock: () => number,
    signal: AbortSignal,
  ) {
    this.#startMs = clock();
    signal.addEventListener("abort", () => this.#stopWaiting(), { once: true });
  }

  nowMs(): number {
    this.#latestMs = Math.max(this.#latestMs, this.clock() - this.#startMs);
    return this.#latestMs;
  }

  async launch(order: number, _expectedMs: number, attempt: () => Promise<AttemptOutcome>): Promise<void> {
    this.#numPending++;
    attempt().then(
      (outcome) => this.#arrive({ atMs: this.nowMs(), order, outcome }),
      (error: unknown) => {
        this.#failure = { error };
        this.#notify();
      },
    );
  }

  wake(order: number, atMs: number): void {
    this.#numPending++;
    const arm = (delayMs: number): void => {
      const timer = setTimeout(
        () => {
          this.#timers.delete(timer);
          if (delayMs > MAX_TIMER_MS) arm(delayMs - MAX_TIMER_MS);
          else {
            // A timer may fire a little early by the clock; the agent is available all the same.
            this.#latestMs = Math.max(this.nowMs(), atMs);
            this.#arrive({ atMs: this.#latestMs, order, outcome: null });
          }
        },
        Math.min(delayMs, MAX_TIMER_MS),
      );
      this.#timers.add(timer);
    };
    arm(atMs - this.nowMs());
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
