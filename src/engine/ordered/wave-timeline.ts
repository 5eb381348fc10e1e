import { DEFERRED, type Instance, isWithin } from "../../../models/index.js";
import type { PlanState } from "../search/plan-state.js";
import { ResourceProfile } from "../sequencing/resource-profile.js";

/** Where and when a task would run. */
export interface Place {
  readonly pair: number;
  readonly slot: number;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Start times of a plan that grows task by task (serial generation): what slots, absences and pools have left after the tasks booked so
 * far. Every task is booked after those it depends on.
 */
export class WaveTimeline {
  /** NaN where the task is not booked. */
  readonly startMs: Float64Array;
  readonly #endMs: Float64Array;
  readonly #slots: readonly (readonly ResourceProfile[])[];
  readonly #pools: readonly ResourceProfile[];

  constructor(private readonly instance: Instance) {
    const { numTasks, timing } = instance;
    this.startMs = new Float64Array(numTasks).fill(NaN);
    this.#endMs = new Float64Array(numTasks).fill(NaN);
    this.#slots = Array.from(instance.slots, (count, agent) =>
      Array.from({ length: count }, () => {
        const profile = new ResourceProfile(1);
        const [from, to] = [timing?.absenceStart[agent] ?? 0, timing?.absenceStart[agent + 1] ?? 0];
        for (let k = from; k < to; k++) profile.add(timing!.absenceFromMs[k]!, timing!.absenceToMs[k]!, 1);
        return profile;
      }),
    );
    this.#pools = Array.from(timing?.poolLimit ?? [], (limit) => new ResourceProfile(limit));
  }

  /** The slot of the pair's agent that would end the task first, among those that have room; null where none ends it in time. */
  earliestPlace(state: PlanState, pair: number): Place | null {
    const { instance } = this;
    const agent = instance.pairAgent[pair]!;
    const busyMs = instance.busyMs[pair]!;
    let best: Place | null = null;
    for (let slot = 0; slot < instance.slots[agent]!; slot++) {
      if (!state.canPlace(pair, slot)) continue;
      const startMs = this.#earliestStart(pair, slot);
      if (best === null || startMs < best.startMs) best = { pair, slot, startMs, endMs: startMs + busyMs };
      // An empty slot is as good as any later one.
      if (state.slotCount[state.firstSlot(agent) + slot] === 0) break;
    }
    const latestMs = Math.min(
      instance.deadlineMs[instance.pairTask[pair]!]!,
      instance.timing?.availableUntilMs[agent] ?? Infinity,
    );
    return best !== null && best.endMs < Infinity && isWithin(best.endMs, latestMs) ? best : null;
  }

  /** The place that ends the task first over all agents; null where no agent ends it in time. */
  earliestOfAll(state: PlanState, task: number): Place | null {
    const { pairStart } = this.instance;
    let best: Place | null = null;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const place = this.earliestPlace(state, pair);
      if (place !== null && (best === null || place.endMs < best.endMs)) best = place;
    }
    return best;
  }

  /** Takes the place for its task, with its share of slots and pools. */
  book({ pair, slot, startMs, endMs }: Place): void {
    const { pairTask, pairAgent, timing } = this.instance;
    const task = pairTask[pair]!;
    this.startMs[task] = startMs;
    this.#endMs[task] = endMs;
    this.#slots[pairAgent[pair]!]![slot]!.add(startMs, endMs, 1);
    for (let k = timing?.useStart[task] ?? 0; k < (timing?.useStart[task + 1] ?? 0); k++) {
      this.#pools[timing!.usePool[k]!]!.add(startMs, endMs, timing!.useAmount[k]!);
    }
  }

  /** Infinity where a pool never has room. */
  #earliestStart(pair: number, slot: number): number {
    const { pairTask, pairAgent, busyMs, timing } = this.instance;
    const [task, agent, busy] = [pairTask[pair]!, pairAgent[pair]!, busyMs[pair]!];
    const [from, to] = [timing?.useStart[task] ?? 0, timing?.useStart[task + 1] ?? 0];
    let start = this.#readyMs(task, agent);
    for (let tried = NaN; tried !== start;) {
      tried = start;
      start = this.#slots[agent]![slot]!.earliestFit(start, busy, 1);
      for (let k = from; k < to; k++) {
        start = this.#pools[timing!.usePool[k]!]!.earliestFit(start, busy, timing!.useAmount[k]!);
      }
    }
    return start;
  }

  #readyMs(task: number, agent: number): number {
    const { dependsStart, dependsOn, availableFromMs, timing } = this.instance;
    let ready = Math.max(availableFromMs[agent]!, timing?.releaseMs[task] ?? 0);
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      ready = Math.max(ready, this.#endMs[dependsOn[d]!]!);
    }
    return ready;
  }
}

/** Whether all that the task depends on is placed. */
export function isReady({ instance, agentOf }: PlanState, task: number): boolean {
  const { dependsStart, dependsOn } = instance;
  return dependsOn.subarray(dependsStart[task], dependsStart[task + 1]).every((other) => agentOf[other] !== DEFERRED);
}
