/**
 * A panel: columns of a Cholesky factor that follow one another and have the same rows below them, so that they are
 * eliminated together (supernodes: Ng, Peyton, SIAM Journal on Scientific Computing 14, 1993). Column c holds its diagonal,
 * the later columns of its panel, then the rows below the panel.
 */
export interface Panel {
  /** First column, and the first one after the panel. */
  readonly begin: number;
  readonly end: number;
  /** Rows below the panel. */
  readonly numBelow: number;
  /** Where the entries that its elimination changes are listed, pair by pair of the rows below. */
  readonly targets: number;
  /** Whether no other panel asks for its entries of the inverse. */
  readonly isLeaf: boolean;
}

/** Where everything of a factor stands. */
export interface Layout {
  /** Where each column begins. */
  readonly columnStart: Int32Array;
  /** Where the rows below its panel begin in each column. */
  readonly belowStart: Int32Array;
  /** What elimination changes, panel by panel. */
  readonly targets: Int32Array;
}

/** Columns whose rows are those of the column before them, but for that one's first row, join its panel. O(columns) */
export function listPanels(columnStart: Int32Array, rows: Int32Array): Panel[] {
  const panels: Panel[] = [];
  const numVariables = columnStart.length - 1;
  const lengthOf = (v: number): number => columnStart[v + 1]! - columnStart[v]!;
  // A column whose first row is v is a child of v in the elimination tree.
  const isParent = new Uint8Array(numVariables);
  let targets = 0;
  for (let begin = 0; begin < numVariables;) {
    let end = begin + 1;
    let isLeaf = isParent[begin] === 0;
    const isSequel = (v: number): boolean =>
      v < numVariables && lengthOf(v) === lengthOf(v - 1) - 1 && rows[columnStart[v - 1]! + 1] === v;
    for (; isSequel(end); end++) isLeaf &&= isParent[end] === 0;
    const numBelow = lengthOf(end - 1) - 1;
    if (numBelow > 0) isParent[rows[columnStart[end]! - numBelow]!] = 1;
    panels.push({ begin, end, numBelow, targets, isLeaf });
    targets += (numBelow * (numBelow + 1)) / 2;
    begin = end;
  }
  return panels;
}

/** Columns that are worked on at once: more would not fit the registers. */
const WIDTH = 4;

/** Eliminates the columns of a panel and scales them. O(columns · rows²) */
export function eliminate(factor: Float64Array, layout: Layout, panel: Panel): void {
  const { begin, end } = panel;
  if (end - begin > 1) eliminateInside(factor, layout.columnStart, begin, end);
  for (let c = begin; c < end;) {
    const isWide = c + WIDTH <= end;
    if (isWide) subtractFour(factor, layout, panel, c);
    else subtractOne(factor, layout, panel, c);
    c += isWide ? WIDTH : 1;
  }
  for (let c = begin; c < end; c++) {
    const start = layout.columnStart[c]!;
    const scale = 1 / factor[start]!;
    const next = layout.columnStart[c + 1]!;
    for (let a = start + 1; a < next; a++) factor[a]! *= scale;
  }
}

/** Subtracts what each column tells of the later columns of its panel. */
function eliminateInside(factor: Float64Array, columnStart: Int32Array, begin: number, end: number): void {
  for (let v = begin; v < end; v++) {
    const [start, next] = [columnStart[v]!, columnStart[v + 1]!];
    for (let c = v + 1; c < end; c++) {
      const from = start + c - v;
      const ratio = factor[from]! / factor[start]!;
      const to = columnStart[c]! - from;
      for (let a = from; a < next; a++) factor[to + a]! -= ratio * factor[a]!;
    }
  }
}

/** Subtracts what column c of a panel tells of all columns after it. */
function subtractOne(factor: Float64Array, layout: Layout, panel: Panel, c: number): void {
  const targets = layout.targets;
  const scale = 1 / factor[layout.columnStart[c]!]!;
  const below = layout.belowStart[c]!;
  const end = below + panel.numBelow;
  let target = panel.targets;
  for (let a = below; a < end; a++) {
    const ratio = factor[a]! * scale;
    for (let b = a; b < end; b++) factor[targets[target++]!]! -= ratio * factor[b]!;
  }
}

