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

  /**
   * What is due, in the order of its times, and of two tasks of one time the one that the other waits for first; it is handed out once. A
   * task that waits for one that is still to come is not due before that one.
   */
  take(nowMs: number): Wish[] {
    const due = new Set(this.#open.filter(({ atMs }) => atMs <= nowMs));
    const coming = new Set(
      this.#open.flatMap((wish) => (due.has(wish) || wish.kind !== "add" ? [] : wish.task.taskId)),
    );
    for (let held = coming.size; held > 0;) {
      held = 0;
      for (const wish of due) {
        if (wish.kind !== "add" || !wish.task.dependsOn.some((id) => coming.has(id))) continue;
        due.delete(wish);
        coming.add(wish.task.taskId);
        held++;
      }
    }
    if (due.size > 0) this.#open = this.#open.filter((wish) => !due.has(wish));
    return [...due].sort((a, b) => a.atMs - b.atMs);
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
