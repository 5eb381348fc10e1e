import type { KnapsackItems } from "./items.js";

/**
 * Dynamic program over whole-numbered weights, in a band: of the selections that fill the first k items to weight x only the
 * best is kept, and of the weights only the range whose ends can still come within `slack` of the linear relaxation, by
 * Dantzig's bound on the items after k (Pisinger, Operations Research 45, 1997, prunes states likewise). Every selection
 * within the slack passes through the band, so their profits come out exact; those beyond it need not.
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
   * Fills the band forward.
   * @param slack finite: how far below the linear relaxation a selection may be and still matter
   * @returns the number of cells
   */
  fill(items: KnapsackItems, capacity: number, slack: number): number {
    const { count, profit, weight, weightBefore, profitBefore, ratio } = items;
    this.#reserveRows(count + 1);
    this.#count = count;
    const b = items.breakItem(capacity);
    const rate = b === count ? 0 : ratio[b]!;
    const relaxed = profitBefore[b]! + (capacity - weightBefore[b]!) * rate;
    const [low, high, start] = [this.#low, this.#high, this.#start];
    this.#reserveCells(1);
    [low[0], high[0], start[0]] = [0, 0, 0];
    this.#forward[0] = 0;
    for (let k = 0; k < count; k++) {
      this.#fillRow(k, Math.min(high[k]! + weight[k]!, capacity), profit[k]!, weight[k]!);
      // What the items after k can add at most to weight x: `rest` − x · `rateOfRest`.
      const isBeforeBreak = k + 1 <= b;
      const rateOfRest = isBeforeBreak ? rate : k + 1 < count ? ratio[k + 1]! : 0;
      const rest = isBeforeBreak
        ? profitBefore[b]! - profitBefore[k + 1]! + (capacity - weightBefore[b]! + weightBefore[k + 1]!) * rate
        : capacity * rateOfRest;
      this.#trimRow(k + 1, relaxed - slack - rest, rateOfRest);
    }
    return start[count]! + Math.max(0, high[count]! - low[count]! + 1);
  }

  /** Row k + 1 from row k: item k left out, or taken. */
  #fillRow(k: number, highest: number, gain: number, step: number): void {
    const [low, high, start] = [this.#low, this.#high, this.#start];
    const [fromLow, fromHigh, from] = [low[k]!, high[k]!, start[k]!];
    const to = from + Math.max(0, fromHigh - fromLow + 1);
    [low[k + 1], high[k + 1], start[k + 1]] = [fromLow, highest, to];
    if (fromHigh < fromLow) {
      high[k + 1] = fromLow - 1;
      return;
    }
    this.#reserveCells(to + highest - fromLow + 1);
    const forward = this.#forward;
    const numOld = Math.min(fromHigh, highest) - fromLow + 1;
    for (let x = 0; x < numOld; x++) forward[to + x] = forward[from + x]!;
    for (let x = numOld; x <= highest - fromLow; x++) forward[to + x] = -Infinity;
    const end = Math.min(fromHigh, highest - step) - fromLow;
    for (let x = 0; x <= end; x++) {
      const withItem = forward[from + x]! + gain;
      if (withItem > forward[to + x + step]!) forward[to + x + step] = withItem;
    }
  }

  /** Narrows row k to the weights x whose profit f(x) − rate · x still reaches `least`. */
  #trimRow(k: number, least: number, rate: number): void {
    const [low, high, start, forward] = [this.#low, this.#high, this.#start, this.#forward];
    const margin = least - 1e-9 * Math.max(1, Math.abs(least));
    let [first, last, at] = [low[k]!, high[k]!, start[k]!];
    while (first <= last && !(forward[at]! - rate * first >= margin)) [first, at] = [first + 1, at + 1];
    while (last >= first && !(forward[at + last - first]! - rate * last >= margin)) last -= 1;
    [low[k], high[k], start[k]] = [first, last, at];
  }

  /** Fills the same band backward, for `bestWithout` and `bestWith`. */
  fillBackward(items: KnapsackItems): number {
    const { count, profit, weight } = items;
    const [low, high, start] = [this.#low, this.#high, this.#start];
    if (this.#backward.length < this.#forward.length) this.#backward = new Float64Array(this.#forward.length);
    const backward = this.#backward;
    backward.fill(0, start[count], start[count]! + Math.max(0, high[count]! - low[count]! + 1));
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
    return start[count]! + Math.max(0, high[count]! - low[count]! + 1);
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

  #reserveRows(count: number): void {
    if (this.#low.length >= count) return;
    this.#low = new Int32Array(2 * count);
    this.#high = new Int32Array(2 * count);
    this.#start = new Int32Array(2 * count);
  }

  #reserveCells(count: number): void {
    if (this.#forward.length >= count) return;
    const larger = new Float64Array(2 * count);
    larger.set(this.#forward);
    this.#forward = larger;
  }
}
