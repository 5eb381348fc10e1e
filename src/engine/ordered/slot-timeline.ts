/** What occupies one slot over time: its tasks and the absences of its agent, disjoint and in order of time. */
export class SlotTimeline {
  readonly #from: number[];
  readonly #to: number[];
  readonly #absenceFrom: readonly number[];
  readonly #absenceTo: readonly number[];
  /** Busy time of the tasks, milliseconds. */
  loadMs = 0;

  constructor(absenceFrom: readonly number[], absenceTo: readonly number[]) {
    [this.#absenceFrom, this.#absenceTo] = [absenceFrom, absenceTo];
    [this.#from, this.#to] = [absenceFrom.slice(), absenceTo.slice()];
  }

  /** Takes all tasks off. */
  clear(): void {
    this.#from.length = this.#to.length = 0;
    for (const at of this.#absenceFrom) this.#from.push(at);
    for (const at of this.#absenceTo) this.#to.push(at);
    this.loadMs = 0;
  }

  /** The earliest time ≥ from at which the slot is free for the duration. O(log tasks + gaps that are too short). */
  earliestFit(from: number, duration: number): number {
    let start = from;
    for (let k = this.#firstEndingAfter(from); k < this.#from.length; k++) {
      if (start + duration <= this.#from[k]!) return start;
      start = Math.max(start, this.#to[k]!);
    }
    return start;
  }

  /** Adds a task where `earliestFit` found room. O(tasks behind it). */
  add(startMs: number, busyMs: number): void {
    const k = this.#firstEndingAfter(startMs);
    this.#from.splice(k, 0, startMs);
    this.#to.splice(k, 0, startMs + busyMs);
    this.loadMs += busyMs;
  }

  #firstEndingAfter(time: number): number {
    let [low, high] = [0, this.#to.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#to[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
