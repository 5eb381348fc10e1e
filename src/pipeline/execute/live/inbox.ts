import type { Estimate, Task } from "../../../domain/index.js";

/** A change of what a wave has to do. */
export type Wish =
  | { readonly kind: "add"; readonly task: Task<Estimate>; readonly atMs: number }
  | { readonly kind: "withdraw"; readonly taskId: string; readonly atMs: number };

/**
 * Tasks that come, and tasks that are not wanted any more, while a wave runs. What comes is planned with the rest. What has
 * started is not withdrawn; what is withdrawn before it comes does not come; an id that the wave does not have means nothing.
 */
export class WaveInbox {
  #open: Wish[] = [];
  #wake: (atMs: number) => void = () => undefined;

  /** @param atMs milliseconds from the start of the wave; default as soon as the wave hears of it */
  add(task: Task<Estimate>, atMs = 0): void {
    this.#put({ kind: "add", task, atMs });
  }

  /** @param atMs milliseconds from the start of the wave; default as soon as the wave hears of it */
  withdraw(taskId: string, atMs = 0): void {
    this.#put({ kind: "withdraw", taskId, atMs });
  }

  /** The wave listens from now on. */
  open(wake: (atMs: number) => void): void {
    this.#wake = wake;
    for (const { atMs } of this.#open) wake(atMs);
  }

  /** What is due, in the order of its times; it is handed out once. */
  take(nowMs: number): Wish[] {
    const due = this.#open.filter(({ atMs }) => atMs <= nowMs);
    if (due.length > 0) this.#open = this.#open.filter(({ atMs }) => atMs > nowMs);
    return due.sort((a, b) => a.atMs - b.atMs);
  }

  /** What the wave did not hear of, for it is over. */
  takeRest(): Wish[] {
    return this.take(Infinity);
  }

  #put(wish: Wish): void {
    this.#open.push(wish);
    this.#wake(wish.atMs);
  }
}
