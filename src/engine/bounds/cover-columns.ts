import type { WorkMeter } from "./work-meter.js";

/** Columns of the last pass over all of them that are looked at first: the best of them stay the best for some pivots. Measured. */
const MAX_CANDIDATES = 40;
const LOOKS_PER_COLUMN = 8;

/** One content of a slot, and the group of like slots it is for. */
export interface SlotContent {
  readonly group: number;
  /** Kinds of its tasks, in ascending order, a kind as often as it has tasks of it. Where no tasks are alike, each is its own kind. */
  readonly tasks: readonly number[];
  /** What one of it costs, where 1 is the cost of a task that is lacking; default 0. */
  readonly cost?: number;
}

/** Σ_S sign · |S ∩ members| x_S ≥ rhs over the contents S of a group: what a branch says of it. Members are kinds of tasks. */
export interface SideRow {
  readonly group: number;
  readonly members: Uint8Array;
  readonly sign: 1 | -1;
  readonly rhs: number;
}

/** The contents of a cover program, and which of them is worth a pivot. */
export class CoverColumns {
  readonly all: SlotContent[];
  #candidates: number[] = [];
  readonly #gains: Float64Array;

  constructor(
    private readonly numKinds: number,
    private readonly numGroups: number,
    private readonly meter: WorkMeter,
    contents: readonly SlotContent[] = [],
  ) {
    this.all = contents.slice();
    this.#gains = new Float64Array(numKinds * numGroups);
  }

  add(content: SlotContent): void {
    this.all.push(content);
  }

  /**
   * The column of the least reduced cost below `below` among those that were good in the last pass over all (partial pricing); null where
   * none of them is left.
   */
  bestCandidate(
    duals: Float64Array,
    sides: readonly SideRow[],
    below: number,
  ): { index: number; reduced: number } | null {
    const firstSide = this.numKinds + this.numGroups;
    let [index, least] = [-1, below];
    for (const k of this.#candidates) {
      const content = this.all[k]!;
      const { group, tasks, cost = 0 } = content;
      let reduced = duals[this.numKinds + group]! + cost;
      for (let t = 0; t < tasks.length; t++) reduced -= duals[tasks[t]!]!;
      for (let r = 0; r < sides.length; r++) {
        if (sides[r]!.group === group) reduced -= entryOf(sides[r]!, content) * duals[firstSide + r]!;
      }
      if (reduced < least) [index, least] = [k, reduced];
    }
    this.meter.spend(LOOKS_PER_COLUMN * this.#candidates.length);
    return index < 0 ? null : { index, reduced: least };
  }

  /** The same among all columns; the best of them are the candidates from then on. O(columns · tasks of one). */
  bestOfAll(duals: Float64Array, sides: readonly SideRow[], below: number): { index: number; reduced: number } | null {
    const { numKinds } = this;
    const gains = this.#readGains(duals, sides);
    const found: { index: number; reduced: number }[] = [];
    for (let index = 0; index < this.all.length; index++) {
      const { group, tasks, cost = 0 } = this.all[index]!;
      let reduced = duals[numKinds + group]! + cost;
      for (let t = 0; t < tasks.length; t++) reduced -= gains[group * numKinds + tasks[t]!]!;
      if (reduced < below) found.push({ index, reduced });
    }
    this.meter.spend(LOOKS_PER_COLUMN * this.all.length + gains.length);
    found.sort((a, b) => a.reduced - b.reduced || a.index - b.index);
    this.#candidates = found.slice(0, MAX_CANDIDATES).map(({ index }) => index);
    return found[0] ?? null;
  }

  /** What a task adds to the gain of a content: its own dual and those of the side rows that count it, by group and task. */
  #readGains(duals: Float64Array, sides: readonly SideRow[]): Float64Array {
    const { numKinds, numGroups } = this;
    const gains = this.#gains;
    for (let group = 0; group < numGroups; group++) gains.set(duals.subarray(0, numKinds), group * numKinds);
    const firstSide = numKinds + numGroups;
    for (const [r, { group, members, sign }] of sides.entries()) {
      const gain = sign * duals[firstSide + r]!;
      if (gain === 0) continue;
      for (let task = 0; task < numKinds; task++) gains[group * numKinds + task]! += members[task]! * gain;
    }
    return gains;
  }
}

export function entryOf({ group, members, sign }: SideRow, content: SlotContent): number {
  if (content.group !== group) return 0;
  let sum = 0;
  const { tasks } = content;
  for (let t = 0; t < tasks.length; t++) sum += members[tasks[t]!]!;
  return sign * sum;
}
