/** Share by which sums of amounts may exceed a limit: rounding. */
const TOLERANCE = 1e-9;

/** How much of a resource with a limit is used over time: a step function from time 0 on. */
export class ResourceProfile {
  /** Step k lasts from #at[k] to #at[k + 1], the last one for ever. */
  #at: Float64Array;
  #used: Float64Array;
  #size = 1;

  readonly #limit: number;

  constructor(limit: number, capacity = 16) {
    this.#limit = limit * (1 + TOLERANCE);
    this.#at = new Float64Array(capacity);
    this.#used = new Float64Array(capacity);
  }

  /** Takes over another profile's use. */
  copyFrom(other: ResourceProfile): void {
    if (other.#size > this.#at.length) this.#grow(other.#size);
    this.#at.set(other.#at.subarray(0, other.#size));
    this.#used.set(other.#used.subarray(0, other.#size));
    this.#size = other.#size;
  }

  /** The earliest time ≥ from at which the amount fits for the duration; Infinity where it never does. O(steps). */
  earliestFit(from: number, duration: number, amount: number): number {
    let start = from;
    for (let k = this.#stepAt(from); k < this.#size; k++) {
      if (this.#at[k]! >= start + duration && this.#at[k]! > start) return start;
      if (this.#used[k]! + amount > this.#limit) start = k + 1 < this.#size ? this.#at[k + 1]! : Infinity;
    }
    return start;
  }

  /** Adds a use over [from, to). Steps that came to be equal are one, so that a slot filled without gaps has few. */
  add(from: number, to: number, amount: number): void {
    if (!(to > from)) return;
    const first = this.#split(from);
    const end = this.#split(to);
    for (let k = first; k < end; k++) this.#used[k]! += amount;
    this.#merge(end);
    this.#merge(first);
  }

  /** Takes away the begin of a step that uses as much as the one before it. */
  #merge(k: number): void {
    if (k === 0 || this.#used[k] !== this.#used[k - 1]) return;
    this.#at.copyWithin(k, k + 1, this.#size);
    this.#used.copyWithin(k, k + 1, this.#size);
    this.#size--;
  }

  /** The last step that begins at or before the time. */
  #stepAt(time: number): number {
    let [low, high] = [0, this.#size - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#at[middle]! <= time) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Begins a step at the time and returns its place. */
  #split(time: number): number {
    const k = this.#stepAt(time);
    if (this.#at[k] === time) return k;
    if (this.#size === this.#at.length) this.#grow(2 * this.#size);
    this.#at.copyWithin(k + 2, k + 1, this.#size);
    this.#used.copyWithin(k + 2, k + 1, this.#size);
    this.#at[k + 1] = time;
    this.#used[k + 1] = this.#used[k]!;
    this.#size++;
    return k + 1;
  }

  #grow(capacity: number): void {
    const [at, used] = [new Float64Array(capacity), new Float64Array(capacity)];
    at.set(this.#at);
    used.set(this.#used);
    [this.#at, this.#used] = [at, used];
  }
}
