import type { KnapsackItems } from "./items.js";

const NONE = -1;
/** Items of a core up to which it pays. Measured. */
const MAX_CORE = 80;
/** Work of an item split, priced and looked at for a first selection, in cells. */
const LOOKS_PER_ITEM = 6;
/** The same of an item put in the order of the core. */
const LOOKS_PER_CORE_ITEM = 12;

/**
 * Dynamic program over a core that grows (Pisinger, Operations Research 45, 1997): it starts from the break solution, all items
 * before the break item, and changes its mind on items in the order of what that loses, |profit − rate · weight|, rate the
 * break item's profit per weight. Of the changes that move the weight by δ only the one that loses least is kept:
 *
 *   profit = relaxation − loss − rate · (slack − δ),   slack = capacity − weight of the break solution, δ ≤ slack.
 *
 * It ends with the first item that loses alone what the best selection known does: few items, where many lose next to nothing.
 * O(items that matter · weights in reach).
 */
export class KnapsackCore {
  /** Looks of the last call. */
  work = 0;
  /** Profit per weight of the break item of the last call. */
  rate = 0;
  /** Items by rising loss, of those that matter. */
  #order = new Int32Array(0);
  #loss = new Float64Array(0);
  /** Row k, after the first k items of the order: least loss of weight change low[k] + x at start[k] + x. */
  #rows = new Float64Array(0);
  #low = new Int32Array(0);
  #high = new Int32Array(0);
  #start = new Int32Array(0);
  #count = 0;
  #break = 0;
  #bestRow = 0;
  #bestChange = 0;
  /** The item that the best selection turns over, the break item besides where that one is before it; NONE: see the rows. */
  #single = NONE;

