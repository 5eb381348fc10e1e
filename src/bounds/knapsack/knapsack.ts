import { KnapsackItems } from "./items.js";
import { KnapsackTable } from "./knapsack-table.js";
import { KnapsackTree, NO_ITEM } from "./knapsack-tree.js";

/** Nodes after which whole-numbered knapsacks go on by a table; those of real numbers stop there. Measured. */
const NODES_BEFORE_TABLE = 120;
const MAX_NODES = 3000;
/** Largest capacity for which a table is worth its cells. */
const MAX_TABLE_CAPACITY = 20_000;
/** Work of a node and of an item sorted, in cells of a table. */
const CELLS_PER_NODE = 6;
const CELLS_PER_ITEM = 24;

/**
 * Solves 0-1 knapsacks, many thousands a second: branch and bound on the items by profit per weight; where it does not end
 * soon and weights are whole, a dynamic program over the items that bounds leave undecided (Ingargiola, Korsh, Management
 * Science 20, 1973). A knapsack of real numbers that does not end leaves an upper bound above its value, still valid.
 */
export class Knapsack {
  /** Profit of the selection in `isChosen`. */
  value = 0;
  /** No selection has more. */
  upper = 0;
  /** Units of work spent so far. */
  work = 0;
  /** By item, in the order the items have after `solve`. */
  readonly isChosen: Uint8Array;
  readonly #tree: KnapsackTree;
  readonly #table = new KnapsackTable();
  readonly #undecided: KnapsackItems;
  readonly #isTraced: Uint8Array;

  /** @param isWhole whether all weights and capacities are whole numbers */
  constructor(
    maxItems: number,
    readonly isWhole: boolean,
  ) {
    this.isChosen = new Uint8Array(maxItems);
    this.#tree = new KnapsackTree(maxItems);
    this.#undecided = new KnapsackItems(maxItems);
    this.#isTraced = new Uint8Array(maxItems);
  }

  usesTable(capacity: number): boolean {
    return this.isWhole && capacity <= MAX_TABLE_CAPACITY;
  }

  /** Solves; sorts the items on the way, unless all fit. */
  solve(items: KnapsackItems, capacity: number): void {
    const { count } = items;
    this.work += count;
    if (items.totalWeight <= capacity) {
      this.isChosen.fill(1, 0, count);
      this.value = this.upper = items.totalProfit;
      return;
    }
    items.sort();
    const usesTable = this.usesTable(capacity);
    const tree = this.#tree;
    tree.solve(items, capacity, NO_ITEM, 0, usesTable ? NODES_BEFORE_TABLE : MAX_NODES);
    this.work += CELLS_PER_ITEM * count + CELLS_PER_NODE * tree.numNodes;
    if (tree.isImproved) for (let k = 0; k < count; k++) this.isChosen[k] = tree.isChosen[k]!;
    else this.isChosen.fill(0, 0, count);
    this.value = tree.value;
    this.upper = tree.upper;
    if (usesTable && tree.upper > tree.value) this.#finishByTable(items, capacity);
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

  #finishByTable(items: KnapsackItems, capacity: number): void {
    const { count, profit, weight } = items;
    const rest = this.#undecided;
    rest.clear();
    let [room, decided] = [capacity, 0];
    const breakItem = items.breakItem(capacity);
    for (let k = 0; k < count; k++) {
      const isIn = k < breakItem;
      const turned = isIn
        ? items.relaxedWithout(k, capacity)
        : items.relaxedWithout(k, capacity - weight[k]!) + profit[k]!;
      if (turned > this.value) {
        rest.add(k, profit[k]!, weight[k]!);
      } else if (isIn) {
        room -= weight[k]!;
        decided += profit[k]!;
      }
    }
    const reach = Math.min(room, rest.totalWeight);
    this.work += CELLS_PER_ITEM * count + this.#table.fill(rest, reach, false);
    const best = decided + this.#table.best(reach);
    this.upper = this.value;
    if (best > this.value) {
      this.value = this.upper = best;
      this.#trace(items, reach, breakItem);
    }
  }

  #trace(items: KnapsackItems, reach: number, breakItem: number): void {
    const rest = this.#undecided;
    for (let k = 0; k < items.count; k++) this.isChosen[k] = k < breakItem ? 1 : 0;
    this.#table.trace(rest, reach, this.#isTraced);
    for (let r = 0; r < rest.count; r++) this.isChosen[rest.id[r]!] = this.#isTraced[r]!;
  }
}
