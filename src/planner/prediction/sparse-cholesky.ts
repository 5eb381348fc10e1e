import { planElimination } from "./elimination.js";
import { eliminate, invert, invertDiagonal, type Layout, listPanels, type Panel } from "./panels.js";

/**
 * Cholesky factors L D Lᵀ of a sparse symmetric positive definite matrix whose pattern is a union of cliques, and the part
 * of its inverse that lies in the pattern of the factors (Davis, Direct Methods for Sparse Linear Systems, 2006, chapter 4;
 * Takahashi, Fagan, Chin, 1973; Erisman, Tinney, CACM 18, 1975). Variables are renumbered (`order`); all that is asked or
 * told is by new numbers.
 *
 * Entries live in one array: column by column, the diagonal first, then the rows below it in ascending order.
 */
export class SparseCholesky {
  /** New number of each variable; members of a clique keep their order among themselves. */
  readonly order: Int32Array;
  /** Where column v begins; its last entry is at columnStart[v + 1] − 1. */
  readonly columnStart: Int32Array;
  readonly #rows: Int32Array;
  /** In the order of elimination. */
  readonly #panels: readonly Panel[];
  /** First column after the panel of each column. */
  readonly #panelEnd: Int32Array;
  readonly #layout: Layout;
  readonly #factor: Float64Array;
  readonly #scratch: Float64Array;

  /**
   * @param members variables of the cliques one after another, ascending in each
   * @param start clique k is members[start[k] … start[k + 1] − 1]. O(fill · log fill)
   */
  constructor(
    readonly numVariables: number,
    members: Int32Array,
    start: Int32Array,
  ) {
    const { order, columns } = planElimination(numVariables, members, start);
    this.order = order;
    this.columnStart = new Int32Array(numVariables + 1);
    columns.forEach((rows, v) => (this.columnStart[v + 1] = this.columnStart[v]! + 1 + rows.length));
    this.#rows = new Int32Array(this.columnStart[numVariables]!);
    columns.forEach((rows, v) => {
      this.#rows[this.columnStart[v]!] = v;
      this.#rows.set(rows, this.columnStart[v]! + 1);
    });
    this.#factor = new Float64Array(this.#rows.length);
    this.#panels = listPanels(this.columnStart, this.#rows);
    this.#panelEnd = new Int32Array(numVariables);
    for (const { begin, end } of this.#panels) this.#panelEnd.fill(end, begin, end);
    const { numTargets, room } = sizesOf(this.#panels);
    this.#scratch = new Float64Array(room);
    const targets = new Int32Array(numTargets);
    const belowStart = startsBelow(this.#panels, this.columnStart);
    this.#layout = { columnStart: this.columnStart, belowStart, targets };
    for (const { begin, numBelow, targets: first } of this.#panels) {
      this.listPairs(this.#rows, belowStart[begin]!, belowStart[begin]! + numBelow, targets, first);
    }
  }

  get numEntries(): number {
    return this.#rows.length;
  }

  /** Place of the entry (row, column), column ≤ row, null where the pattern does not hold it. O(log rows) */
  find(column: number, row: number): number | null {
    const place = this.place(column, row);
    return this.#rows[place] === row ? place : null;
  }

  /** The same where the pattern is known to hold it. */
  place(column: number, row: number): number {
    let low = this.columnStart[column]!;
    let high = this.columnStart[column + 1]! - 1;
    // Columns mostly end with a run of the last variables.
    const guess = high + 1 - this.numVariables + row;
    if (guess >= low && this.#rows[guess] === row) return guess;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows[middle]! < row) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Places of the entries of a clique, pair by pair of its members, which stand ascending between `begin` and `end`,
   * into an array from a place on; returns the place after the last one. O(members² + members · panels · log rows)
   */
  listPairs(members: Int32Array, begin: number, end: number, into: Int32Array, at: number): number {
    let entry = at;
    for (let i = begin; i < end;) {
      const first = members[i]!;
      const panelEnd = this.#panelEnd[first]!;
      const row = entry;
      for (let j = i; j < end; j++) into[entry++] = this.place(first, members[j]!);
      // The rows of the other columns of the panel stand as those of the first one.
      let k = i + 1;
      for (; k < end && members[k]! < panelEnd; k++) {
        const moved = this.columnStart[members[k]!]! - into[row + k - i]!;
        for (let j = k; j < end; j++) into[entry++] = into[row + j - i]! + moved;
      }
      i = k;
    }
    return entry;
  }

  /** Factors the matrix with these entries, which are left alone, and this added to its diagonal. O(fill · rows of a column) */
  factorize(entries: Float64Array, diagonal: Float64Array): void {
    const factor = this.#factor;
    factor.set(entries);
    for (let v = 0; v < this.numVariables; v++) factor[this.columnStart[v]!]! += diagonal[v]!;
    for (const panel of this.#panels) eliminate(factor, this.#layout, panel);
  }

  /** Solves in place for the matrix factorized last. O(fill) */
  solve(vector: Float64Array): void {
    const [factor, rows, columnStart] = [this.#factor, this.#rows, this.columnStart];
    for (let v = 0; v < this.numVariables; v++) {
      const value = vector[v]!;
      const end = columnStart[v + 1]!;
      for (let a = columnStart[v]! + 1; a < end; a++) vector[rows[a]!]! -= factor[a]! * value;
    }
    for (let v = this.numVariables - 1; v >= 0; v--) {
      const [start, end] = [columnStart[v]!, columnStart[v + 1]!];
      let value = vector[v]! / factor[start]!;
      for (let a = start + 1; a < end; a++) value -= factor[a]! * vector[rows[a]!]!;
      vector[v] = value;
    }
  }

  /**
   * Entries of the inverse of the matrix factorized last, in the pattern of the factors, into an array. Where the diagonal
   * is all that is wanted, only what it takes: the rest is rubbish. O(fill · rows of a column)
   */
  selectedInverse(
    inverse: Float64Array = new Float64Array(this.numEntries),
    wanted: "pattern" | "diagonal" = "pattern",
  ): Float64Array {
    inverse.fill(0);
    for (let k = this.#panels.length - 1; k >= 0; k--) {
      const panel = this.#panels[k]!;
      if (wanted === "diagonal" && panel.isLeaf && panel.end - panel.begin === 1) {
        invertDiagonal(inverse, this.#factor, this.#layout, panel);
      } else invert(inverse, this.#factor, this.#layout, panel, this.#scratch);
    }
    return inverse;
  }
}

/** Where the rows below its panel begin in each column. */
function startsBelow(panels: readonly Panel[], columnStart: Int32Array): Int32Array {
  const starts = new Int32Array(columnStart.length - 1);
  for (const { begin, end } of panels) for (let c = begin; c < end; c++) starts[c] = columnStart[c]! + end - c;
  return starts;
}

/** Length of the list of targets, and the room that inverting a panel needs. */
function sizesOf(panels: readonly Panel[]): { numTargets: number; room: number } {
  let [numTargets, room] = [0, 0];
  for (const { begin, end, numBelow, targets } of panels) {
    numTargets = targets + (numBelow * (numBelow + 1)) / 2;
    room = Math.max(room, (end - begin) * numBelow);
  }
  return { numTargets, room };
}
