import { boundByNumber } from "./certificate-counting.js";

/** Cells of a table up to which whole-numbered knapsacks are solved by dynamic programming. */
const MAX_CELLS = 2e7;
/** Nodes after which a table is made instead, where one fits: most knapsacks are solved long before. */
const FEW_NODES = 5_000;
/** Nodes of the branch and bound; what is open then is bounded by its relaxation. */
const MAX_NODES = 200_000;
/** One more of like items is kept where the rounding of products might have said that it does not fit. */
const ROUNDING = 1e-9;
/** Relative to the capacity: far above rounding, and below 1 in whole numbers up to 1e9. */
const CAPACITY_SLACK = 1e-9;

/**
 * Upper bounds on knapsacks, max Σ gain[k] x[k] where Σ weight[k] x[k] ≤ capacity and x ∈ {0, 1}, for those who check
 * certificates: written apart from the search's own kernels, so that a slip in one does not pass the other. Exact, up to
 * rounding, which always goes up, unless the node limit strikes. Keeps its buffers from one knapsack to the next.
 */
export class CertificateKnapsack {
  #gain = new Float64Array(64);
  #weight = new Float64Array(64);
  #numItems = 0;
  #freeGain = 0;

  /** Forgets all items. */
  clear(): void {
    this.#numItems = 0;
    this.#freeGain = 0;
  }

