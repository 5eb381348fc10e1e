/**
 * Tasks that may run on one slot, for edge finding (Carlier, Pinson, EJOR 78, 1994): the first `size` entries of each array.
 * Required tasks do run on the slot; the windows of the others hold if they do.
 */
export class SlotTasks {
  size = 0;
  readonly earliestStart: Float64Array;
  readonly latestEnd: Float64Array;
  readonly busy: Float64Array;
  readonly isRequired: Uint8Array;
  /** Earliest starts that `raiseStarts` found. */
  readonly raised: Float64Array;
  /** Pairs that the caller looks at, the first `numRequired` of `numListed` for required tasks. */
  readonly pairs: Int32Array;
  numListed = 0;
  numRequired = 0;
  /** How many required tasks start no later than each task. */
  readonly #rank: Int32Array;
  /** Required tasks by earliest start: the first `numRequired` entries. */
  readonly #byStart: Int32Array;
  /** By place in `#byStart`: work of the set from there on, end of the set, latest end from there on, place of the latest end up to there. */
  readonly #work: Float64Array;
  readonly #end: Float64Array;
  readonly #endFrom: Float64Array;
  readonly #latestPlace: Int32Array;

  constructor(capacity: number) {
    const times = (): Float64Array => new Float64Array(capacity + 1);
    [this.earliestStart, this.latestEnd, this.busy, this.raised] = [times(), times(), times(), times()];
    [this.#work, this.#end, this.#endFrom] = [times(), times(), times()];
    this.isRequired = new Uint8Array(capacity);
    [this.pairs, this.#rank] = [new Int32Array(capacity), new Int32Array(capacity)];
    [this.#byStart, this.#latestPlace] = [new Int32Array(capacity), new Int32Array(capacity)];
  }

  /**
   * Raises earliest starts: a task that cannot end before a set of required tasks whose latest ends are at most d must follow them
   * all. Returns false where required tasks do not fit. For each d, with P(h) the work of required tasks that start at h or later and
   * end by d, task i follows the set of h if min(h, start_i) + P(h) + busy_i > d, and then starts at the end of that set or of a later
   * one at the earliest. Among sets with h ≤ start_i the one that ends last decides, among the others the largest. O(required · size).
   */
  raiseStarts(tolerance: number): boolean {
    const { size, isRequired, latestEnd, earliestStart, raised } = this;
    const byStart = this.#byStart;
    let numRequired = 0;
    for (let k = 0; k < size; k++) {
      raised[k] = earliestStart[k]!;
      if (isRequired[k] === 1) insertByKey(byStart, numRequired++, k, earliestStart);
    }
    let longest = 0;
    for (let k = 0; k < size; k++) {
      if (this.busy[k]! > longest) longest = this.busy[k]!;
      this.#rank[k] = this.#numStartedBy(earliestStart[k]!, numRequired);
    }
    let last = -Infinity;
    // Any order of the limits will do; equal neighbours need only one pass.
    for (let k = 0; k < numRequired; k++) {
      const limit = latestEnd[byStart[k]!]!;
      if (limit === last) continue;
      last = limit;
      if (!this.#sumUp(numRequired, limit, tolerance)) return false;
      // A task follows a set where their end together, at most that of the set and the task's length later, is too late.
      if (this.#endFrom[0]! + longest > limit + tolerance) this.#raiseBehind(limit, tolerance);
    }
    return true;
  }

  #sumUp(numRequired: number, limit: number, tolerance: number): boolean {
    const { latestEnd, earliestStart, busy } = this;
    const byStart = this.#byStart;
    this.#work[numRequired] = 0;
    this.#endFrom[numRequired] = -Infinity;
    for (let h = numRequired - 1; h >= 0; h--) {
      const k = byStart[h]!;
      const isMember = latestEnd[k]! <= limit;
      this.#work[h] = this.#work[h + 1]! + (isMember ? busy[k]! : 0);
      this.#end[h] = isMember ? earliestStart[k]! + this.#work[h]! : -Infinity;
      if (this.#end[h]! > limit + tolerance) return false;
      this.#endFrom[h] = Math.max(this.#endFrom[h + 1]!, this.#end[h]!);
    }
    let latest = 0;
    for (let h = 0; h < numRequired; h++) {
      if (this.#end[h]! > this.#end[latest]!) latest = h;
      this.#latestPlace[h] = latest;
    }
    return true;
  }

  #numStartedBy(time: number, numRequired: number): number {
    let [low, high] = [0, numRequired];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.earliestStart[this.#byStart[middle]!]! > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #raiseBehind(limit: number, tolerance: number): void {
    const { size, isRequired, latestEnd, earliestStart, busy, raised } = this;
    for (let k = 0; k < size; k++) {
      if (isRequired[k] === 1 && latestEnd[k]! <= limit) continue;
      const start = earliestStart[k]!;
      const room = limit + tolerance - busy[k]!;
      const low = this.#rank[k]!;
      if (low > 0) {
        const place = this.#latestPlace[low - 1]!;
        if (this.#end[place]! > room && this.#endFrom[place]! > raised[k]!) raised[k] = this.#endFrom[place]!;
      }
      const work = this.#work[low]!;
      if (work > 0 && start + work > room && this.#endFrom[low]! > raised[k]!) raised[k] = this.#endFrom[low]!;
    }
  }

  /** Turns time around: starts become ends. Twice is no change. */
  mirror(): void {
    const { size, earliestStart, latestEnd } = this;
    for (let k = 0; k < size; k++) {
      const start = earliestStart[k]!;
      earliestStart[k] = -latestEnd[k]!;
      latestEnd[k] = -start;
    }
  }
}

/** Insertion sort's step: puts `item` among the first `count` items, in order of their keys. */
function insertByKey(items: Int32Array, count: number, item: number, keys: Float64Array): void {
  let k = count;
  while (k > 0 && keys[items[k - 1]!]! > keys[item]!) {
    items[k] = items[k - 1]!;
    k--;
  }
  items[k] = item;
}
