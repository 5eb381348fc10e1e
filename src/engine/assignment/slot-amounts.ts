import type { WorkMeter } from "../bounds/work-meter.js";

/** Like tasks counted together, and groups of like slots: what a task of each kind costs and takes on a slot of each group. */
export interface LikeTasks {
  /** Tasks of each kind. */
  readonly demand: Int32Array;
  /** Slots of each group. */
  readonly slots: Int32Array;
  /** Room of one slot of each group; Infinity where unlimited. */
  readonly room: Float64Array;
  /** By kind and group, kind · groups + group. */
  readonly cost: Float64Array;
  /** The same; Infinity where a task of the kind cannot go there. */
  readonly use: Float64Array;
}

/** Gains below it are none, in largest costs. */
const LEAST_GAIN = 1e-12;

/** How many tasks of each kind each slot has; slots stand in the order of groups. */
export class SlotAmounts {
  /** Group of each slot. */
  readonly groupOf: Int32Array;
  /** By slot and kind, slot · kinds + kind. */
  readonly amounts: Int32Array;
  /** Tasks of each kind that are nowhere yet. */
  readonly left: Int32Array;
  readonly #roomLeft: Float64Array;
  readonly #leastGain: number;

  constructor(
    private readonly like: LikeTasks,
    private readonly meter: WorkMeter,
  ) {
    const { demand, slots, room, cost, use } = like;
    this.groupOf = Int32Array.from([...slots.keys()].flatMap((group) => new Array<number>(slots[group]!).fill(group)));
    this.amounts = new Int32Array(this.groupOf.length * demand.length);
    this.left = demand.slice();
    this.#roomLeft = Float64Array.from(this.groupOf, (group) => room[group]!);
    this.#leastGain =
      LEAST_GAIN * cost.reduce((most, one, pair) => (use[pair]! < Infinity ? Math.max(most, Math.abs(one)) : most), 0);
  }

  copy(): SlotAmounts {
    const other = new SlotAmounts(this.like, this.meter);
    other.amounts.set(this.amounts);
    other.left.set(this.left);
    other.#roomLeft.set(this.#roomLeft);
    return other;
  }

  cost(): number {
    let sum = 0;
    for (let slot = 0; slot < this.groupOf.length; slot++) {
      for (let kind = 0; kind < this.left.length; kind++) {
        const count = this.amounts[slot * this.left.length + kind]!;
        if (count > 0) sum += count * this.#cost(kind, slot);
      }
    }
    return sum;
  }

  /** Moves so many tasks of a kind, below 0 out of the slot. */
  put(slot: number, kind: number, count: number): void {
    if (count === 0) return;
    this.amounts[slot * this.left.length + kind]! += count;
    this.left[kind]! -= count;
    this.#roomLeft[slot]! -= count * this.#use(kind, slot);
  }

