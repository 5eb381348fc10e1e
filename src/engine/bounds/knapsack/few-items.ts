import type { KnapsackItems } from "./items.js";

/** Items that may fit at most for the tables here to be worth their room. */
const MAX_FITTING = 24;
/** Prices of weight in the bounds, relative to the best one for a number of items. */
const PRICES = [0, 0.6, 0.85, 1, 1.2, 1.6] as const;
/** Steps of the search for that one, and the most it may be, in gains per weight of the best item. */
const PRICE_STEPS = 12;
const MOST_PRICE = 4;
/** What a branch may gain at most, relative, where it is cut off all the same: equal gains make many selections next to equal. */
const SLACK = 1e-4;
/** Nodes after which the search stops. */
const MAX_NODES = 200_000;

/**
 * Knapsacks of real numbers into which only a few items fit, many of them alike: Dantzig's bound fills the room that is left with a part of
 * an item, and lets through whatever is one item short. Here every number c of items is looked at by itself, with the bounds
 *
 *   max { Σ p_k x_k : Σ w_k x_k ≤ room, Σ x_k = c } ≤ μ room + Σ of the c largest p_k − μ w_k     for some μ ≥ 0,
 *
 * from tables of every suffix of the items.
 */
export class FewItems {
  value = 0;
  upper = 0;
  numNodes = 0;
  isImproved = false;
  /** By sorted item. */
  readonly isChosen: Uint8Array;
  readonly #taken = new Int32Array(MAX_FITTING + 1);
  readonly #lightest: Float64Array;
  readonly #largest: readonly Float64Array[];
  readonly #price = new Float64Array(PRICES.length);
  readonly #top = new Float64Array(MAX_FITTING + 1);
  #items!: KnapsackItems;
  #width = 0;
  /** Of items, in the selections looked at. */
  #number = 0;

  constructor(maxItems: number) {
    this.isChosen = new Uint8Array(maxItems);
    const size = (maxItems + 1) * (MAX_FITTING + 1);
    this.#lightest = new Float64Array(size);
    this.#largest = PRICES.map(() => new Float64Array(size));
  }

  /** Whether few enough items fit. Items sorted. */
  static fits(items: KnapsackItems, capacity: number): boolean {
    return items.leastWeightFrom[0]! * (MAX_FITTING + 1) > capacity;
  }

  /**
   * @param items sorted; `fits` holds
   * @param floor only profits above it are of interest
   */
  solve(items: KnapsackItems, capacity: number, floor: number): void {
    const { weight, profit } = items;
    this.#items = items;
    this.#width = Math.min(MAX_FITTING, items.count, Math.floor(capacity / items.leastWeightFrom[0]!)) + 1;
    this.value = floor;
    this.numNodes = 0;
    this.isImproved = false;
    this.#table(this.#lightest, (item) => -weight[item]!);
    let open = 0;
    for (let number = this.#width - 1; number > 0; number--) {
      if (-this.#lightest[number]! > capacity) continue;
      const best = this.#bestPrice(number, capacity);
      const bound = this.#boundAt(best, number, capacity);
      if (bound <= this.value * (1 + SLACK)) continue;
      this.#largest.forEach((table, p) => {
        const price = (this.#price[p] = PRICES[p]! * best);
        this.#table(table, (item) => profit[item]! - price * weight[item]!);
      });
      this.#number = number;
      this.#search(0, number, capacity, 0);
      if (this.numNodes > MAX_NODES) open = Math.max(open, bound);
    }
    this.upper = Math.max(this.value * (1 + SLACK), open);
  }

  /** Selections of `missing` more items. */
  #search(from: number, missing: number, room: number, sum: number): void {
    const { count, weight, profit } = this.#items;
    const depth = this.#number - missing;
    for (let item = from; item + missing <= count; item++) {
      if (++this.numNodes > MAX_NODES || sum + this.#bound(item, missing, room) <= this.value * (1 + SLACK)) return;
      if (weight[item]! > room) continue;
      this.#taken[depth] = item;
      if (missing > 1) this.#search(item + 1, missing - 1, room - weight[item]!, sum + profit[item]!);
      else if (sum + profit[item]! > this.value) this.#keep(sum + profit[item]!);
    }
  }

  #keep(value: number): void {
    this.value = value;
    this.isImproved = true;
    this.isChosen.fill(0, 0, this.#items.count);
    for (let d = 0; d < this.#number; d++) this.isChosen[this.#taken[d]!] = 1;
  }

  /** No selection of so many items from `item` on that fits the room has more profit. */
  #bound(item: number, missing: number, room: number): number {
    const at = item * this.#width + missing;
    if (-this.#lightest[at]! > room) return -Infinity;
    let least = Infinity;
    for (let p = 0; p < PRICES.length; p++) {
      const bound = this.#price[p]! * room + this.#largest[p]![at]!;
      if (bound < least) least = bound;
    }
    return least;
  }

  /** table[k · width + c]: sum of the c largest keys from item k on, −Infinity where there are not so many. */
  #table(table: Float64Array, keyOf: (item: number) => number): void {
    const [width, top, { count }] = [this.#width, this.#top, this.#items];
    top.fill(-Infinity);
    for (let item = count; item >= 0; item--) {
      if (item < count) this.#insert(keyOf(item), width - 1);
      let sum = 0;
      for (let c = 0; c < width; c++) {
        table[item * width + c] = sum;
        sum += top[c]!;
      }
    }
  }

  #insert(key: number, places: number): void {
    const top = this.#top;
    if (places === 0 || key <= top[places - 1]!) return;
    let at = places - 1;
    for (; at > 0 && top[at - 1]! < key; at--) top[at] = top[at - 1]!;
    top[at] = key;
  }

  /** The price that bounds so many items best, by sections: the bound is convex in it. */
  #bestPrice(number: number, capacity: number): number {
    let [low, high] = [0, MOST_PRICE * this.#items.ratio[0]!];
    for (let step = 0; step < PRICE_STEPS; step++) {
      const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
      if (this.#boundAt(a, number, capacity) <= this.#boundAt(b, number, capacity)) high = b;
      else low = a;
    }
    return (low + high) / 2;
  }

  #boundAt(price: number, number: number, capacity: number): number {
    const { count, weight, profit } = this.#items;
    this.#top.fill(-Infinity);
    for (let item = 0; item < count; item++) this.#insert(profit[item]! - price * weight[item]!, number);
    let sum = price * capacity;
    for (let c = 0; c < number; c++) sum += this.#top[c]!;
    return sum;
  }
}
