/** How the variables of a sparse symmetric matrix are eliminated, and what fills in. */
export interface Elimination {
  /** New number of each variable: they are eliminated in the order of these. */
  readonly order: Int32Array;
  /** Rows below the diagonal of each factor column, in new numbers, ascending. */
  readonly columns: readonly Int32Array[];
}

/**
 * Eliminates in an order that fills in as little as that of the given numbers, but in which columns with the same rows
 * follow one another: the elimination tree in postorder (Liu, SIAM Journal on Matrix Analysis and Applications 11, 1990).
 * Members of a clique keep their order among themselves.
 *
 * @param members variables of the cliques one after another, ascending in each
 * @param start clique k is members[start[k] … start[k + 1] − 1]. O(fill · log fill)
 */
export function planElimination(numVariables: number, members: Int32Array, start: Int32Array): Elimination {
  const given = symbolicColumns(numVariables, members, start);
  const order = postorder(given);
  const columns = new Array<Int32Array>(numVariables);
  given.forEach((rows, v) => {
    // The rows of a column are its ancestors, and these keep their order.
    for (let k = 0; k < rows.length; k++) rows[k] = order[rows[k]!]!;
    columns[order[v]!] = rows;
  });
  return { order, columns };
}

/** Place of each column in a postorder of the elimination tree; of the children of a column the last ones stand last. */
function postorder(columns: readonly Int32Array[]): Int32Array {
  const numVariables = columns.length;
  const parentOf = (v: number): number => columns[v]![0] ?? numVariables;
  const sizes = new Int32Array(numVariables + 1).fill(1);
  for (let v = 0; v < numVariables; v++) sizes[parentOf(v)]! += sizes[v]!;
  // Where the last subtree that is not placed yet ends, by parent.
  const ends = new Int32Array(numVariables + 1);
  ends[numVariables] = numVariables;
  const order = new Int32Array(numVariables);
  for (let v = numVariables - 1; v >= 0; v--) {
    const parent = parentOf(v);
    order[v] = ends[parent]! - 1;
    ends[v] = order[v]!;
    ends[parent]! -= sizes[v]!;
  }
  return order;
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