  /**
   * @param gain items that gain nothing are left out, as no optimum needs them; what overflowed makes the bound infinite
   * @param weight ≥ 0
   */
  add(gain: number, weight: number): void {
    if (Number.isNaN(gain) || gain === Infinity) {
      this.#freeGain = Infinity;
      return;
    }
    if (gain <= 0) return;
    if (weight === 0) {
      this.#freeGain += gain;
      return;
    }
    if (this.#numItems === this.#gain.length) [this.#gain, this.#weight] = [grow(this.#gain), grow(this.#weight)];
    this.#gain[this.#numItems] = gain;
    this.#weight[this.#numItems++] = weight;
  }

  /**
   * A number that is certainly not below the optimum; the capacity is taken a billionth too large, so that no set of items
   * is missed for the rounding of its weights. O(items · log items) where all fit; else a depth-first search (Horowitz,
   * Sahni, JACM 21, 1974) with Dantzig's bound, and O(items · capacity) on whole numbers that keep it busy.
   * @param capacity Infinity for none; below 0 nothing fits
   */
  upperBound(capacity: number): number {
    if (capacity < 0) return 0;
    const room = capacity * (1 + CAPACITY_SLACK);
    const items = this.#fitting(room);
    let best = sum(items.weight) <= room ? sum(items.gain) : this.#solve(items, room);
    best += this.#freeGain;
    // Every term is positive, so that the error of the sums is relative; those of bound and leaf may add up.
    return best * (1 + 4 * (this.#numItems + 8) * Number.EPSILON);
  }

  #solve(items: Items, capacity: number): number {
    const cells = items.gain.length * (Math.floor(capacity) + 1);
    const fitsTable = cells <= MAX_CELLS && items.weight.every(Number.isInteger);
    const { bound, isExact } = solveByBranching(items, capacity, fitsTable ? FEW_NODES : mostNodes(items));
    if (isExact) return bound;
    return fitsTable ? solveByTable(items, Math.floor(capacity)) : Math.min(bound, boundByNumber(items, capacity));
  }

  #fitting(capacity: number): Items {
    const indices: number[] = [];
    for (let k = 0; k < this.#numItems; k++) if (this.#weight[k]! <= capacity) indices.push(k);
    const ratio = (k: number): number => this.#gain[k]! / this.#weight[k]!;
    indices.sort((a, b) => ratio(b) - ratio(a) || a - b);
    const useful = this.#firstOfWeight(indices, capacity);
    return {
      gain: Float64Array.from(useful, (k) => this.#gain[k]!),
      weight: Float64Array.from(useful, (k) => this.#weight[k]!),
    };
  }

  /** Of items that weigh the same, as many as fit together: the first ones gain most, and no optimum needs the others. */
  #firstOfWeight(indices: readonly number[], capacity: number): number[] {
    const numOf = new Map<number, number>();
    return indices.filter((k) => {
      const weight = this.#weight[k]!;
      const count = (numOf.get(weight) ?? 0) + 1;
      numOf.set(weight, count);
      return (count - 1) * weight <= capacity - weight * (1 - ROUNDING);
    });
  }
}

/** Nodes look at every item: where many are alike, fewer of them get as far. */
function mostNodes({ gain, weight }: Items): number {
  const numUnlike = gain.reduce((sum, one, k) => sum + Number(one !== gain[k - 1] || weight[k] !== weight[k - 1]), 0);
  return Math.ceil((MAX_NODES * numUnlike) / gain.length);
}

/** In order of falling gain per weight. */
export interface Items {
  readonly gain: Float64Array;
  readonly weight: Float64Array;
}

interface BranchingBound {
  readonly bound: number;
  /** False where the node limit struck. */
  readonly isExact: boolean;
}

/** best[c]: most gain within capacity c, over the items seen so far. */
function solveByTable({ gain, weight }: Items, capacity: number): number {
  const best = new Float64Array(capacity + 1);
  for (let k = 0; k < gain.length; k++) {
    const [g, w] = [gain[k]!, weight[k]!];
    for (let c = capacity; c >= w; c--) best[c] = Math.max(best[c]!, best[c - w]! + g);
  }
  return best[capacity]!;
}

/**
 * Depth first, taking before leaving out; a node whose relaxation is no better than the best leaf is closed. Where the
 * node limit strikes, the largest relaxation of an open node is the answer.
 */
export function solveByBranching(items: Items, capacity: number, maxNodes: number): BranchingBound {
  const { gain, weight } = items;
  const numItems = gain.length;
  const isTaken = new Uint8Array(numItems);
  let [best, value, room, k, numNodes] = [0, 0, capacity, 0, 0];
  for (;;) {
    // Down: take what fits, as long as the relaxation promises more.
    while (k < numItems && value + relaxedGain(items, k, room) > best) {
      if (++numNodes > maxNodes) {
        return { bound: Math.max(best, openBound(items, capacity, isTaken, k)), isExact: false };
      }
      if (weight[k]! <= room) [value, room, isTaken[k]] = [value + gain[k]!, room - weight[k]!, 1];
      k++;
    }
    if (k === numItems) best = Math.max(best, value);
    // Up: to the last item taken, and leave it out.
    do k--;
    while (k >= 0 && isTaken[k] === 0);
    if (k < 0) return { bound: best, isExact: true };
    isTaken[k] = 0;
    [value, room] = refill(items, capacity, isTaken, k);
    // Of items that are alike the first ones are taken: without this one, none of those that follow.
    const [ownGain, ownWeight] = [gain[k], weight[k]];
    do k++;
    while (k < numItems && gain[k] === ownGain && weight[k] === ownWeight);
  }
}

/** Value and room with the items taken before k, added up anew: taking and giving back would let errors pile up. */
function refill({ gain, weight }: Items, capacity: number, isTaken: Uint8Array, k: number): [number, number] {
  let [value, room] = [0, capacity];
  for (let item = 0; item < k; item++) {
    if (isTaken[item] === 1) [value, room] = [value + gain[item]!, room - weight[item]!];
  }
  return [value, room];
}

/** Dantzig's bound (Operations Research 5, 1957) on the items from k on: in order of ratio, the last one in part. */
function relaxedGain({ gain, weight }: Items, k: number, room: number): number {
  let total = 0;
  for (let item = k; item < gain.length; item++) {
    if (weight[item]! > room) return total + gain[item]! * (room / weight[item]!);
    room -= weight[item]!;
    total += gain[item]!;
  }
  return total;
}

/** The largest relaxation of the node in hand (items before k decided) and of every "left out" still to come. */
function openBound(items: Items, capacity: number, isTaken: Uint8Array, k: number): number {
  const [value, room] = refill(items, capacity, isTaken, k);
  let largest = value + relaxedGain(items, k, room);
  for (let item = 0; item < k; item++) {
    if (isTaken[item] === 0) continue;
    const [before, left] = refill(items, capacity, isTaken, item);
    largest = Math.max(largest, before + relaxedGain(items, item + 1, left));
  }
  return largest;
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function grow(values: Float64Array): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(2 * values.length);
  larger.set(values);
  return larger;
}
