/**
 * The items of one 0-1 knapsack, each with a profit above 0, in arrays that are filled again and again. After `sort` they
 * stand by falling profit per weight, with prefix sums, so that linear relaxations are read off by bisection.
 */
export class KnapsackItems {
  count = 0;
  totalWeight = 0;
  totalProfit = 0;
  /** The caller's name of each item. */
  readonly id: Int32Array;
  readonly profit: Float64Array;
  readonly weight: Float64Array;
  readonly ratio: Float64Array;
  /** Sums over the items before each, in sorted order; count + 1 entries. */
  readonly profitBefore: Float64Array;
  readonly weightBefore: Float64Array;
  /** Smallest weight from each item on, in sorted order; Infinity at the end. */
  readonly leastWeightFrom: Float64Array;

  constructor(maxItems: number) {
    this.id = new Int32Array(maxItems);
    this.profit = new Float64Array(maxItems);
    this.weight = new Float64Array(maxItems);
    this.ratio = new Float64Array(maxItems);
    this.profitBefore = new Float64Array(maxItems + 1);
    this.weightBefore = new Float64Array(maxItems + 1);
    this.leastWeightFrom = new Float64Array(maxItems + 1);
  }

  clear(): void {
    this.count = 0;
    this.totalWeight = 0;
    this.totalProfit = 0;
  }

  add(id: number, profit: number, weight: number): void {
    const k = this.count++;
    this.id[k] = id;
    this.profit[k] = profit;
    this.weight[k] = weight;
    this.totalWeight += weight;
    this.totalProfit += profit;
  }

  /** Shell sort (gaps of Ciura, FCT 2001): in place, and linear on the nearly sorted. */
  sort(): void {
    const { count, id, profit, weight, ratio } = this;
    for (let k = 0; k < count; k++) ratio[k] = profit[k]! / weight[k]!;
    for (let g = 0; g < GAPS.length; g++) {
      const gap = GAPS[g]!;
      for (let k = gap; k < count; k++) {
        const [r, i, p, w] = [ratio[k]!, id[k]!, profit[k]!, weight[k]!];
        let to = k;
        for (; to >= gap && ratio[to - gap]! < r; to -= gap) {
          ratio[to] = ratio[to - gap]!;
          id[to] = id[to - gap]!;
          profit[to] = profit[to - gap]!;
          weight[to] = weight[to - gap]!;
        }
        ratio[to] = r;
        id[to] = i;
        profit[to] = p;
        weight[to] = w;
      }
    }
    this.#sum();
  }

  /**
   * Brings the items that fit by falling profit per weight to the front, unsorted, and the first that does not fit behind them
   * (Balas, Zemel, Operations Research 28, 1980). They must not all fit. Returns the place of that item. O(count) on average.
   */
  split(capacity: number): number {
    const { count, profit, weight, ratio } = this;
    for (let k = 0; k < count; k++) ratio[k] = profit[k]! / weight[k]!;
    let [from, to, room] = [0, count - 1, capacity];
    while (from < to) {
      const pivot = middleOf(ratio[from]!, ratio[(from + to) >> 1]!, ratio[to]!);
      let [left, right, above] = [from, to, 0];
      while (left <= right) {
        while (ratio[left]! > pivot) above += weight[left++]!;
        while (ratio[right]! < pivot) right -= 1;
        if (left > right) break;
        if (left < right) this.#swap(left, right);
        above += weight[left++]!;
        right -= 1;
      }
      // No more than the whole range but one: both ends stop at the pivot at the latest.
      if (above > room) to = left - 1;
      else [from, room] = [left, room - above];
    }
    return from;
  }

  #swap(a: number, b: number): void {
    const { id, profit, weight, ratio } = this;
    const [i, p, w, r] = [id[a]!, profit[a]!, weight[a]!, ratio[a]!];
    [id[a], profit[a], weight[a], ratio[a]] = [id[b]!, profit[b]!, weight[b]!, ratio[b]!];
    [id[b], profit[b], weight[b], ratio[b]] = [i, p, w, r];
  }

  #sum(): void {
    const { count, profit, weight, profitBefore, weightBefore, leastWeightFrom } = this;
    profitBefore[0] = 0;
    weightBefore[0] = 0;
    for (let k = 0; k < count; k++) {
      profitBefore[k + 1] = profitBefore[k]! + profit[k]!;
      weightBefore[k + 1] = weightBefore[k]! + weight[k]!;
    }
    leastWeightFrom[count] = Infinity;
    for (let k = count - 1; k >= 0; k--) leastWeightFrom[k] = Math.min(leastWeightFrom[k + 1]!, weight[k]!);
  }

  /** The first item that does not fit after all before it, `count` where all fit. O(log count). */
  breakItem(capacity: number): number {
    const { weightBefore } = this;
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (weightBefore[middle]! <= capacity) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Dantzig's bound (Operations Research 5, 1957): the largest profit if one item may be cut. −Infinity below capacity 0. */
  relaxed(capacity: number): number {
    if (capacity < 0) return -Infinity;
    const k = this.breakItem(capacity);
    const whole = this.profitBefore[k]!;
    return k === this.count ? whole : whole + (capacity - this.weightBefore[k]!) * this.ratio[k]!;
  }

  /** The same bound without item k. */
  relaxedWithout(k: number, capacity: number): number {
    if (capacity < 0) return -Infinity;
    if (this.breakItem(capacity) < k) return this.relaxed(capacity);
    return this.relaxed(capacity + this.weight[k]!) - this.profit[k]!;
  }
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

const GAPS = [701, 301, 132, 57, 23, 10, 4, 1];
