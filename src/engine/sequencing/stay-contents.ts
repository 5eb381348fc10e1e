import type { TimeWindows } from "./time-windows.js";

/** Gains above it count. */
const LEAST_GAIN = 1e-9;
/** Contents looked at in one search, after which what is still open counts in its bound: some 20 ms. */
const MOST_LOOKS = 20_000;

/** A time in which the slots of an agent are there without a break, with the windows of the tasks in it. */
export interface Stay {
  readonly agent: number;
  readonly numSlots: number;
  readonly fromMs: number;
  readonly toMs: number;
  /** By task: the earliest start, the latest end, and the busy time, which is Infinity where the task does not fit. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly busy: Float64Array;
}

/** The times between the absences of all agents, in an order that does not depend on the latest end. O(agents · tasks + pairs · absences). */
export function staysOf({ problem, isAlive, earliestStart, latestEnd, tolerance, latestEndMs }: TimeWindows): Stay[] {
  const { numTasks, numAgents, slotStart, availableFromMs, absences, pairStart, pairAgent, busyMs } = problem;
  const ofAgent = Array.from({ length: numAgents }, (_, agent) => {
    const numSlots = slotStart[agent + 1]! - slotStart[agent]!;
    const last = Math.min(latestEndMs, absences?.availableUntilMs[agent] ?? Infinity);
    const stays: Stay[] = [];
    let fromMs = availableFromMs[agent]!;
    const add = (toMs: number): void => {
      const times = (): Float64Array => new Float64Array(numTasks);
      stays.push({ agent, numSlots, fromMs, toMs, start: times(), end: times(), busy: times().fill(Infinity) });
    };
    for (let k = absences?.intervalStart[agent] ?? 0; k < (absences?.intervalStart[agent + 1] ?? 0); k++) {
      add(Math.min(last, absences!.fromMs[k]!));
      fromMs = Math.max(fromMs, absences!.toMs[k]!);
    }
    add(last);
    return stays;
  });
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (isAlive[pair] === 0) continue;
      for (const stay of ofAgent[pairAgent[pair]!]!) {
        const start = Math.max(stay.fromMs, earliestStart[pair]!);
        const end = Math.min(stay.toMs, latestEnd[pair]!);
        if (start + busyMs[pair]! > end + tolerance) continue;
        [stay.start[task], stay.end[task], stay.busy[task]] = [start, end, busyMs[pair]!];
      }
    }
  }
  return ofAgent.flat();
}

/** A set of tasks for one slot, and what no set that fits gains more than. */
interface BestContent {
  readonly tasks: number[];
  readonly bound: number;
}

/**
 * The most gainful set of tasks that one slot has time for: depth first over the tasks by gain for their time, bounded by what the time that is left
 * could gain. A set fits where in each interval those that must run within it take no longer than it: this is needed, if not enough, for an order of them.
 */
export class StayContents {
  /** Sets looked at so far. */
  numLooks = 0;
  readonly #item: Int32Array;
  readonly #gain: Float64Array;
  readonly #busy: Float64Array;
  /** By place of an item: the least busy time from there on. */
  readonly #leastBusy: Float64Array;
  readonly #chosen: Int32Array;
  #numItems = 0;
  #numChosen = 0;
  #most = 0;
  #best: number[] = [];
  /** The most that is left open. */
  #open = 0;
  #endAt = 0;

  constructor(numTasks: number) {
    [this.#item, this.#chosen] = [new Int32Array(numTasks), new Int32Array(numTasks)];
    [this.#gain, this.#busy] = [new Float64Array(numTasks), new Float64Array(numTasks)];
    this.#leastBusy = new Float64Array(numTasks + 1);
  }

  /** @param gains by task, none below 0 */
  best(stay: Stay, gains: Float64Array, tolerance: number): BestContent {
    this.#readItems(stay, gains);
    [this.#most, this.#best, this.#open, this.#numChosen] = [0, [], 0, 0];
    this.#endAt = this.numLooks + MOST_LOOKS;
    this.#choose(stay, 0, 0, stay.toMs - stay.fromMs + tolerance, tolerance);
    // What was too little to count.
    const left = LEAST_GAIN * (gains.length + 1);
    return { tasks: this.#best, bound: Math.max(this.#most, this.#open) + left };
  }

  /** Whether a set of tasks fits a slot of the stay. */
  fits(stay: Stay, tasks: readonly number[], tolerance: number): boolean {
    this.#numChosen = 0;
    for (const task of tasks) {
      if (stay.busy[task] === Infinity) return false;
      this.#chosen[this.#numChosen++] = task;
      if (!this.#fitsWith(stay, task, tolerance)) return false;
    }
    return true;
  }

  #readItems({ busy }: Stay, gains: Float64Array): void {
    const items = Array.from(gains.keys()).filter((task) => gains[task]! > LEAST_GAIN && busy[task]! < Infinity);
    items.sort((a, b) => gains[b]! * busy[a]! - gains[a]! * busy[b]! || a - b);
    this.#numItems = items.length;
    this.#leastBusy[items.length] = Infinity;
    for (let k = items.length - 1; k >= 0; k--) {
      const task = items[k]!;
      [this.#item[k], this.#gain[k], this.#busy[k]] = [task, gains[task]!, busy[task]!];
      this.#leastBusy[k] = Math.min(this.#leastBusy[k + 1]!, busy[task]!);
    }
  }

  #choose(stay: Stay, first: number, gain: number, room: number, tolerance: number): void {
    this.numLooks++;
    if (gain > this.#most) {
      this.#most = gain;
      this.#best = Array.from(this.#chosen.subarray(0, this.#numChosen));
    }
    for (let k = first; k < this.#numItems && this.#leastBusy[k]! <= room; k++) {
      const bound = gain + this.#mostGain(k, room);
      if (bound <= this.#most + LEAST_GAIN) return;
      if (this.numLooks >= this.#endAt) {
        this.#open = Math.max(this.#open, bound);
        return;
      }
      if (this.#busy[k]! > room) continue;
      const task = this.#item[k]!;
      this.#chosen[this.#numChosen++] = task;
      if (this.#fitsWith(stay, task, tolerance)) {
        this.#choose(stay, k + 1, gain + this.#gain[k]!, room - this.#busy[k]!, tolerance);
      }
      this.#numChosen--;
    }
  }

  /** What the items from a place on gain at most in the room, parts of one included. */
  #mostGain(first: number, room: number): number {
    let [gain, left] = [0, room];
    for (let k = first; k < this.#numItems; k++) {
      if (this.#busy[k]! > left) return gain + (this.#gain[k]! * left) / this.#busy[k]!;
      gain += this.#gain[k]!;
      left -= this.#busy[k]!;
    }
    return gain;
  }

  /** Whether the tasks chosen leave each interval enough time that the last one of them must run within. */
  #fitsWith({ start, end, busy }: Stay, last: number, tolerance: number): boolean {
    const [chosen, count] = [this.#chosen, this.#numChosen];
    for (let a = 0; a < count; a++) {
      const from = start[chosen[a]!]!;
      if (from > start[last]!) continue;
      for (let b = 0; b < count; b++) {
        const to = end[chosen[b]!]!;
        if (to < end[last]!) continue;
        let work = 0;
        for (let k = 0; k < count; k++) {
          const task = chosen[k]!;
          if (start[task]! >= from && end[task]! <= to) work += busy[task]!;
        }
        if (work > to - from + tolerance) return false;
      }
    }
    return true;
  }
}
