/** Binary min-heap of tasks by two keys, the second for ties; preallocated. Push and pop are O(log n). */
export class EarliestHeap {
  readonly #tasks: Int32Array;
  readonly #first: Float64Array;
  readonly #second: Float64Array;
  #size = 0;

  constructor(capacity: number) {
    this.#tasks = new Int32Array(capacity);
    this.#first = new Float64Array(capacity);
    this.#second = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** First key of the task on top; the heap must not be empty. */
  get leastKey(): number {
    return this.#first[0]!;
  }

  push(task: number, first: number, second: number): void {
    let k = this.#size++;
    while (k > 0) {
      const parent = (k - 1) >> 1;
      if (!this.#isLater(parent, first, second)) break;
      this.#copy(parent, k);
      k = parent;
    }
    this.#set(k, task, first, second);
  }

  /** Removes and returns the task with the least keys, −1 when empty. */
  pop(): number {
    if (this.#size === 0) return -1;
    const top = this.#tasks[0]!;
    const last = --this.#size;
    const [task, first, second] = [this.#tasks[last]!, this.#first[last]!, this.#second[last]!];
    let k = 0;
    for (;;) {
      let child = 2 * k + 1;
      if (child >= last) break;
      if (child + 1 < last && this.#isLater(child, this.#first[child + 1]!, this.#second[child + 1]!)) child++;
      if (this.#isLater(child, first, second)) break;
      this.#copy(child, k);
      k = child;
    }
    this.#set(k, task, first, second);
    return top;
  }

  #isLater(k: number, first: number, second: number): boolean {
    return this.#first[k]! > first || (this.#first[k] === first && this.#second[k]! > second);
  }

  #copy(from: number, to: number): void {
    this.#set(to, this.#tasks[from]!, this.#first[from]!, this.#second[from]!);
  }

  #set(k: number, task: number, first: number, second: number): void {
    this.#tasks[k] = task;
    this.#first[k] = first;
    this.#second[k] = second;
  }
}
