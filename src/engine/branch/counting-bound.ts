import { type Instance, isPlaceable } from "../../../models/index.js";
import type { PlanState } from "../search/plan-state.js";

/**
 * Whether the slots can still hold as many tasks as are to come: if every slot takes only the shortest of them, each at its
 * fastest agent's time, and the room up to the target does not suffice in number, no completion stays within it. Decides
 * waves of nearly equal tasks, where a bound on the work alone is a whole task short. What no plan can place is no work.
 */
export class CountingBound {
  /** Of each level: the busy times of the tasks to come, ascending, summed up from the shortest. */
  readonly #sums: readonly Float64Array[];

  /**
   * @param startMs of each agent: when its slots start to count, 0 for goals of load
   */
  constructor(
    private readonly instance: Instance,
    private readonly state: PlanState,
    order: readonly number[],
    private readonly startMs: Float64Array,
  ) {
    const shortest = order.map((task) => (isPlaceable(instance, task) ? [shortestMs(instance, task)] : []));
    this.#sums = Array.from({ length: order.length + 1 }, (_, level) => runningSums(shortest.slice(level).flat()));
  }

  /** @param targetMs end (or load) no slot may exceed. O(slots · log tasks) */
  hasRoom(level: number, targetMs: number): boolean {
    const sums = this.#sums[level]!;
    const { slotStart, slotBusyMs } = this.state;
    let missing = sums.length;
    for (let agent = 0; agent < this.instance.numAgents && missing > 0; agent++) {
      const room = targetMs - this.startMs[agent]!;
      for (let slot = slotStart[agent]!; slot < slotStart[agent + 1]!; slot++) {
        missing -= numWithin(sums, room - slotBusyMs[slot]!);
      }
    }
    return missing <= 0;
  }
}

/** Number of leading sums that are at most `room`. */
function numWithin(sums: Float64Array, room: number): number {
  let [low, high] = [0, sums.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! <= room) low = middle + 1;
    else high = middle;
  }
  return low;
}

function shortestMs(instance: Instance, task: number): number {
  let shortest = Infinity;
  for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
    shortest = Math.min(shortest, instance.busyMs[pair]!);
  }
  return shortest;
}

function runningSums(values: number[]): Float64Array {
  let sum = 0;
  return Float64Array.from(
    values.sort((a, b) => a - b),
    (value) => (sum += value),
  );
}
