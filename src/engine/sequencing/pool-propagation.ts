import { SlotTasks } from "./edge-finding.js";
import type { Pools, SequencingProblem } from "./sequencing-problem.js";
import type { TimeWindows } from "./time-windows.js";

/** Amounts that exceed a limit by no more than this share of it still fit. */
const TOLERANCE = 1e-9;
/** Up to this many users of a pool all pairs of a start and an end delimit intervals; above it one of both is the outermost. */
const ALL_INTERVALS = 40;

interface PoolUsers {
  readonly limit: number;
  readonly tasks: Int32Array;
  readonly amount: Float64Array;
  /** Tasks of which no two run together: they use more than half of the limit, but for one at most. */
  readonly exclusive: Int32Array;
}

/** What pools mean for the windows of tasks: areas of use within intervals, and edge finding on tasks that exclude each other. */
export class PoolPropagation {
  readonly #users: readonly PoolUsers[];
  readonly #scratch: SlotTasks;
  readonly #least: Float64Array;

  constructor(problem: SequencingProblem, pools: Pools) {
    this.#users = usersOfPools(problem, pools);
    this.#scratch = new SlotTasks(problem.numTasks);
    this.#least = new Float64Array(problem.numTasks);
  }

  /** Narrows windows; false where they contradict a pool. Windows of tasks must be up to date. */
  propagate(windows: TimeWindows): boolean {
    const { problem, isAlive } = windows;
    const { numTasks, pairStart, busyMs } = problem;
    for (let task = 0; task < numTasks; task++) {
      let least = Infinity;
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        if (isAlive[pair] === 1 && busyMs[pair]! < least) least = busyMs[pair]!;
      }
      this.#least[task] = least;
    }
    return this.#users.every((users) => !this.#isOverused(windows, users) && this.#orderExclusive(windows, users));
  }

  /** Whether Σ amount · least busy time of the tasks within an interval exceeds limit · length. */
  #isOverused(windows: TimeWindows, { limit, tasks, amount }: PoolUsers): boolean {
    const { taskStart, taskEnd, tolerance } = windows;
    const places = Array.from(tasks.keys()).sort((a, b) => taskStart[tasks[b]!]! - taskStart[tasks[a]!]!);
    const ends = new Set<number>();
    for (const task of tasks) ends.add(taskEnd[task]!);
    const latest = Math.max(0, ...ends);
    for (const to of tasks.length <= ALL_INTERVALS ? ends : [latest]) {
      let area = 0;
      for (const place of places) {
        const task = tasks[place]!;
        windows.numMoves++;
        if (taskEnd[task]! > to) continue;
        area += amount[place]! * this.#least[task]!;
        if (area > limit * (1 + TOLERANCE) * (to - taskStart[task]! + tolerance)) return true;
      }
    }
    return false;
  }

  /** Tasks that run at one moment of the earliest starts and use more of a pool than there is; null where there are none. */
  findConflict({ taskStart, taskEarliestEnd }: TimeWindows): number[] | null {
    const byStart = Array.from(taskStart.keys()).sort((a, b) => taskStart[a]! - taskStart[b]! || a - b);
    for (const last of byStart) {
      const at = taskStart[last]!;
      for (const { limit, tasks, amount } of this.#users) {
        const running = Array.from(tasks.keys())
          .filter((k) => taskStart[tasks[k]!]! <= at && taskEarliestEnd[tasks[k]!]! > at)
          .sort((a, b) => amount[b]! - amount[a]!);
        let [sum, size] = [0, 0];
        while (size < running.length && sum <= limit * (1 + TOLERANCE)) sum += amount[running[size++]!]!;
        if (sum > limit * (1 + TOLERANCE)) return running.slice(0, size).map((k) => tasks[k]!);
      }
    }
    return null;
  }

  #orderExclusive(windows: TimeWindows, users: PoolUsers): boolean {
    // A task of no length uses nothing.
    const exclusive = users.exclusive.filter((task) => this.#least[task]! > 0);
    if (exclusive.length < 2) return true;
    const { problem, tolerance } = windows;
    const slot = this.#scratch;
    slot.size = exclusive.length;
    exclusive.forEach((task, k) => {
      slot.earliestStart[k] = windows.taskStart[task]!;
      slot.latestEnd[k] = windows.taskEnd[task]!;
      slot.busy[k] = this.#least[task]!;
      slot.isRequired[k] = 1;
    });
    const narrow = (change: (pair: number, time: number) => void): void =>
      exclusive.forEach((task, k) => {
        for (let pair = problem.pairStart[task]!; pair < problem.pairStart[task + 1]!; pair++) {
          if (windows.isAlive[pair] === 1) change(pair, slot.raised[k]!);
        }
      });
    if (!slot.raiseStarts(tolerance)) return false;
    narrow((pair, time) => windows.raiseStart(pair, time));
    slot.mirror();
    if (!slot.raiseStarts(tolerance)) return false;
    narrow((pair, time) => windows.lowerEnd(pair, -time));
    return true;
  }
}

function usersOfPools({ numTasks }: SequencingProblem, pools: Pools): PoolUsers[] {
  return Array.from(pools.limit, (limit, pool) => {
    const [tasks, amount]: [number[], number[]] = [[], []];
    for (let task = 0; task < numTasks; task++) {
      let sum = 0;
      for (let k = pools.useStart[task]!; k < pools.useStart[task + 1]!; k++) {
        if (pools.usePool[k] === pool) sum += pools.useAmount[k]!;
      }
      if (sum === 0) continue;
      tasks.push(task);
      amount.push(sum);
    }
    return {
      limit,
      tasks: Int32Array.from(tasks),
      amount: Float64Array.from(amount),
      exclusive: exclude(limit, tasks, amount),
    };
  });
}

/** By falling amount as many tasks as exceed the limit with the one before: each then exceeds it with every earlier one. */
function exclude(limit: number, tasks: readonly number[], amount: readonly number[]): Int32Array {
  const order = Array.from(tasks.keys()).sort((a, b) => amount[b]! - amount[a]!);
  let size = Math.min(1, order.length);
  while (size < order.length && amount[order[size - 1]!]! + amount[order[size]!]! > limit * (1 + TOLERANCE)) size++;
  return Int32Array.from(order.slice(0, size), (place) => tasks[place]!);
}
