import { CoverColumns, entryOf, type SideRow, type SlotContent } from "./cover-columns.js";
import type { WorkMeter } from "./work-meter.js";

/** Reduced costs above it are worth a pivot; entries of a column above it may be pivots. */
const TOLERANCE = 1e-9;
/** Right-hand sides are raised by up to so much, each by another part of it, so that steps of length 0 are rare. */
const PERTURBATION = 1e-6;
const GOLDEN = 0.618033988749895;
/** Pivots after which the inverse is computed anew. */
const PIVOTS_PER_INVERSE = 150;
/** Entries of the inverse that count as one look. */
const ENTRIES_PER_LOOK = 4;

/** A variable and its reduced cost. */
interface Entering {
  readonly variable: number;
  readonly reduced: number;
}

/**
 * The linear program of slot contents: the rows of tasks and of branches lack as little as possible, or contents that have a cost cost as little as possible,
 *
 *   min Σ_i a_i + Σ_r a_r + Σ_S cost_S x_S
 *                            (1) Σ_S |S ∩ i| x_S + a_i ≥ demand_i for every kind of task i
 *                            (2) − Σ_{S of g} x_S ≥ − count_g for every group g of slots
 *                            (3) Σ_S sign_r |S ∩ members_r| x_S + a_r ≥ rhs_r for every side row r
 *
 * over a ≥ 0 and x ≥ 0; contents are added as they are found (column generation: Gilmore, Gomory, Operations Research 9, 1961). Primal
 * simplex with a dense inverse: the rows are few, and a content has few tasks.
 */
export class CoverProgram {
  /** Dual of each row, in the order of (1), (2), (3): ≥ 0, those of (1) and (3) at most 1. */
  duals: Float64Array;
  /** What the rows lack at the optimum over the contents so far. */
  lack = 0;
  /** What the contents of the optimum cost, and what lacks with them. */
  cost = 0;
  /** Contents of the pool that were offered to it already. */
  numSeen = 0;
  #columns: CoverColumns;
  #sides: SideRow[] = [];
  #numRows: number;
  #rhs: Float64Array;
  #inverse: Float64Array;
  /** Variable of each row: what row r lacks, 2r; what it has too much, 2r + 1; content k, −1 − k. */
  #basic: Int32Array;
  #value: Float64Array;
  #column: Float64Array;
  #numPivots = 0;
  private readonly numKinds: number;

