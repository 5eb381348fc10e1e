/** Binary min-heap of integers, preallocated. Push and pop are O(log n). */
export class IntHeap {
  readonly #values: Int32Array;
  #size = 0;

  constructor(capacity: number) {
    this.#values = new Int32Array(capacity);
  }

  /** Number of values in the heap. */
  get size(): number {
    return this.#size;
  }

  /** Adds a value; there must be room for it. */
  push(value: number): void {
    const values = this.#values;
    let k = this.#size++;
    while (k > 0) {
      const parent = (k - 1) >> 1;
      if (values[parent]! <= value) break;
      values[k] = values[parent]!;
      k = parent;
    }
    values[k] = value;
  }

  /** Removes and returns the smallest value, undefined when empty. */
  pop(): number | undefined {
    if (this.#size === 0) return undefined;
    const values = this.#values;
    const top = values[0]!;
    const last = values[--this.#size]!;
    let k = 0;
    for (;;) {
      let child = 2 * k + 1;
      if (child >= this.#size) break;
      if (child + 1 < this.#size && values[child + 1]! < values[child]!) child++;
      if (values[child]! >= last) break;
      values[k] = values[child]!;
      k = child;
    }
    values[k] = last;
    return top;
  }
}
