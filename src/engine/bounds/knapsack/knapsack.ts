import { FewItems } from "./few-items.js";
import type { KnapsackItems } from "./items.js";
import { KnapsackBand } from "./knapsack-band.js";
import { KnapsackCore } from "./knapsack-core.js";
import { KnapsackTree, NO_ITEM } from "./knapsack-tree.js";

/** Nodes after which whole-numbered knapsacks go on by dynamic program; those of real numbers stop there. Measured. */
const NODES_BEFORE_BAND = 120;
const MAX_NODES = 3000;
/** Whole-numbered items from which on a core is tried first: sorting all of them costs more. */
const MANY_ITEMS = 100;
/** Largest capacity for which a dynamic program is worth its cells. */
const MAX_BAND_CAPACITY = 20_000;
/** Work of a node and of an item sorted, in cells of a dynamic program. */
const CELLS_PER_NODE = 6;
const CELLS_PER_ITEM = 24;

/**
 * Solves 0-1 knapsacks, many thousands a second: branch and bound on the items by profit per weight; where it does not end
 * soon and weights are whole, a dynamic program in the band that could still be better. Many whole-numbered items are solved by
 * their core alone, where it is small. A knapsack of real numbers that does not end leaves an upper bound above its value, still valid.
 */
export class Knapsack {
  /** Profit of the selection in `isChosen`. */
  value = 0;
  /** No selection has more. */
  upper = 0;
  /** What a unit of capacity is worth in the linear relaxation. */
  price = 0;
  /** Looks spent so far. */
  work = 0;
  /** By item, in the order the items have after `solve`. */
  readonly isChosen: Uint8Array;
  readonly #tree: KnapsackTree;
  readonly #few: FewItems | null;
  readonly #band = new KnapsackBand();
  readonly #core = new KnapsackCore();

  /**
   * @param isWhole whether all weights and capacities are whole numbers
   * @param usesCore whether many whole-numbered items are tried by their core
   * @param knowsFewItems whether knapsacks of real numbers that do not end go on by `FewItems`, where few items fit
   */
  constructor(
    maxItems: number,
    readonly isWhole: boolean,
    knowsFewItems = false,
    private readonly usesCore = false,
  ) {
    this.isChosen = new Uint8Array(maxItems);
    this.#tree = new KnapsackTree(maxItems);
    this.#few = knowsFewItems && !isWhole ? new FewItems(maxItems) : null;
  }

  usesBand(capacity: number): boolean {
    return this.isWhole && capacity <= MAX_BAND_CAPACITY;
  }

  /** Solves; sorts the items on the way, unless all fit. */
  solve(items: KnapsackItems, capacity: number): void {
    const { count } = items;
    this.work += count;
    if (items.totalWeight <= capacity) {
      this.isChosen.fill(1, 0, count);
      this.value = this.upper = items.totalProfit;
      this.price = 0;
      return;
    }
    const usesBand = this.usesBand(capacity);
    if (this.usesCore && usesBand && count >= MANY_ITEMS && this.#solveCore(items, capacity)) return;
    items.sort();
    this.price = items.ratio[items.breakItem(capacity)]!;
    const tree = this.#tree;
    tree.solve(items, capacity, NO_ITEM, 0, usesBand || this.#few !== null ? NODES_BEFORE_BAND : MAX_NODES);
    this.work += CELLS_PER_ITEM * count + CELLS_PER_NODE * tree.numNodes;
    if (tree.isImproved) for (let k = 0; k < count; k++) this.isChosen[k] = tree.isChosen[k]!;
    else this.isChosen.fill(0, 0, count);
    this.value = tree.value;
    this.upper = tree.upper;
    if (tree.upper <= tree.value) return;
    if (usesBand) this.#finishByBand(items, capacity);
    else if (this.#few !== null) this.#finishByCounts(items, capacity, this.#few);
  }

  /**
   * Upper bound on the profit without item k in `capacity`, exact where it is above `floor`; at most `floor` says that much.
   */
  upperWithout(items: KnapsackItems, k: number, capacity: number, floor: number): number {
    if (capacity < 0) return -Infinity;
    this.#tree.solve(items, capacity, k, floor, MAX_NODES);
    this.work += CELLS_PER_NODE * this.#tree.numNodes;
    return this.#tree.upper;
  }

  /** False where the core is too large to pay. */
  #solveCore(items: KnapsackItems, capacity: number): boolean {
    const core = this.#core;
    const isSolved = core.solve(items, capacity);
    this.work += core.work;
    if (!isSolved) return false;
    this.value = this.upper = core.trace(items, this.isChosen);
    this.price = core.rate;
    return true;
  }

  #finishByCounts(items: KnapsackItems, capacity: number, few: FewItems): void {
    if (!FewItems.fits(items, capacity)) {
      this.#tree.solve(items, capacity, NO_ITEM, this.value, MAX_NODES);
      this.work += CELLS_PER_NODE * this.#tree.numNodes;
      if (this.#tree.isImproved) this.isChosen.set(this.#tree.isChosen.subarray(0, items.count));
      this.value = this.#tree.value;
      this.upper = this.#tree.upper;
      return;
    }
    few.solve(items, capacity, this.value);
    this.work += CELLS_PER_ITEM * items.count + 2 * CELLS_PER_NODE * few.numNodes;
    if (few.isImproved) this.isChosen.set(few.isChosen.subarray(0, items.count));
    this.value = few.value;
    this.upper = Math.min(this.upper, few.upper);
  }

  /** Only selections better than the best one known matter: the band of the dynamic program is as narrow as what they may lose. */
  #finishByBand(items: KnapsackItems, capacity: number): void {
    const band = this.#band;
    this.work += CELLS_PER_ITEM * items.count + band.fill(items, capacity, items.relaxed(capacity) - this.value);
    const best = band.best(capacity);
    this.upper = this.value;
    if (!(best > this.value)) return;
    this.value = this.upper = best;
    band.trace(items, this.isChosen);
  }
}