  /**
   * Finds the best selection; false where too many items matter.
   * @param items they do not all fit; split in place
   */
  solve(items: KnapsackItems, capacity: number): boolean {
    const b = (this.#break = items.split(capacity));
    const rate = (this.rate = items.ratio[b]!);
    let slack = capacity;
    for (let item = 0; item < b; item++) slack -= items.weight[item]!;
    let gap = this.#firstGap(items, slack);
    this.work = LOOKS_PER_ITEM * items.count;
    if (!this.#collect(items, rate, gap)) return false;
    const [low, high, start, order, loss] = [this.#low, this.#high, this.#start, this.#order, this.#loss];
    let largest = 0;
    for (let k = 0; k < this.#count; k++) largest = Math.max(largest, items.weight[order[k]!]!);
    this.#reserveCells(1);
    this.#rows[0] = 0;
    [low[0], high[0], start[0]] = [0, 0, 0];
    for (let k = 0; k < this.#count && loss[k]! < gap; k++) {
      const item = order[k]!;
      const change = item < b ? -items.weight[item]! : items.weight[item]!;
      const [first, last, from] = [low[k]!, high[k]!, start[k]!];
      const to = from + last - first + 1;
      const [nextFirst, nextLast] = [Math.min(first, first + change), Math.max(last, last + change)];
      const shift = change - nextFirst;
      this.#reserveCells(to + nextLast - nextFirst + 1);
      const rows = this.#rows;
      rows.fill(Infinity, to, to + nextLast - nextFirst + 1);
      for (let x = first; x <= last; x++) rows[to + x - nextFirst] = rows[from + x - first]!;
      for (let x = first; x <= last; x++) {
        const lost = rows[from + x - first]! + loss[k]!;
        if (lost >= gap) continue;
        const at = to + x + shift;
        if (lost < rows[at]!) {
          rows[at] = lost;
          const whole = lost + rate * (slack - x - change);
          if (x + change <= slack && whole < gap) gap = this.#note(k + 1, x + change, whole);
        }
      }
      this.work += 2 * (nextLast - nextFirst + 1);
      // A state that is to change once more loses at least what the next item does.
      const most = k + 1 < this.#count ? gap - loss[k + 1]! : -Infinity;
      const reach = most > 0 ? largest * Math.floor(gap / loss[k + 1]!) : 0;
      let [left, right] = [Math.max(nextFirst, slack - reach - gap / rate), Math.min(nextLast, slack + reach)];
      [left, right] = [Math.ceil(left), Math.floor(right)];
      while (left <= right && !(rows[to + left - nextFirst]! < most)) left += 1;
      while (right >= left && !(rows[to + right - nextFirst]! < most)) right -= 1;
      low[k + 1] = left;
      high[k + 1] = right;
      start[k + 1] = to + left - nextFirst;
      if (left > right) break;
    }
    return true;
  }

  /** Marks the best selection of the last call; returns its profit, summed in the order of items. */
  trace(items: KnapsackItems, isChosen: Uint8Array): number {
    const b = this.#break;
    isChosen.fill(1, 0, b);
    isChosen.fill(0, b, items.count);
    if (this.#single !== NONE) {
      isChosen[this.#single] = this.#single < b ? 0 : 1;
      if (this.#single < b) isChosen[b] = 1;
    }
    let [k, x] = [this.#bestRow, this.#bestChange];
    for (let isLast = true; k > 0; k--, isLast = false) {
      const item = this.#order[k - 1]!;
      const isToggled = isLast || this.#cell(k, x) < this.#cell(k - 1, x);
      if (!isToggled) continue;
      isChosen[item] = item < b ? 0 : 1;
      x -= item < b ? -items.weight[item]! : items.weight[item]!;
    }
    let profit = 0;
    for (let item = 0; item < items.count; item++) if (isChosen[item] === 1) profit += items.profit[item]!;
    return profit;
  }

  /** What the break solution, or the best that differs from it by one item, loses to the relaxation; that one is noted. */
  #firstGap(items: KnapsackItems, slack: number): number {
    const { rate } = this;
    const b = this.#break;
    [this.#bestRow, this.#bestChange, this.#single] = [0, 0, NONE];
    let gap = rate * slack;
    for (let item = b; item < items.count; item++) {
      const w = items.weight[item]!;
      if (w > slack) continue;
      const lost = rate * slack - items.profit[item]!;
      if (lost < gap) [gap, this.#single] = [lost, item];
    }
    // The break item in, one item out.
    const [over, gain] = [items.weight[b]! - slack, items.profit[b]!];
    for (let item = 0; item < b; item++) {
      if (items.weight[item]! < over) continue;
      const lost = rate * slack - gain + items.profit[item]!;
      if (lost < gap) [gap, this.#single] = [lost, item];
    }
    return gap;
  }

  #note(row: number, change: number, whole: number): number {
    [this.#bestRow, this.#bestChange, this.#single] = [row, change, NONE];
    return whole;
  }

  #cell(k: number, x: number): number {
    return x < this.#low[k]! || x > this.#high[k]! ? Infinity : this.#rows[this.#start[k]! + x - this.#low[k]!]!;
  }

  /** Items that lose less than `gap` alone, by rising loss; false where they are too many. */
  #collect(items: KnapsackItems, rate: number, gap: number): boolean {
    this.#reserveRows(items.count + 1);
    const [order, loss] = [this.#order, this.#loss];
    let count = 0;
    for (let item = 0; item < items.count; item++) {
      const lost = Math.abs(items.profit[item]! - rate * items.weight[item]!);
      if (!(lost < gap)) continue;
      if (count === MAX_CORE) return false;
      let at = count++;
      for (; at > 0 && loss[at - 1]! > lost; at--) {
        loss[at] = loss[at - 1]!;
        order[at] = order[at - 1]!;
      }
      loss[at] = lost;
      order[at] = item;
    }
    this.#count = count;
    this.work += LOOKS_PER_CORE_ITEM * count;
    return true;
  }

  #reserveRows(count: number): void {
    if (this.#low.length >= count) return;
    this.#low = new Int32Array(2 * count);
    this.#high = new Int32Array(2 * count);
    this.#start = new Int32Array(2 * count);
    this.#order = new Int32Array(2 * count);
    this.#loss = new Float64Array(2 * count);
  }

  #reserveCells(count: number): void {
    if (this.#rows.length >= count) return;
    const larger = new Float64Array(2 * count);
    larger.set(this.#rows);
    this.#rows = larger;
  }
}
