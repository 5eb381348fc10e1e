import { skipAbsences } from "./agent-time.js";
import { pathTimes } from "./path-times.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import { TokenPool } from "./token-pool.js";

/** What a millisecond of lateness costs beside one of the makespan. */
const LATENESS_WEIGHT = 3;
/** What a millisecond of the mean end of all slots costs: of two schedules that end together, the one with more slots free sooner is better. */
const MEAN_END_WEIGHT = 0.2;
const ROUNDING = 1e-9;

/**
 * The schedule of a list: each task, in a given topological order, behind the tasks that its agent's slot already has, on the slot that is free first.
 * Every schedule in which no task can start earlier is the schedule of its own order of starts, so that the lists reach a best one.
 * Much faster than serial generation, since no gaps are sought. Arrays are reused from one schedule to the next.
 */
export class AppendDecoder {
  readonly startMs: Float64Array;
  readonly slotOf: Int32Array;
  readonly endMs: Float64Array;
  /** End of the last task of the schedule decoded last; Infinity where it was given up, or where a task ends too late. */
  makespanMs = Infinity;
  /** Tasks placed since the construction. */
  numPlaced = 0;
  readonly #slotFree: Float64Array;
  readonly #pools: readonly TokenPool[];
  /** Least time after the end of each task. */
  readonly #tail: Float64Array;

  constructor(private readonly problem: SequencingProblem) {
    const { numTasks, numSlots, pools } = problem;
    [this.startMs, this.endMs] = [new Float64Array(numTasks), new Float64Array(numTasks)];
    this.slotOf = new Int32Array(numTasks);
    this.#slotFree = new Float64Array(numSlots);
    this.#pools = Array.from(pools?.limit ?? [], (limit) => new TokenPool(limit, numTasks));
    this.#tail = pathTimes(problem).tail;
  }

  /**
   * Decodes an order with the pair of each task. @returns makespan, weighed lateness and weighed mean end of the slots together; Infinity as soon
   * as these are known to exceed `highest`. O(tasks · (slots of an agent + dependencies of a task)).
   */
  decode(order: Int32Array, pairOf: Int32Array, highest: number): number {
    const { slotAgent, availableFromMs, pairAgent, busyMs, deadlineMs, absences, numSlots } = this.problem;
    const slotFree = this.#slotFree;
    let ends = 0;
    for (let slot = 0; slot < numSlots; slot++) ends += slotFree[slot] = availableFromMs[slotAgent[slot]!]!;
    for (const pool of this.#pools) pool.clear();
    const share = MEAN_END_WEIGHT / numSlots;
    let [last, longest, lateness] = [0, 0, 0];
    this.makespanMs = Infinity;
    for (let k = 0; k < order.length; k++) {
      const task = order[k]!;
      const pair = pairOf[task]!;
      const slot = this.#freeSlot(pairAgent[pair]!);
      const start = this.#earliestStart(task, pair, slotFree[slot]!);
      const end = start + busyMs[pair]!;
      ends += end - slotFree[slot]!;
      slotFree[slot] = end;
      this.slotOf[task] = slot;
      this.startMs[task] = start;
      this.endMs[task] = end;
      if (end > last) last = end;
      if (end + this.#tail[task]! > longest) longest = end + this.#tail[task]!;
      let latest = deadlineMs[task]!;
      if (absences !== null) latest = Math.min(latest, absences.availableUntilMs[pairAgent[pair]!]!);
      if (end > latest * (1 + ROUNDING)) lateness += end - latest;
      if (longest + LATENESS_WEIGHT * lateness + share * ends > highest) {
        this.numPlaced += k + 1;
        return Infinity;
      }
    }
    this.numPlaced += order.length;
    if (lateness === 0) this.makespanMs = last;
    return last + LATENESS_WEIGHT * lateness + share * ends;
  }

  #freeSlot(agent: number): number {
    const { slotStart } = this.problem;
    const slotFree = this.#slotFree;
    let best = slotStart[agent]!;
    for (let slot = best + 1; slot < slotStart[agent + 1]!; slot++) if (slotFree[slot]! < slotFree[best]!) best = slot;
    return best;
  }

  #earliestStart(task: number, pair: number, free: number): number {
    const { problem, endMs } = this;
    const { releaseMs, predecessorStart, predecessors, pairAgent, busyMs, absences, pools } = problem;
    let ready = releaseMs[task]!;
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      const end = endMs[predecessors[k]!]!;
      if (end > ready) ready = end;
    }
    if (free > ready) ready = free;
    const busy = busyMs[pair]!;
    // A task of no length uses no pool.
    const [from, to] = busy > 0 ? [pools?.useStart[task] ?? 0, pools?.useStart[task + 1] ?? 0] : [0, 0];
    for (let k = from; k < to; k++) {
      const room = this.#pools[pools!.usePool[k]!]!.freeFrom(pools!.useAmount[k]!);
      if (room > ready) ready = room;
    }
    const start = absences === null ? ready : skipAbsences(problem, pairAgent[pair]!, ready, busy, 0);
    for (let k = from; k < to; k++) this.#pools[pools!.usePool[k]!]!.take(pools!.useAmount[k]!, start + busy);
    return start;
  }
}