/** The same for four columns from c on. */
function subtractFour(factor: Float64Array, layout: Layout, panel: Panel, c: number): void {
  const { columnStart: starts, belowStart: belows, targets } = layout;
  const { numBelow } = panel;
  const [a0, a1, a2, a3] = [belows[c]!, belows[c + 1]!, belows[c + 2]!, belows[c + 3]!];
  const scale0 = 1 / factor[starts[c]!]!;
  const scale1 = 1 / factor[starts[c + 1]!]!;
  const scale2 = 1 / factor[starts[c + 2]!]!;
  const scale3 = 1 / factor[starts[c + 3]!]!;
  let target = panel.targets;
  for (let i = 0; i < numBelow; i++) {
    const r0 = factor[a0 + i]! * scale0;
    const r1 = factor[a1 + i]! * scale1;
    const r2 = factor[a2 + i]! * scale2;
    const r3 = factor[a3 + i]! * scale3;
    for (let j = i; j < numBelow; j++) {
      factor[targets[target++]!]! -=
        r0 * factor[a0 + j]! + r1 * factor[a1 + j]! + r2 * factor[a2 + j]! + r3 * factor[a3 + j]!;
    }
  }
}

/**
 * The columns of the inverse of a panel, whose entries are 0 and those of later columns known.
 *
 * @param scratch room for columns · rows below. O(columns · rows²)
 */
export function invert(
  inverse: Float64Array,
  factor: Float64Array,
  layout: Layout,
  panel: Panel,
  scratch: Float64Array,
): void {
  const { begin, end, numBelow } = panel;
  if (end - begin === 1) {
    invertOne(inverse, factor, layout, panel);
    return;
  }
  invertInside(inverse, factor, layout.columnStart, begin, end);
  if (numBelow === 0) return;
  // W = L_below · L_inside⁻¹, then −(inverse of what is below) · W, then what that adds inside.
  fillScratch(scratch, factor, layout, panel);
  for (let c = begin; c < end;) {
    const isWide = c + WIDTH <= end;
    if (isWide) multiplyFour(inverse, layout, panel, scratch, c);
    else multiplyOne(inverse, layout, panel, scratch, c);
    c += isWide ? WIDTH : 1;
  }
  addInside(inverse, layout, panel, scratch);
}

/** The same for a panel of one column, as most are. */
function invertOne(inverse: Float64Array, factor: Float64Array, layout: Layout, panel: Panel): void {
  const targets = layout.targets;
  const below = layout.belowStart[panel.begin]!;
  const end = below + panel.numBelow;
  let target = panel.targets;
  for (let a = below; a < end; a++) {
    const own = factor[a]!;
    let sum = own * inverse[targets[target++]!]!;
    for (let b = a + 1; b < end; b++) {
      const known = inverse[targets[target++]!]!;
      sum += factor[b]! * known;
      inverse[b]! -= own * known;
    }
    inverse[a]! -= sum;
  }
  let diagonal = 1 / factor[below - 1]!;
  for (let a = below; a < end; a++) diagonal -= factor[a]! * inverse[a]!;
  inverse[below - 1] = diagonal;
}

/** W, column by column. */
function fillScratch(scratch: Float64Array, factor: Float64Array, layout: Layout, panel: Panel): void {
  const { begin, end, numBelow } = panel;
  for (let c = end - 1; c >= begin; c--) {
    const own = (c - begin) * numBelow;
    const below = layout.belowStart[c]!;
    for (let i = 0; i < numBelow; i++) scratch[own + i] = factor[below + i]!;
    for (let a = c + 1; a < end; a++) {
      const ratio = factor[layout.columnStart[c]! + a - c]!;
      const other = (a - begin) * numBelow;
      for (let i = 0; i < numBelow; i++) scratch[own + i]! -= ratio * scratch[other + i]!;
    }
  }
}

/** Wᵀ times what is known below, added inside the panel. */
function addInside(inverse: Float64Array, layout: Layout, panel: Panel, scratch: Float64Array): void {
  const { begin, end, numBelow } = panel;
  for (let c = begin; c < end; c++) {
    const own = (c - begin) * numBelow;
    for (let a = c; a < end; a++) {
      const below = layout.belowStart[a]!;
      let sum = 0;
      for (let i = 0; i < numBelow; i++) sum += scratch[own + i]! * inverse[below + i]!;
      inverse[layout.columnStart[c]! + a - c]! -= sum;
    }
  }
}

