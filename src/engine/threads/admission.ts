import { availableParallelism } from "node:os";

/** What a solve waits for, beside its turn. */
export interface AdmissionWait {
  readonly signal?: AbortSignal | undefined;
  /** After so long its turn is of no use: it goes on without one. */
  readonly timeoutMs: number;
}

/** Longest delay a Node timer can hold; longer ones fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Lets so many in at a time, in the order in which they came. */
export class Admission {
  #numInside = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly most: number) {}

  get numWaiting(): number {
    return this.#waiting.length;
  }

  /**
   * Resolves at once where there is room, else when its turn comes; who is aborted or has waited too long leaves the queue at once and
   * goes on without a turn, to end soon.
   *
   * @returns to be called once, at the end
   */
  async enter({ signal, timeoutMs }: AdmissionWait): Promise<() => void> {
    if (this.#numInside < this.most) return this.#admit();
    if (signal?.aborted || timeoutMs <= 0) return () => undefined;
    return new Promise((resolve) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(takeTurn), 1);
        settle(() => undefined);
      };
      const takeTurn = (): void => settle(this.#admit());
      const timer = setTimeout(leave, Math.min(timeoutMs, MAX_TIMER_MS));
      const settle = (release: () => void): void => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", leave);
        resolve(release);
      };
      signal?.addEventListener("abort", leave, { once: true });
      this.#waiting.push(takeTurn);
    });
  }

  #admit(): () => void {
    this.#numInside += 1;
    return () => {
      this.#numInside -= 1;
      this.#waiting.shift()?.();
    };
  }
}

/** Solves of this process that are under way: as many as there are cores, at least two; more would only share threads and memory. */
export const solvesUnderWay = new Admission(Math.max(2, availableParallelism()));
