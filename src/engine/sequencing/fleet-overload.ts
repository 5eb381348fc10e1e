import { presentMs } from "./agent-time.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import type { TimeWindows } from "./time-windows.js";

/** Up to this many tasks all pairs of a start and an end delimit intervals; above it one of both is the outermost. */
const ALL_INTERVALS = 40;
/** Places that a task moves in the order, in the mean, from which on insertion takes too long. */
const MOST_SHIFTS = 16;

/**
 * Whether some tasks that must run within [from, to] use more than all agents have there, both weighed with prices:
 * Σ_i min_j λ_j b_ij > Σ_j λ_j s_j · (time of agent j within [from, to]) over the pairs alive.
 */
export class FleetOverload {
  readonly #capacity: FleetCapacity;
  readonly #least: Float64Array;
  /** Tasks by falling start and by rising end as of the last call: nearly the order of the next. */
  readonly #byStart: Int32Array;
  readonly #byEnd: Int32Array;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly prices: Float64Array,
  ) {
    const { numTasks } = problem;
    this.#capacity = new FleetCapacity(problem, prices);
    this.#least = new Float64Array(numTasks);
    [this.#byStart, this.#byEnd] = [new Int32Array(numTasks), new Int32Array(numTasks)];
    for (let task = 0; task < numTasks; task++) this.#byStart[task] = this.#byEnd[task] = task;
  }

  /** Windows of tasks must be up to date. */
  isFoundIn(windows: TimeWindows): boolean {
    const { taskStart, taskEnd, tolerance } = windows;
    const { numTasks } = this.problem;
    const [byStart, byEnd, least] = [this.#byStart, this.#byEnd, this.#least];
    this.#weigh(windows);
    sortByKey(byStart, taskStart, -1);
    sortByKey(byEnd, taskEnd, 1);
    const firstEnd = numTasks <= ALL_INTERVALS ? 0 : numTasks - 1;
    for (let k = firstEnd; k < numTasks; k++) {
      const to = taskEnd[byEnd[k]!]!;
      if (k + 1 < numTasks && taskEnd[byEnd[k + 1]!] === to) continue;
      windows.numMoves += numTasks;
      let work = 0;
      for (const task of byStart) {
        if (taskEnd[task]! > to) continue;
        work += least[task]!;
        if (work > this.#capacity.within(taskStart[task]!, to + tolerance)) return true;
      }
    }
    if (numTasks <= ALL_INTERVALS) return false;
    const earliest = taskStart[byStart[numTasks - 1]!]!;
    let work = 0;
    for (const task of byEnd) {
      work += least[task]!;
      if (work > this.#capacity.within(earliest, taskEnd[task]! + tolerance)) return true;
    }
    return false;
  }

  /** What each task costs at least. */
  #weigh({ isAlive }: TimeWindows): void {
    const { numTasks, pairStart, pairAgent, busyMs } = this.problem;
    for (let task = 0; task < numTasks; task++) {
      let least = Infinity;
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        if (isAlive[pair] === 0) continue;
        const price = this.prices[pairAgent[pair]!]! * busyMs[pair]!;
        if (price < least) least = price;
      }
      this.#least[task] = least;
    }
  }
}

/** Insertion sort, quick where little has moved; any other where much has. @param way 1: rising, −1: falling */
function sortByKey(items: Int32Array, keys: Float64Array, way: 1 | -1): void {
  let shiftsLeft = MOST_SHIFTS * items.length;
  for (let k = 1; k < items.length; k++) {
    const item = items[k]!;
    const key = keys[item]!;
    let place = k;
    while (place > 0 && way * (keys[items[place - 1]!]! - key) > 0) {
      items[place] = items[place - 1]!;
      place--;
    }
    items[place] = item;
    shiftsLeft -= k - place;
    if (shiftsLeft < 0) {
      items.sort((a, b) => way * (keys[a]! - keys[b]!));
      return;
    }
  }
}

/** Prices, slots and presence of all agents added up: what the fleet can do within an interval. */
class FleetCapacity {
  /** Whether all agents are there from this time on. */
  readonly #allThereFrom: number;
  readonly #rate: number;

  constructor(
    private readonly problem: SequencingProblem,
    private readonly prices: Float64Array,
  ) {
    const { availableFromMs, absences, numAgents, slotStart } = problem;
    this.#allThereFrom = absences === null ? availableFromMs.reduce((last, at) => Math.max(last, at), 0) : Infinity;
    let rate = 0;
    for (let agent = 0; agent < numAgents; agent++)
      rate += prices[agent]! * (slotStart[agent + 1]! - slotStart[agent]!);
    this.#rate = rate;
  }

  within(from: number, to: number): number {
    if (from >= this.#allThereFrom) return this.#rate * (to - from);
    const { slotStart, numAgents } = this.problem;
    let sum = 0;
    for (let agent = 0; agent < numAgents; agent++) {
      sum +=
        this.prices[agent]! * (slotStart[agent + 1]! - slotStart[agent]!) * presentMs(this.problem, agent, from, to);
    }
    return sum;
  }
}