/** The diagonal entry of the inverse of a panel of one column, those of later columns known. O(rows²) */
export function invertDiagonal(inverse: Float64Array, factor: Float64Array, layout: Layout, panel: Panel): void {
  const targets = layout.targets;
  const start = layout.columnStart[panel.begin]!;
  let variance = 1 / factor[start]!;
  let target = panel.targets;
  const end = start + 1 + panel.numBelow;
  for (let a = start + 1; a < end; a++) {
    let sum = (factor[a]! * inverse[targets[target++]!]!) / 2;
    for (let b = a + 1; b < end; b++) sum += factor[b]! * inverse[targets[target++]!]!;
    variance += 2 * factor[a]! * sum;
  }
  inverse[start] = variance;
}

/** The inverse of a panel without rows below it. */
function invertInside(
  inverse: Float64Array,
  factor: Float64Array,
  columnStart: Int32Array,
  begin: number,
  end: number,
): void {
  for (let v = end - 1; v >= begin; v--) {
    const start = columnStart[v]!;
    const next = start + end - v;
    for (let a = start + 1; a < next; a++) {
      const column = columnStart[v + a - start]! - a;
      inverse[a]! -= factor[a]! * inverse[column + a]!;
      for (let b = a + 1; b < next; b++) {
        inverse[a]! -= factor[b]! * inverse[column + b]!;
        inverse[b]! -= factor[a]! * inverse[column + b]!;
      }
    }
    let own = 1 / factor[start]!;
    for (let a = start + 1; a < next; a++) own -= factor[a]! * inverse[a]!;
    inverse[start] = own;
  }
}

/** Subtracts the inverse of what is below a panel, times column c of the scratch. */
function multiplyOne(inverse: Float64Array, layout: Layout, panel: Panel, scratch: Float64Array, c: number): void {
  const { targets } = layout;
  const { numBelow } = panel;
  const [own, below] = [(c - panel.begin) * numBelow, layout.belowStart[c]!];
  let target = panel.targets;
  for (let i = 0; i < numBelow; i++) {
    const w = scratch[own + i]!;
    let sum = w * inverse[targets[target++]!]!;
    for (let j = i + 1; j < numBelow; j++) {
      const known = inverse[targets[target++]!]!;
      sum += scratch[own + j]! * known;
      inverse[below + j]! -= w * known;
    }
    inverse[below + i]! -= sum;
  }
}

/** The same for four columns from c on. */
function multiplyFour(
  inverse: Float64Array,
  { belowStart: belows, targets }: Layout,
  panel: Panel,
  scratch: Float64Array,
  c: number,
): void {
  const { numBelow } = panel;
  const [a0, a1, a2, a3] = [belows[c]!, belows[c + 1]!, belows[c + 2]!, belows[c + 3]!];
  const w0 = (c - panel.begin) * numBelow;
  const [w1, w2, w3] = [w0 + numBelow, w0 + 2 * numBelow, w0 + 3 * numBelow];
  let target = panel.targets;
  for (let i = 0; i < numBelow; i++) {
    const x0 = scratch[w0 + i]!;
    const x1 = scratch[w1 + i]!;
    const x2 = scratch[w2 + i]!;
    const x3 = scratch[w3 + i]!;
    const own = inverse[targets[target++]!]!;
    let sum0 = x0 * own;
    let sum1 = x1 * own;
    let sum2 = x2 * own;
    let sum3 = x3 * own;
    for (let j = i + 1; j < numBelow; j++) {
      const known = inverse[targets[target++]!]!;
      sum0 += scratch[w0 + j]! * known;
      sum1 += scratch[w1 + j]! * known;
      sum2 += scratch[w2 + j]! * known;
      sum3 += scratch[w3 + j]! * known;
      inverse[a0 + j]! -= x0 * known;
      inverse[a1 + j]! -= x1 * known;
      inverse[a2 + j]! -= x2 * known;
      inverse[a3 + j]! -= x3 * known;
    }
    inverse[a0 + i]! -= sum0;
    inverse[a1 + i]! -= sum1;
    inverse[a2 + i]! -= sum2;
    inverse[a3 + i]! -= sum3;
  }
}
