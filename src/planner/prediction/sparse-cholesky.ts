/**
 * Cholesky factors L D Lᵀ of a sparse symmetric positive definite matrix whose pattern is a union of cliques, and the part
 * of its inverse that lies in the pattern of the factors (Davis, Direct Methods for Sparse Linear Systems, 2006, chapter 4;
 * Takahashi, Fagan, Chin, 1973; Erisman, Tinney, CACM 18, 1975). Variables are eliminated in the order of their numbers.
 *
 * Entries live in one array: column by column, the diagonal first, then the rows below it in ascending order.
 */
export class SparseCholesky {
  /** Where column v begins; its last entry is at columnStart[v + 1] − 1. */
  readonly columnStart: Int32Array;
  readonly #rows: Int32Array;
  /** For each column the entries that its elimination changes, pair by pair of its rows. */
  readonly #targetStart: Int32Array;
  readonly #targets: Int32Array;
  readonly #factor: Float64Array;

  /**
   * @param members variables of the cliques one after another, ascending in each
   * @param start clique k is members[start[k] … start[k + 1] − 1]. O(fill · log fill)
   */
  constructor(
    readonly numVariables: number,
    members: Int32Array,
    start: Int32Array,
  ) {
    const columns = symbolicColumns(numVariables, members, start);
    this.columnStart = new Int32Array(numVariables + 1);
    this.#targetStart = new Int32Array(numVariables + 1);
    columns.forEach((rows, v) => {
      this.columnStart[v + 1] = this.columnStart[v]! + 1 + rows.length;
      this.#targetStart[v + 1] = this.#targetStart[v]! + (rows.length * (rows.length + 1)) / 2;
    });
    this.#rows = new Int32Array(this.columnStart[numVariables]!);
    columns.forEach((rows, v) => {
      this.#rows[this.columnStart[v]!] = v;
      this.#rows.set(rows, this.columnStart[v]! + 1);
    });
    this.#targets = new Int32Array(this.#targetStart[numVariables]!);
    this.#factor = new Float64Array(this.#rows.length);
    columns.forEach((rows, v) => {
      let target = this.#targetStart[v]!;
      for (let a = 0; a < rows.length; a++) {
        for (let b = a; b < rows.length; b++) this.#targets[target++] = this.place(rows[a]!, rows[b]!);
      }
    });
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

  /** Factors the matrix with these entries, which are left alone, and this added to its diagonal. O(fill · rows of a column) */
  factorize(entries: Float64Array, diagonal: Float64Array): void {
    const [factor, targets] = [this.#factor, this.#targets];
    factor.set(entries);
    for (let v = 0; v < this.numVariables; v++) factor[this.columnStart[v]!]! += diagonal[v]!;
    for (let v = 0; v < this.numVariables; v++) {
      const start = this.columnStart[v]!;
      const end = this.columnStart[v + 1]!;
      const pivot = factor[start]!;
      let target = this.#targetStart[v]!;
      for (let a = start + 1; a < end; a++) {
        const ratio = factor[a]! / pivot;
        for (let b = a; b < end; b++) factor[targets[target++]!]! -= ratio * factor[b]!;
      }
      for (let a = start + 1; a < end; a++) factor[a]! /= pivot;
    }
  }

  /** Solves in place for the matrix factorized last. O(fill) */
  solve(vector: Float64Array): void {
    const [factor, rows] = [this.#factor, this.#rows];
    for (let v = 0; v < this.numVariables; v++) {
      const value = vector[v]!;
      for (let a = this.columnStart[v]! + 1; a < this.columnStart[v + 1]!; a++) vector[rows[a]!]! -= factor[a]! * value;
    }
    for (let v = this.numVariables - 1; v >= 0; v--) {
      let value = vector[v]! / factor[this.columnStart[v]!]!;
      for (let a = this.columnStart[v]! + 1; a < this.columnStart[v + 1]!; a++) value -= factor[a]! * vector[rows[a]!]!;
      vector[v] = value;
    }
  }

  /** Entries of the inverse of the matrix factorized last, in the pattern of the factors, into an array. O(fill · rows of a column) */
  selectedInverse(inverse: Float64Array = new Float64Array(this.numEntries)): Float64Array {
    const [factor, targets] = [this.#factor, this.#targets];
    inverse.fill(0);
    for (let v = this.numVariables - 1; v >= 0; v--) {
      const start = this.columnStart[v]!;
      const end = this.columnStart[v + 1]!;
      let target = this.#targetStart[v]!;
      for (let a = start + 1; a < end; a++) {
        inverse[a]! -= factor[a]! * inverse[targets[target++]!]!;
        for (let b = a + 1; b < end; b++) {
          const known = inverse[targets[target++]!]!;
          inverse[a]! -= factor[b]! * known;
          inverse[b]! -= factor[a]! * known;
        }
      }
      let own = 1 / factor[start]!;
      for (let a = start + 1; a < end; a++) own -= factor[a]! * inverse[a]!;
      inverse[start] = own;
    }
    return inverse;
  }
}

/**
 * Rows below the diagonal of each factor column, ascending. What a column shares with its first row is passed on to that
 * row's column, its parent in the elimination tree, so only the cliques that begin at a column have to be looked at.
 */
function symbolicColumns(numVariables: number, members: Int32Array, start: Int32Array): Int32Array[] {
  const { first, next } = listByBeginning(numVariables, members, start);
  const seen = new Int32Array(numVariables).fill(-1);
  const columns: Int32Array[] = [];
  // Children of a column in the elimination tree, as linked lists.
  const [firstChild, nextChild] = [new Int32Array(numVariables).fill(-1), new Int32Array(numVariables)];
  const rows = new Int32Array(numVariables);
  for (let v = 0; v < numVariables; v++) {
    let numRows = 0;
    seen[v] = v;
    for (let k = first[v]!; k !== -1; k = next[k]!) {
      for (let m = start[k]!; m < start[k + 1]!; m++) {
        const row = members[m]!;
        if (seen[row] === v) continue;
        seen[row] = v;
        rows[numRows++] = row;
      }
    }
    for (let child = firstChild[v]!; child !== -1; child = nextChild[child]!) {
      for (const row of columns[child]!) {
        if (seen[row] === v) continue;
        seen[row] = v;
        rows[numRows++] = row;
      }
    }
    columns.push(sortedHead(rows, numRows));
    const parent = columns[v]![0];
    if (parent === undefined) continue;
    nextChild[v] = firstChild[parent]!;
    firstChild[parent] = v;
  }
  return columns;
}

/** Cliques by their first variable, as linked lists; −1 ends one. */
function listByBeginning(
  numVariables: number,
  members: Int32Array,
  start: Int32Array,
): { first: Int32Array; next: Int32Array } {
  const first = new Int32Array(numVariables).fill(-1);
  const next = new Int32Array(start.length - 1);
  for (let k = start.length - 2; k >= 0; k--) {
    if (start[k] === start[k + 1]) continue;
    const beginning = members[start[k]!]!;
    next[k] = first[beginning]!;
    first[beginning] = k;
  }
  return { first, next };
}

/** The first numbers of an array, ascending. */
function sortedHead(numbers: Int32Array, count: number): Int32Array {
  const head = numbers.slice(0, count);
  if (count > SHORT) return head.sort();
  sortShort(head, 0, count);
  return head;
}

/** Numbers up to which insertion beats the sort of typed arrays. */
const SHORT = 24;

/** Sorts numbers from `begin` on, ascending, by insertion: for few of them. */
export function sortShort(numbers: Int32Array, begin: number, end: number): void {
  for (let i = begin + 1; i < end; i++) {
    const value = numbers[i]!;
    let j = i - 1;
    for (; j >= begin && numbers[j]! > value; j--) numbers[j + 1] = numbers[j]!;
    numbers[j + 1] = value;
  }
}
