import type { WorkMeter } from "../bounds/work-meter.js";
import type { TimeWindows } from "../sequencing/time-windows.js";
import type { ContentRule } from "../timed/slot-contents.js";

/** Gains above it count. */
const TOLERANCE = 1e-9;
/** Looks for the most gainful content of a group: then what is open counts in the bound. Some milliseconds. */
const MOST_LOOKS = 1e6;
/** Looks for an order of one content: then it counts as one that fits. A tenth of a millisecond. */
const MOST_ORDER_LOOKS = 2e4;
/** Sets whose answer is kept. */
const MOST_KNOWN = 5e5;

/** Windows of the tasks on one agent. */
interface AgentWindows {
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Infinity where the task cannot run here. */
  readonly busy: Float64Array;
  /** Whether the tasks of a set fit one after another, by the sum of 2^task. */
  readonly isKnown: Map<number, boolean>;
}

/**
 * Contents of slots that can run one after another within the windows of their tasks: of 1 | r_i, d_i | −. Contents are small, so that orders
 * are tried one by one, and what is found is kept. For at most 50 tasks, whose sets are numbers. Searches that take too long are given up:
 * a content then counts as one that fits, and gains are bounded from above.
 */
export class ContentWindows implements ContentRule {
  #agents: readonly AgentWindows[] = [];
  #tolerance = 0;

  /** @param agentOfGroup agent of the windows for each group of slots */
  constructor(
    private readonly agentOfGroup: Int32Array,
    private readonly meter: WorkMeter,
  ) {}

  /** Takes the windows as they are. */
  read({ problem, isAlive, earliestStart, latestEnd, tolerance }: TimeWindows): void {
    this.#tolerance = tolerance;
    const { numTasks, pairStart, pairAgent, busyMs } = problem;
    this.#agents = Array.from(this.agentOfGroup, (agent) => {
      const none = (): Float64Array => new Float64Array(numTasks).fill(Infinity);
      const windows = { start: none(), end: none(), busy: none(), isKnown: new Map<number, boolean>() };
      for (let task = 0; task < numTasks; task++) {
        for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
          if (pairAgent[pair] !== agent || isAlive[pair] === 0) continue;
          windows.start[task] = earliestStart[pair]!;
          windows.end[task] = latestEnd[pair]!;
          windows.busy[task] = busyMs[pair]!;
        }
      }
      return windows;
    });
  }

  allows(group: number, tasks: readonly number[]): boolean {
    const windows = this.#agents[group]!;
    const key = tasks.reduce((sum, task) => sum + 2 ** task, 0);
    const known = windows.isKnown.get(key);
    if (known !== undefined) return known;
    const giveUpAt = this.meter.used + MOST_ORDER_LOOKS;
    const isAble = tasks.every((task) => windows.busy[task]! < Infinity);
    const fits = isAble && this.#fits(windows, tasks.slice(), -Infinity, giveUpAt);
    if (windows.isKnown.size >= MOST_KNOWN) windows.isKnown.clear();
    windows.isKnown.set(key, fits);
    return fits;
  }

  /** Depth first over the tasks by gain for their time, bounded by what the time that is left could gain; given up after some looks. */
  best(group: number, gains: Float64Array): { tasks: number[]; bound: number } {
    const { busy, start, end } = this.#agents[group]!;
    const items = Array.from(gains.keys()).filter((task) => gains[task]! > TOLERANCE && busy[task]! < Infinity);
    items.sort((a, b) => gains[b]! * busy[a]! - gains[a]! * busy[b]!);
    const [first, last] = items.reduce(
      ([from, to], task) => [Math.min(from, start[task]!), Math.max(to, end[task]!)] as const,
      [Infinity, -Infinity] as const,
    );
    const chosen: number[] = [];
    let [most, best]: [number, number[]] = [0, []];
    let mostOpen = 0;
    const giveUpAt = this.meter.used + MOST_LOOKS;
    const choose = (at: number, gain: number, room: number): void => {
      this.meter.spend(items.length);
      if (gain > most) [most, best] = [gain, chosen.slice()];
      for (let k = at; k < items.length; k++) {
        const bound = gain + mostGain(k, room);
        if (bound <= most + TOLERANCE) return;
        if (this.meter.isSpent(giveUpAt)) {
          mostOpen = Math.max(mostOpen, bound);
          return;
        }
        const task = items[k]!;
        if (busy[task]! > room + this.#tolerance) continue;
        chosen.push(task);
        if (this.allows(group, chosen)) choose(k + 1, gain + gains[task]!, room - busy[task]!);
        chosen.pop();
      }
    };
    const mostGain = (from: number, room: number): number => {
      let [gain, left] = [0, room + this.#tolerance];
      for (let k = from; k < items.length && left > 0; k++) {
        const task = items[k]!;
        gain += gains[task]! * Math.min(1, busy[task]! > 0 ? left / busy[task]! : 1);
        left -= busy[task]!;
      }
      return gain;
    };
    choose(0, 0, last - first);
    const slack = gains.reduce((sum, gain) => sum + (gain > 0 && gain <= TOLERANCE ? gain : 0), TOLERANCE);
    return { tasks: best, bound: Math.max(most, mostOpen) + slack };
  }

  /** Whether the rest of the tasks fit one after another from a time on; true where that is given up. */
  #fits(windows: AgentWindows, rest: number[], from: number, giveUpAt: number): boolean {
    if (rest.length === 0 || this.meter.used >= giveUpAt) return true;
    const { start, end, busy } = windows;
    this.meter.spend(rest.length);
    // No schedule leaves the slot idle while a task could both start and end.
    let earliestEnd = Infinity;
    let [work, first, last] = [0, Infinity, -Infinity];
    for (const task of rest) {
      const begin = Math.max(from, start[task]!);
      if (begin + busy[task]! > end[task]! + this.#tolerance) return false;
      earliestEnd = Math.min(earliestEnd, begin + busy[task]!);
      first = Math.min(first, begin);
      last = Math.max(last, end[task]!);
      work += busy[task]!;
    }
    if (first + work > last + this.#tolerance) return false;
    for (let k = 0; k < rest.length; k++) {
      const task = rest[k]!;
      const begin = Math.max(from, start[task]!);
      if (begin > earliestEnd) continue;
      const others = rest.filter((other) => other !== task);
      if (this.#fits(windows, others, begin + busy[task]!, giveUpAt)) return true;
    }
    return false;
  }
}
