import type { KnapsackItems } from "./items.js";

/** No item is left out. */
export const NO_ITEM = -1;

/**
 * Depth-first branch and bound for a 0-1 knapsack (Horowitz, Sahni, J. ACM 21, 1974): takes items by falling profit per
 * weight while they fit, backtracks to the last one taken, prunes by Dantzig's bound. After `nodeLimit` nodes it stops and
 * leaves what the open branches could still give as an upper bound.
 */
export class KnapsackTree {
  /** Largest profit found, at least the floor it was started with. */
  value = 0;
  /** No selection has more profit than this; equal to `value` where the search was exhausted. */
  upper = 0;
  numNodes = 0;
  /** Whether a selection above the floor was found; then `isChosen` holds the best, by sorted item. */
  isImproved = false;
  readonly isChosen: Uint8Array;
  readonly #taken: Int32Array;

  constructor(maxItems: number) {
    this.isChosen = new Uint8Array(maxItems);
    this.#taken = new Int32Array(maxItems + 1);
  }

  /**
   * @param items sorted
   * @param skipped an item to leave out, or NO_ITEM
   * @param floor only profits above it are of interest
   */
  solve(items: KnapsackItems, capacity: number, skipped: number, floor: number, nodeLimit: number): void {
    const { count, profit, weight, ratio, leastWeightFrom } = items;
    const taken = this.#taken;
    let [depth, next, room, sum, best, nodes] = [0, 0, capacity, 0, floor, 0];
    this.isImproved = false;
    for (;;) {
      nodes += 1;
      const depthBefore = depth;
      const [roomBefore, sumBefore] = [room, sum];
      while (next < count && (weight[next]! <= room || next === skipped)) {
        if (next !== skipped) {
          room -= weight[next]!;
          sum += profit[next]!;
          taken[depth++] = next;
        }
        next += 1;
      }
      if (sum > best) {
        best = sum;
        this.#keep(count, depth);
      }
      const bound = next === count ? sum : sum + room * ratio[next]!;
      if (bound > best && leastWeightFrom[next]! <= room) {
        if (nodes > nodeLimit) {
          this.#finish(best, Math.max(bound, this.#openBound(items, skipped, capacity, depth)), nodes);
          return;
        }
        next += 1;
        continue;
      }
      if (bound <= best) {
        // Leaving out anything taken since the last branching cannot do better either: drop it in one piece.
        depth = depthBefore;
        room = roomBefore;
        sum = sumBefore;
      }
      if (depth === 0) break;
      if (nodes > nodeLimit) {
        this.#finish(best, this.#openBound(items, skipped, capacity, depth), nodes);
        return;
      }
      const last = taken[--depth]!;
      room += weight[last]!;
      sum -= profit[last]!;
      next = last + 1;
    }
    this.#finish(best, best, nodes);
  }

  #finish(value: number, upper: number, numNodes: number): void {
    this.value = value;
    this.upper = Math.max(upper, value);
    this.numNodes = numNodes;
  }

  #keep(count: number, depth: number): void {
    this.isImproved = true;
    this.isChosen.fill(0, 0, count);
    for (let d = 0; d < depth; d++) this.isChosen[this.#taken[d]!] = 1;
  }

  /** The best that branches not yet entered can give: those that leave out one of the items taken now. */
  #openBound(items: KnapsackItems, skipped: number, capacity: number, depth: number): number {
    let [room, sum, best] = [capacity, 0, 0];
    for (let d = 0; d < depth; d++) {
      const item = this.#taken[d]!;
      best = Math.max(best, sum + relaxedFrom(items, item + 1, skipped, room));
      room -= items.weight[item]!;
      sum += items.profit[item]!;
    }
    return best;
  }
}

/** Dantzig's bound over the items from `first` on. O(count). */
function relaxedFrom(items: KnapsackItems, first: number, skipped: number, capacity: number): number {
  let [room, sum] = [capacity, 0];
  for (let k = first; k < items.count; k++) {
    if (k === skipped) continue;
    if (items.weight[k]! > room) return sum + room * items.ratio[k]!;
    room -= items.weight[k]!;
    sum += items.profit[k]!;
  }
  return sum;
}
