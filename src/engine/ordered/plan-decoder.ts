import { type Assignment, DEFERRED, type Instance, isWithin, type Timing } from "../../../models/index.js";
import { ModelError } from "../../domain/index.js";
import { ResourceProfile } from "../sequencing/resource-profile.js";
import { SlotTimeline } from "./slot-timeline.js";

/** A wish of `decode`: the pair on which the task ends first. */
export const ANY_PAIR = -2;

/** Which slot of an agent a task takes: the one on which it can start first, or the one with the least load. */
export type SlotRule = "earliest" | "emptiest";

/** Timing of an instance that has it. */
export function timingOf({ timing }: Instance): Timing {
  if (timing === null) throw new ModelError("an instance without timing is planned without start times");
  return timing;
}

/**
 * Serial generation of plans (Kolisch, EJOR 90, 1996) that keep every row: each task, in a given order, starts as early as the tasks
 * before it allow, on the pair wished for or, where that breaks a row, on the one on which it ends first; where all break a row the task is
 * deferred, and with it what waits for it. Arrays are reused from one plan to the next.
 */
export class PlanDecoder {
  /** DEFERRED where the task is. */
  readonly pairOf: Int32Array;
  readonly slotOf: Int32Array;
  readonly startMs: Float64Array;
  readonly #timing: Timing;
  readonly #slots: readonly (readonly SlotTimeline[])[];
  readonly #pools: readonly ResourceProfile[];
  readonly #unused = new ResourceProfile(Infinity);
  readonly #count: Int32Array;
  #cost = 0;
  /** Where `#tryPair` found room. */
  #slot = 0;
  #start = 0;

  constructor(
    private readonly instance: Instance,
    private readonly slotRule: SlotRule,
  ) {
    const { numTasks, numAgents } = instance;
    const timing = timingOf(instance);
    this.#timing = timing;
    this.pairOf = new Int32Array(numTasks);
    this.slotOf = new Int32Array(numTasks);
    this.startMs = new Float64Array(numTasks);
    this.#count = new Int32Array(numAgents);
    this.#slots = Array.from(instance.slots, (count, agent) => {
      const [first, end] = [timing.absenceStart[agent]!, timing.absenceStart[agent + 1]!];
      const from = [...timing.absenceFromMs.subarray(first, end)];
      const to = [...timing.absenceToMs.subarray(first, end)];
      return Array.from({ length: count }, () => new SlotTimeline(from, to));
    });
    this.#pools = Array.from(timing.poolLimit, (limit) => new ResourceProfile(limit));
  }

  /**
   * Decodes tasks in an order that has every task after those it waits for, each with its wish: a pair, DEFERRED or ANY_PAIR. Tasks that are
   * not in the order are deferred.
   */
  decode(order: Int32Array, wish: Int32Array): void {
    const { instance } = this;
    for (const ofAgent of this.#slots) for (const slot of ofAgent) slot.clear();
    for (const pool of this.#pools) pool.copyFrom(this.#unused);
    this.#count.fill(0);
    this.#cost = 0;
    this.pairOf.fill(DEFERRED);
    this.slotOf.fill(DEFERRED);
    this.startMs.fill(NaN);
    for (const task of order) {
      const ready = this.#readyMs(task);
      if (ready === Infinity || wish[task] === DEFERRED) continue;
      if (wish[task]! >= 0 && this.#tryPair(task, wish[task]!, ready)) {
        this.#place(task, wish[task]!);
        continue;
      }
      let [best, bestEnd] = [-1, Infinity];
      for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
        if (!this.#tryPair(task, pair, ready)) continue;
        const end = this.#start + instance.busyMs[pair]!;
        if (end < bestEnd) [best, bestEnd] = [pair, end];
      }
      if (best >= 0 && this.#tryPair(task, best, ready)) this.#place(task, best);
    }
  }

  /** The plan decoded last, copied. */
  toPlan(): Assignment {
    const { pairAgent } = this.instance;
    return {
      agentOf: this.pairOf.map((pair) => (pair === DEFERRED ? DEFERRED : pairAgent[pair]!)),
      slotOf: this.slotOf.slice(),
      startMs: this.startMs.slice(),
    };
  }

  /** Release of the task and ends of all it waits for; Infinity where one of them is deferred. */
  #readyMs(task: number): number {
    const { dependsStart, dependsOn, busyMs } = this.instance;
    let ready = this.#timing.releaseMs[task]!;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      const before = dependsOn[d]!;
      const pair = this.pairOf[before]!;
      if (pair === DEFERRED) return Infinity;
      ready = Math.max(ready, this.startMs[before]! + busyMs[pair]!);
    }
    return ready;
  }

  /** Whether the pair keeps every row; leaves its slot and start. */
  #tryPair(task: number, pair: number, ready: number): boolean {
    const { pairAgent, busyMs, maxTasks, cost, budget, deadlineMs, availableFromMs, loadLimitMs } = this.instance;
    const agent = pairAgent[pair]!;
    if (this.#count[agent]! + 1 > maxTasks[agent]!) return false;
    if (!isWithin(this.#cost + cost[pair]!, budget)) return false;
    const busy = busyMs[pair]!;
    const latest = Math.min(deadlineMs[task]!, this.#timing.availableUntilMs[agent]!);
    const from = Math.max(ready, availableFromMs[agent]!);
    let [best, bestKey] = [-1, Infinity];
    this.#slots[agent]!.forEach((slot, number) => {
      if (!isWithin(slot.loadMs + busy, loadLimitMs[agent]!)) return;
      const start = this.#earliestStart(task, slot, from, busy);
      if (!isWithin(start + busy, latest)) return;
      const key = this.slotRule === "earliest" ? start : slot.loadMs;
      if (key < bestKey) [best, bestKey, this.#slot, this.#start] = [number, key, number, start];
    });
    return best >= 0;
  }

  /** The earliest time at which the slot is free and every pool that the task uses has room. */
  #earliestStart(task: number, slot: SlotTimeline, from: number, busy: number): number {
    const { useStart, usePool, useAmount } = this.#timing;
    let start = slot.earliestFit(from, busy);
    if (useStart[task] === useStart[task + 1]) return start;
    for (let tried = NaN; tried !== start;) {
      tried = start;
      for (let k = useStart[task]!; k < useStart[task + 1]!; k++) {
        start = this.#pools[usePool[k]!]!.earliestFit(start, busy, useAmount[k]!);
      }
      start = slot.earliestFit(start, busy);
    }
    return start;
  }

  #place(task: number, pair: number): void {
    const { pairAgent, busyMs, cost } = this.instance;
    const { useStart, usePool, useAmount } = this.#timing;
    const agent = pairAgent[pair]!;
    const [start, busy] = [this.#start, busyMs[pair]!];
    this.pairOf[task] = pair;
    this.slotOf[task] = this.#slot;
    this.startMs[task] = start;
    this.#slots[agent]![this.#slot]!.add(start, busy);
    for (let k = useStart[task]!; k < useStart[task + 1]!; k++) {
      this.#pools[usePool[k]!]!.add(start, start + busy, useAmount[k]!);
    }
    this.#count[agent]!++;
    this.#cost += cost[pair]!;
  }
}
