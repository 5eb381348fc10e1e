import type { Items } from "./certificate-knapsack.js";

/** Most items that may fit for every number of them to be bounded by itself. */
const MAX_NUMBER = 30;
/** Steps of the search for a price, and the most it may be, in gains per weight of the first item. */
const PRICE_STEPS = 30;
const MOST_PRICE = 4;
/** Nodes for one number of items; what is open then is bounded by its price. */
const MAX_NODES = 200_000;
/** Added to every sum, relative to its largest term: far above its rounding. */
const ROUNDING = 1e-12;
/** Relative gain that is not searched for, but added. */
const SLACK = 1e-6;

/**
 * An upper bound on a knapsack into which few items fit: the largest over every number c of items of what exactly c items can gain. With
 * a price μ ≥ 0 of weight, a selection S of c items that fits gains at most
 *
 *   μ capacity + Σ_{k ∈ S} (gain_k − μ weight_k),
 *
 * so that a depth-first search over the items by falling gain_k − μ weight_k may leave a branch whose best keys do not reach the best
 * selection known. Infinity where too many items may fit.
 */
export function boundByNumber(items: Items, capacity: number): number {
  let [most, room] = [0, capacity];
  for (const lightest of items.weight.toSorted()) {
    if (lightest > room) break;
    [most, room] = [most + 1, room - lightest];
  }
  if (most > MAX_NUMBER) return Infinity;
  let best = 0;
  let open = 0;
  for (let number = most; number > 0; number--) {
    const price = bestPrice(items, capacity, number);
    const bound = boundAt(items, capacity, number, price);
    if (bound <= best) continue;
    const found = searchNumber(items, capacity, number, price, best);
    if (found === null) open = Math.max(open, bound);
    else best = found;
  }
  return Math.max(open, best * (1 + SLACK));
}

function bestPrice(items: Items, capacity: number, number: number): number {
  let [low, high] = [0, (MOST_PRICE * items.gain[0]!) / items.weight[0]!];
  for (let step = 0; step < PRICE_STEPS; step++) {
    const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
    if (boundAt(items, capacity, number, a) <= boundAt(items, capacity, number, b)) high = b;
    else low = a;
  }
  return low;
}

function boundAt({ gain, weight }: Items, capacity: number, number: number, price: number): number {
  const keys = gain.map((one, k) => price * weight[k]! - one).sort();
  let sum = price * capacity;
  for (let k = 0; k < number; k++) sum -= keys[k]!;
  return sum + ROUNDING * (price * capacity + sum);
}

/** The most that so many items gain, at least `floor`; null where the node limit struck. */
function searchNumber(items: Items, capacity: number, number: number, price: number, floor: number): number | null {
  const key = (k: number): number => items.gain[k]! - price * items.weight[k]!;
  const order = Array.from(items.gain, (_, k) => k).sort((a, b) => key(b) - key(a) || a - b);
  const keys = order.map(key);
  const before = [0];
  for (const one of keys) before.push(before.at(-1)! + one);
  const rounding = ROUNDING * (price * capacity + keys.reduce((sum, one) => sum + Math.abs(one), 0));
  let [best, numNodes] = [floor, 0];
  const search = (from: number, missing: number, weight: number, gain: number, keySum: number): void => {
    for (let k = from; k + missing <= keys.length; k++) {
      const bound = price * capacity + keySum + before[k + missing]! - before[k]! + rounding;
      if (++numNodes > MAX_NODES || bound <= best * (1 + SLACK)) return;
      const item = order[k]!;
      const heavier = weight + items.weight[item]!;
      if (heavier > capacity) continue;
      if (missing === 1) best = Math.max(best, gain + items.gain[item]!);
      else search(k + 1, missing - 1, heavier, gain + items.gain[item]!, keySum + keys[k]!);
    }
  };
  search(0, number, 0, 0, 0);
  return numNodes > MAX_NODES ? null : best;
}
