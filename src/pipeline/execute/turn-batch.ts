import { setImmediate as nextTurn } from "node:timers/promises";

/** Gathers what is asked for within one turn of the event loop, or a longer time, and does all of it by one call. */
export class TurnBatch<T> {
  #waiting: T[] = [];
  #done: Promise<void> | null = null;
  #latest: Promise<void> = Promise.resolve();

  /**
   * @param act gets what was gathered, in the order in which it was asked for
   * @param gather resolves once the time is over that began with the first of them
   */
  constructor(
    private readonly act: (items: readonly T[]) => Promise<unknown>,
    private readonly gather: () => Promise<unknown> = () => nextTurn(),
  ) {}

  /** Resolves, or rejects, as the call does that the item was part of. */
  add(item: T): Promise<void> {
    this.#waiting.push(item);
    return (this.#done ??= this.#latest = this.#actNextTurn());
  }

  /** Returns once nothing that was asked for is still to be done; whether it failed is for those who asked. */
  async idle(): Promise<void> {
    await this.#latest.catch(() => undefined);
  }

  async #actNextTurn(): Promise<void> {
    await this.gather();
    const items = this.#waiting;
    [this.#waiting, this.#done] = [[], null];
    await this.act(items);
  }
}
