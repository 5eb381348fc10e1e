/**
 * Tells any number of attempts to stop. One is made for each attempt, or listened to by each: on an `AbortSignal`, whose listeners get
 * events, that would cost more than the rest of a short attempt.
 */
export class Interruption {
  readonly #listeners = new Set<(reason: unknown) => void>();
  #raised: { readonly reason: unknown } | null = null;

  /** Comes as soon as a signal is aborted. */
  static by(signal: AbortSignal): Interruption {
    const interruption = new Interruption();
    const raise = (): void => interruption.raise(signal.reason);
    if (signal.aborted) raise();
    else signal.addEventListener("abort", raise, { once: true });
    return interruption;
  }

  get isRaised(): boolean {
    return this.#raised !== null;
  }

  /** Only the first time counts. */
  raise(reason: unknown): void {
    if (this.#raised !== null) return;
    this.#raised = { reason };
    for (const listener of this.#listeners) listener(reason);
    this.#listeners.clear();
  }

  /** @param listener is called once, where it has not come yet */
  listen(listener: (reason: unknown) => void): void {
    if (this.#raised === null) this.#listeners.add(listener);
  }

  unlisten(listener: (reason: unknown) => void): void {
    this.#listeners.delete(listener);
  }
}
