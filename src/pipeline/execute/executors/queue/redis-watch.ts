import type { Redis } from "ioredis";

const ASK_EVERY_MS = 1_000;

/** Asks a Redis every second whether it is there, and tells who waits how long it was not: gone, or standing still. */
export class RedisWatch {
  readonly #waiting = new Set<(ms: number) => void>();
  readonly #timer: NodeJS.Timeout;
  #isAsking = false;

  constructor(private readonly redis: Redis) {
    this.#timer = setInterval(() => this.#ask(), ASK_EVERY_MS);
    this.#timer.unref();
  }

  /** @returns ends it */
  tell(waiting: ((ms: number) => void) | undefined): () => void {
    if (waiting === undefined) return () => undefined;
    const own = (ms: number): void => waiting(ms);
    this.#waiting.add(own);
    return () => void this.#waiting.delete(own);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #ask(): void {
    if (this.#isAsking) {
      for (const tell of this.#waiting) tell(ASK_EVERY_MS);
      return;
    }
    this.#isAsking = true;
    const end = (): void => void (this.#isAsking = false);
    // A connection that is closed for good has nobody left to tell.
    this.redis.ping().then(end, end);
  }
}