  /**
   * @param demand tasks of each kind
   * @param counts slots of each group
   */
  constructor(
    private readonly demand: ArrayLike<number>,
    private readonly counts: ArrayLike<number>,
    private readonly meter: WorkMeter,
  ) {
    const numKinds = (this.numKinds = demand.length);
    const m = numKinds + counts.length;
    this.#numRows = m;
    this.duals = new Float64Array(m);
    this.#rhs = Float64Array.from(
      { length: m },
      (_, row) => (row < numKinds ? demand[row]! : -counts[row - numKinds]!) + nudge(row),
    );
    this.#inverse = new Float64Array(m * m);
    for (let row = 0; row < m; row++) this.#inverse[row * m + row] = row < numKinds ? 1 : -1;
    this.#basic = Int32Array.from({ length: m }, (_, row) => (row < numKinds ? 2 * row : 2 * row + 1));
    this.#value = this.#rhs.map(Math.abs);
    this.#column = new Float64Array(m);
    this.#columns = new CoverColumns(numKinds, counts.length, meter);
  }

  get sides(): readonly SideRow[] {
    return this.#sides;
  }

  add(content: SlotContent): void {
    this.#columns.add(content);
  }

  /** The same program with one more side row, from where this one ended. */
  withSide(row: SideRow): CoverProgram {
    const next = new CoverProgram(this.demand, this.counts, this.meter);
    const m = this.#numRows;
    const contents = this.#columns.all;
    next.numSeen = this.numSeen;
    next.#numRows = m + 1;
    next.#sides = [...this.#sides, row];
    next.#columns = new CoverColumns(this.numKinds, this.counts.length, this.meter, contents);
    next.#rhs = extended(this.#rhs, row.rhs + nudge(m));
    next.#column = new Float64Array(m + 1);
    next.duals = extended(this.duals, 0);
    next.#inverse = new Float64Array((m + 1) * (m + 1));
    const last = new Float64Array(m + 1);
    let activity = 0;
    for (let r = 0; r < m; r++) {
      next.#inverse.set(this.#inverse.subarray(r * m, (r + 1) * m), r * (m + 1));
      const entry = this.#basic[r]! < 0 ? entryOf(row, contents[-1 - this.#basic[r]!]!) : 0;
      if (entry === 0) continue;
      activity += entry * this.#value[r]!;
      for (let k = 0; k < m; k++) last[k]! -= entry * this.#inverse[r * m + k]!;
    }
    last[m] = 1;
    const isLacking = activity < next.#rhs[m]!;
    next.#inverse.set(isLacking ? last : last.map((entry) => -entry), m * (m + 1));
    next.#basic = Int32Array.from({ length: m + 1 }, (_, r) =>
      r < m ? this.#basic[r]! : isLacking ? 2 * m : 2 * m + 1,
    );
    next.#value = extended(this.#value, Math.abs(next.#rhs[m]! - activity));
    this.meter.spend((m * m) / ENTRIES_PER_LOOK + contents.length);
    return next;
  }

  /** Solves over the contents so far, from where the last solve ended. */
  solve(): void {
    this.#readDuals();
    for (let entering = this.#enters(); entering !== null; entering = this.#enters()) {
      if (this.meter.isSpent()) break;
      this.#readColumn(entering.variable);
      const row = this.#leaves();
      if (row < 0) break;
      this.#pivot(row, entering);
    }
    this.#readDuals();
    this.lack = 0;
    this.cost = 0;
    for (let row = 0; row < this.#numRows; row++) {
      if (this.#basic[row]! >= 0 && this.#basic[row]! % 2 === 0) this.lack += this.#value[row]!;
      this.cost += this.#costOf(this.#basic[row]!) * this.#value[row]!;
    }
    for (let row = 0; row < this.#numRows; row++) {
      this.duals[row] = Math.min(this.#isElastic(row) ? 1 : Infinity, Math.max(0, this.duals[row]!));
    }
  }

  /** How much of each content the solution takes, those above 0 alone. */
  chosen(): { readonly content: SlotContent; readonly amount: number }[] {
    const all: { content: SlotContent; amount: number }[] = [];
    for (let row = 0; row < this.#numRows; row++) {
      if (this.#basic[row]! >= 0 || this.#value[row]! <= 100 * PERTURBATION) continue;
      all.push({ content: this.#columns.all[-1 - this.#basic[row]!]!, amount: this.#value[row]! });
    }
    return all;
  }

  /** What rows lack costs 1 for each unit. */
  #costOf(variable: number): number {
    if (variable < 0) return this.#columns.all[-1 - variable]!.cost ?? 0;
    return variable % 2 === 0 ? 1 : 0;
  }

  #isElastic(row: number): boolean {
    return row < this.numKinds || row >= this.numKinds + this.counts.length;
  }

  #readDuals(): void {
    const m = this.#numRows;
    this.duals.fill(0);
    for (let row = 0; row < m; row++) {
      const cost = this.#costOf(this.#basic[row]!);
      if (cost === 0) continue;
      for (let k = 0; k < m; k++) this.duals[k]! += cost * this.#inverse[row * m + k]!;
    }
    this.meter.spend((m * m) / ENTRIES_PER_LOOK);
  }

  /** A variable with a reduced cost below 0, the least of those looked at; null where there is none. */
  #enters(): Entering | null {
    const { duals } = this;
    let [variable, least]: [number | null, number] = [null, -TOLERANCE];
    for (let row = 0; row < this.#numRows; row++) {
      if (this.#isElastic(row) && 1 - duals[row]! < least) [variable, least] = [2 * row, 1 - duals[row]!];
      if (duals[row]! < least) [variable, least] = [2 * row + 1, duals[row]!];
    }
    this.meter.spend(this.#numRows);
    const column = this.#columns.bestCandidate(duals, this.#sides, least);
    if (column !== null) return { variable: -1 - column.index, reduced: column.reduced };
    if (variable !== null) return { variable, reduced: least };
    const other = this.#columns.bestOfAll(duals, this.#sides, least);
    return other === null ? null : { variable: -1 - other.index, reduced: other.reduced };
  }

  /** B⁻¹ times the column of a variable. */
  #readColumn(variable: number): void {
    const [m, inverse, column] = [this.#numRows, this.#inverse, this.#column];
    if (variable >= 0) {
      const [at, sign] = [variable >> 1, variable % 2 === 0 ? 1 : -1];
      for (let row = 0; row < m; row++) column[row] = sign * inverse[row * m + at]!;
      return;
    }
    const content = this.#columns.all[-1 - variable]!;
    const { group, tasks } = content;
    const side = this.#sides.map((row) => entryOf(row, content));
    const groupRow = this.numKinds + group;
    const firstSide = this.numKinds + this.counts.length;
    for (let row = 0; row < m; row++) {
      let sum = -inverse[row * m + groupRow]!;
      for (let t = 0; t < tasks.length; t++) sum += inverse[row * m + tasks[t]!]!;
      for (let r = 0; r < side.length; r++) if (side[r] !== 0) sum += side[r]! * inverse[row * m + firstSide + r]!;
      column[row] = sum;
    }
  }

  /** The row whose variable is the first to fall to 0; of equal ones, that with the largest pivot. */
  #leaves(): number {
    let [best, least, pivot] = [-1, Infinity, 0];
    for (let row = 0; row < this.#numRows; row++) {
      const entry = this.#column[row]!;
      if (entry <= TOLERANCE) continue;
      const ratio = Math.max(0, this.#value[row]!) / entry;
      if (ratio < least - TOLERANCE || (ratio < least + TOLERANCE && entry > pivot)) {
        [best, least, pivot] = [row, Math.min(ratio, least), entry];
      }
    }
    return best;
  }

  #pivot(leaving: number, { variable, reduced }: Entering): void {
    const [m, column] = [this.#numRows, this.#column];
    this.#basic[leaving] = variable;
    this.#eliminate(leaving);
    this.meter.spend((m * m) / ENTRIES_PER_LOOK);
    if (++this.#numPivots % PIVOTS_PER_INVERSE === 0) {
      this.#invert();
      this.#readDuals();
      return;
    }
    const step = this.#value[leaving]! / column[leaving]!;
    for (let row = 0; row < m; row++) if (row !== leaving) this.#value[row]! -= step * column[row]!;
    this.#value[leaving] = step;
    for (let k = 0; k < m; k++) this.duals[k]! += reduced * this.#inverse[leaving * m + k]!;
  }

  #eliminate(pivotRow: number): void {
    const [m, inverse, column] = [this.#numRows, this.#inverse, this.#column];
    const start = pivotRow * m;
    const pivot = column[pivotRow]!;
    for (let k = 0; k < m; k++) inverse[start + k]! /= pivot;
    for (let row = 0; row < m; row++) {
      const factor = column[row]!;
      if (row === pivotRow || factor === 0) continue;
      for (let k = 0; k < m; k++) inverse[row * m + k]! -= factor * inverse[start + k]!;
    }
  }

  /** The inverse of the basis from its columns, one after another, each with its largest pivot; then the values. */
  #invert(): void {
    const m = this.#numRows;
    const variables = this.#basic.slice();
    this.#inverse.fill(0);
    for (let row = 0; row < m; row++) this.#inverse[row * m + row] = 1;
    const isTaken = new Uint8Array(m);
    for (const variable of variables) {
      this.#readColumn(variable);
      let row = -1;
      for (let k = 0; k < m; k++) {
        if (isTaken[k] === 0 && (row < 0 || Math.abs(this.#column[k]!) > Math.abs(this.#column[row]!))) row = k;
      }
      isTaken[row] = 1;
      this.#basic[row] = variable;
      this.#eliminate(row);
    }
    for (let row = 0; row < m; row++) {
      let sum = 0;
      for (let k = 0; k < m; k++) sum += this.#inverse[row * m + k]! * this.#rhs[k]!;
      this.#value[row] = sum;
    }
    this.meter.spend((m * m * m) / ENTRIES_PER_LOOK);
  }
}

function nudge(row: number): number {
  return PERTURBATION * (0.5 + ((row * GOLDEN) % 1));
}

function extended(values: Float64Array, last: number): Float64Array {
  const longer = new Float64Array(values.length + 1);
  longer.set(values);
  longer[values.length] = last;
  return longer;
}