  /** As many tasks of a kind as are left and the slot has room for, no more than so many. */
  fill(slot: number, kind: number, most: number): void {
    const use = this.#use(kind, slot);
    const fits = use > 0 ? Math.floor(this.#roomLeft[slot]! / use) : most;
    this.put(slot, kind, Math.max(0, Math.min(most, fits, this.left[kind]!)));
  }

  /**
   * Places what is left where it costs least among the slots with room, or where an exchange of two others makes room for it. False where one task cannot
   * be placed so. O(tasks left · (slots · kinds)²)
   */
  placeLeft(): boolean {
    for (let kind = 0; kind < this.left.length; kind++) {
      while (this.left[kind]! > 0) if (this.meter.isSpent() || !(this.#place(kind) || this.#insert(kind))) return false;
    }
    return true;
  }

  /** Shifts and exchanges of single tasks between slots while one gains. */
  improve(): void {
    for (let hasGained = true; hasGained && !this.meter.isSpent();) {
      hasGained = false;
      for (let slot = 0; slot < this.groupOf.length; slot++) {
        for (let kind = 0; kind < this.left.length; kind++) if (this.#moveOne(slot, kind)) hasGained = true;
      }
    }
  }

  #use(kind: number, slot: number): number {
    return this.like.use[kind * this.like.slots.length + this.groupOf[slot]!]!;
  }

  #cost(kind: number, slot: number): number {
    return this.like.cost[kind * this.like.slots.length + this.groupOf[slot]!]!;
  }

  #has(slot: number, kind: number): boolean {
    return this.amounts[slot * this.left.length + kind]! > 0;
  }

  #place(kind: number): boolean {
    let [best, least] = [-1, Infinity];
    for (let slot = 0; slot < this.groupOf.length; slot++) {
      if (this.#use(kind, slot) > this.#roomLeft[slot]! || this.#cost(kind, slot) >= least) continue;
      [best, least] = [slot, this.#cost(kind, slot)];
    }
    this.meter.spend(this.groupOf.length);
    if (best >= 0) this.put(best, kind, 1);
    return best >= 0;
  }

  /** A task into slot s, which gives one of its own to slot t for one of another kind that takes less of s. */
  #insert(kind: number): boolean {
    const numKinds = this.left.length;
    let [least, bestS, bestOut, bestT, bestBack] = [Infinity, -1, -1, -1, -1];
    for (let s = 0; s < this.groupOf.length; s++) {
      const lacking = this.#use(kind, s) - this.#roomLeft[s]!;
      for (let out = 0; out < numKinds && lacking < Infinity; out++) {
        if (!this.#has(s, out) || this.#use(out, s) < lacking) continue;
        const room = this.#use(out, s) - lacking;
        for (let t = 0; t < this.groupOf.length; t++) {
          const over = this.#use(out, t) - this.#roomLeft[t]!;
          if (t === s || over === Infinity) continue;
          const base = this.#cost(kind, s) + this.#cost(out, t) - this.#cost(out, s);
          for (let back = 0; back < numKinds; back++) {
            if (!this.#has(t, back) || this.#use(back, t) < over || this.#use(back, s) > room) continue;
            const value = base + this.#cost(back, s) - this.#cost(back, t);
            if (value < least) [least, bestS, bestOut, bestT, bestBack] = [value, s, out, t, back];
          }
        }
      }
    }
    this.meter.spend((this.groupOf.length * numKinds) ** 2 / 4);
    if (bestS < 0) return false;
    this.put(bestS, bestOut, -1);
    this.put(bestT, bestBack, -1);
    this.put(bestT, bestOut, 1);
    this.put(bestS, bestBack, 1);
    this.put(bestS, kind, 1);
    return true;
  }

  /** The best shift of a task of this kind from a slot, or exchange for one of another kind. */
  #moveOne(from: number, kind: number): boolean {
    if (!this.#has(from, kind)) return false;
    const numKinds = this.left.length;
    const room = this.#roomLeft[from]! + this.#use(kind, from);
    let [least, best, bestBack] = [-this.#leastGain, -1, -1];
    for (let to = 0; to < this.groupOf.length; to++) {
      const over = this.#use(kind, to) - this.#roomLeft[to]!;
      if (to === from || over === Infinity) continue;
      const base = this.#cost(kind, to) - this.#cost(kind, from);
      if (over <= 0 && base < least) [least, best, bestBack] = [base, to, -1];
      for (let back = 0; back < numKinds; back++) {
        if (back === kind || !this.#has(to, back) || this.#use(back, to) < over || this.#use(back, from) > room)
          continue;
        const value = base + this.#cost(back, from) - this.#cost(back, to);
        if (value < least) [least, best, bestBack] = [value, to, back];
      }
    }
    this.meter.spend(this.groupOf.length * numKinds);
    if (best < 0) return false;
    this.put(from, kind, -1);
    if (bestBack >= 0) {
      this.put(best, bestBack, -1);
      this.put(from, bestBack, 1);
    }
    this.put(best, kind, 1);
    return true;
  }
}
