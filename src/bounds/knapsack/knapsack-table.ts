import type { KnapsackItems } from "./items.js";

/**
 * Dynamic programs over capacity for whole-numbered weights (Bellman, 1957): `forward[k]` holds the largest profit of the
 * first k items for each room, `backward[k]` of the items from k on. O(items · capacity) time and memory.
 */
export class KnapsackTable {
  #forward = new Float64Array(0);
  #backward = new Float64Array(0);
  #width = 0;
  #count = 0;

  /** Fills the forward table, or both. Returns the cells filled. */
  fill(items: KnapsackItems, capacity: number, both: boolean): number {
    const { count, profit, weight } = items;
    this.#width = capacity + 1;
    this.#count = count;
    const cells = (count + 1) * this.#width;
    if (this.#forward.length < cells) this.#forward = new Float64Array(Math.ceil(cells * 1.5));
    this.#forward.fill(0, 0, this.#width);
    for (let k = 0; k < count; k++) step(this.#forward, k, k + 1, this.#width, profit[k]!, weight[k]!);
    if (!both) return cells;
    if (this.#backward.length < cells) this.#backward = new Float64Array(Math.ceil(cells * 1.5));
    this.#backward.fill(0, count * this.#width, cells);
    for (let k = count - 1; k >= 0; k--) step(this.#backward, k + 1, k, this.#width, profit[k]!, weight[k]!);
    return 2 * cells;
  }

  /** Largest profit of all items in `room`, −Infinity where it is below 0. */
  best(room: number): number {
    return room < 0 ? -Infinity : this.#forward[this.#count * this.#width + room]!;
  }

  /** Largest profit without item k; needs both tables. O(room). */
  bestWithout(k: number, room: number): number {
    if (room < 0) return -Infinity;
    const [before, after] = [k * this.#width, (k + 1) * this.#width];
    const [forward, backward] = [this.#forward, this.#backward];
    let best = 0;
    for (let w = 0; w <= room; w++) {
      const sum = forward[before + w]! + backward[after + room - w]!;
      if (sum > best) best = sum;
    }
    return best;
  }

  /** Marks the items of a best selection in `isChosen`. */
  trace(items: KnapsackItems, capacity: number, isChosen: Uint8Array): void {
    let room = capacity;
    for (let k = items.count - 1; k >= 0; k--) {
      const [from, to] = [k * this.#width, (k + 1) * this.#width];
      const isTaken = this.#forward[to + room]! > this.#forward[from + room]!;
      isChosen[k] = isTaken ? 1 : 0;
      if (isTaken) room -= items.weight[k]!;
    }
  }
}

/** One item: the row `to` from the row `from`. */
function step(table: Float64Array, from: number, to: number, width: number, profit: number, weight: number): void {
  const [read, write] = [from * width, to * width];
  const reach = Math.min(weight, width);
  for (let w = 0; w < reach; w++) table[write + w] = table[read + w]!;
  for (let w = weight; w < width; w++) {
    const without = table[read + w]!;
    const withItem = table[read + w - weight]! + profit;
    table[write + w] = withItem > without ? withItem : without;
  }
}
