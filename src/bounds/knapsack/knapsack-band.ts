import type { KnapsackItems } from "./items.js";

/**
 * Dynamic program over whole-numbered weights in a narrow band around the break solution. With r_b the ratio of the break item,
 * a selection that fills the first k items to weight x is, against the linear relaxation, at least
 *
 *   (prefixWeight[k] − x) · (r[k−1] − r_b)  for k ≤ b,     (capacity − x) · (r_b − r[k])  for k > b
 *
 * short of profit; only the x are kept for which that is within `slack` (the core idea of Pisinger, Operations Research 45,
 * 1997). Every selection within the slack passes through the band, so their profits come out exact; those beyond it need not.
 * `forward[k](x)` is the best profit of the first k items at weight x, `backward[k](x)` of the items from k on, in
 * capacity − x. O(cells of the band).
 */
export class KnapsackBand {
  #low = new Int32Array(0);
  #high = new Int32Array(0);
  /** Place of weight `low[k]` of row k. */
  #start = new Int32Array(0);
  #forward = new Float64Array(0);
  #backward = new Float64Array(0);
  #count = 0;

  /**
   * Lays out the band and fills it forward.
   * @param slack finite: how far below the linear relaxation a selection may be and still matter
   * @returns the number of cells
   */
  fill(items: KnapsackItems, capacity: number, slack: number): number {
    const { count, profit, weight } = items;
    const cells = this.#layOut(items, capacity, slack);
    const [low, high, start, forward] = [this.#low, this.#high, this.#start, this.#forward];
    forward[0] = 0;
    for (let k = 0; k < count; k++) {
      const [gain, step] = [profit[k]!, weight[k]!];
      const [fromLow, fromHigh, fromAt] = [low[k]!, high[k]!, start[k]! - low[k]!];
      const [end, at] = [high[k + 1]!, start[k + 1]! - low[k + 1]!];
      for (let x = low[k + 1]!; x <= end; x++) {
        const without = x >= fromLow && x <= fromHigh ? forward[fromAt + x]! : -Infinity;
        const y = x - step;
        const withItem = y >= fromLow && y <= fromHigh ? forward[fromAt + y]! + gain : -Infinity;
        forward[at + x] = withItem > without ? withItem : without;
      }
    }
    return cells;
  }

  /** Fills the same band backward, for `bestWithout` and `bestWith`. */
  fillBackward(items: KnapsackItems): number {
    const { count, profit, weight } = items;
    const [low, high, start] = [this.#low, this.#high, this.#start];
    if (this.#backward.length < this.#forward.length) this.#backward = new Float64Array(this.#forward.length);
    const backward = this.#backward;
    backward.fill(0, start[count], start[count]! + high[count]! - low[count]! + 1);
    for (let k = count - 1; k >= 0; k--) {
      const [gain, step] = [profit[k]!, weight[k]!];
      const [nextLow, nextHigh, nextAt] = [low[k + 1]!, high[k + 1]!, start[k + 1]! - low[k + 1]!];
      const [end, at] = [high[k]!, start[k]! - low[k]!];
      for (let x = low[k]!; x <= end; x++) {
        const without = x >= nextLow && x <= nextHigh ? backward[nextAt + x]! : -Infinity;
        const y = x + step;
        const withItem = y >= nextLow && y <= nextHigh ? backward[nextAt + y]! + gain : -Infinity;
        backward[at + x] = withItem > without ? withItem : without;
      }
    }
    return start[count]! + high[count]! - low[count]! + 1;
  }

  /** Largest profit in the band of selections of weight `room` at most; −Infinity where there is none. */
  best(room: number): number {
    const n = this.#count;
    const end = Math.min(room, this.#high[n]!);
    const at = this.#start[n]! - this.#low[n]!;
    let best = -Infinity;
    for (let x = this.#low[n]!; x <= end; x++) if (this.#forward[at + x]! > best) best = this.#forward[at + x]!;
    return best;
  }

  /** Largest profit in the band with item k left out. */
  bestWithout(k: number): number {
    return this.#bestAcross(k, 0);
  }

  /** Largest profit in the band with item k taken. */
  bestWith(items: KnapsackItems, k: number): number {
    return items.profit[k]! + this.#bestAcross(k, items.weight[k]!);
  }

  /** Marks the items of a best selection in `isChosen`. */
  trace(items: KnapsackItems, isChosen: Uint8Array): void {
    const n = this.#count;
    let at = this.#low[n]!;
    for (let x = this.#low[n]!; x <= this.#high[n]!; x++) {
      if (this.#cell(n, x) > this.#cell(n, at)) at = x;
    }
    for (let k = n - 1; k >= 0; k--) {
      const isTaken = this.#cell(k + 1, at) > this.#cell(k, at);
      isChosen[k] = isTaken ? 1 : 0;
      if (isTaken) at -= items.weight[k]!;
    }
  }

  #cell(k: number, x: number): number {
    return x < this.#low[k]! || x > this.#high[k]! ? -Infinity : this.#forward[this.#start[k]! + x - this.#low[k]!]!;
  }

  #bestAcross(k: number, weight: number): number {
    const [fromAt, toAt] = [this.#start[k]! - this.#low[k]!, this.#start[k + 1]! - this.#low[k + 1]! + weight];
    const first = Math.max(this.#low[k]!, this.#low[k + 1]! - weight);
    const last = Math.min(this.#high[k]!, this.#high[k + 1]! - weight);
    let best = -Infinity;
    for (let x = first; x <= last; x++) {
      const sum = this.#forward[fromAt + x]! + this.#backward[toAt + x]!;
      if (sum > best) best = sum;
    }
    return best;
  }

  /** The range of weights kept for each prefix of the items. */
  #layOut(items: KnapsackItems, capacity: number, slack: number): number {
    const { count, ratio, weightBefore } = items;
    this.#reserveRows(count + 1);
    this.#count = count;
    const b = items.breakItem(capacity);
    const breakRatio = b === count ? 0 : ratio[b]!;
    let cells = 0;
    for (let k = 0; k <= count; k++) {
      const [center, rate] =
        k <= b
          ? [weightBefore[k]!, k === 0 ? Infinity : ratio[k - 1]! - breakRatio]
          : [capacity, breakRatio - (k < count ? ratio[k]! : 0)];
      const width = rate > 0 ? slack / rate : Infinity;
      this.#high[k] = Math.min(weightBefore[k]!, capacity);
      this.#low[k] = Math.min(this.#high[k]!, Math.max(0, Math.ceil(center - width - 1e-9)));
      this.#start[k] = cells;
      cells += this.#high[k]! - this.#low[k]! + 1;
    }
    if (this.#forward.length < cells) this.#forward = new Float64Array(2 * cells);
    return cells;
  }

  #reserveRows(count: number): void {
    if (this.#low.length >= count) return;
    this.#low = new Int32Array(2 * count);
    this.#high = new Int32Array(2 * count);
    this.#start = new Int32Array(2 * count);
  }
}
