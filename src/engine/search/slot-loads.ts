import { canTakeTasks } from "../../../models/index.js";
import type { PlanState } from "./plan-state.js";

/** Where a trial changes one slot only. */
export const NO_SLOT = -1;

/** What goals of times speak of: the latest end, the fullest and the emptiest slot, and the sum of squared ends. */
export interface LoadFigures {
  makespan: number;
  maxLoad: number;
  minLoad: number;
  squares: number;
}

/**
 * The figures of the slots of a `PlanState`, and what they would be with one or two slots changed: `take` looks at every slot, O(slots);
 * after it, until the plan changes, `change` is O(1).
 */
export class SlotLoads {
  readonly now: LoadFigures = { makespan: 0, maxLoad: 0, minLoad: 0, squares: 0 };
  readonly changed: LoadFigures = { makespan: 0, maxLoad: 0, minLoad: 0, squares: 0 };
  readonly #state: PlanState;
  readonly #endMs: Float64Array;
  readonly #startMs: Float64Array;
  readonly #canTake: Uint8Array;
  readonly #latest = new Largest();
  readonly #fullest = new Largest();
  readonly #emptiest = new Largest();

  constructor(state: PlanState) {
    const { instance, slotStart } = state;
    const numSlots = slotStart[instance.numAgents]!;
    const canTake = canTakeTasks(instance);
    this.#state = state;
    this.#endMs = new Float64Array(numSlots);
    this.#startMs = new Float64Array(numSlots);
    this.#canTake = new Uint8Array(numSlots);
    for (let agent = 0; agent < instance.numAgents; agent++) {
      this.#startMs.fill(instance.availableFromMs[agent]!, slotStart[agent], slotStart[agent + 1]);
      this.#canTake.fill(canTake[agent]!, slotStart[agent], slotStart[agent + 1]);
    }
  }

  take(): void {
    const { slotBusyMs, slotCount } = this.#state;
    for (const largest of [this.#latest, this.#fullest, this.#emptiest]) largest.clear();
    let squares = 0;
    for (let slot = 0; slot < slotBusyMs.length; slot++) {
      const busy = slotBusyMs[slot]!;
      const end = slotCount[slot] === 0 ? 0 : this.#startMs[slot]! + busy;
      this.#endMs[slot] = end;
      this.#latest.add(end, slot);
      this.#fullest.add(busy, slot);
      if (this.#canTake[slot]) this.#emptiest.add(-busy, slot);
      squares += end * end;
    }
    this.now.squares = squares;
    this.#readRest(this.now, NO_SLOT, NO_SLOT);
    if (this.now.minLoad === Infinity) this.now.minLoad = 0;
  }

  /** With other loads for a slot, and for another one unless that is `NO_SLOT`; both hold tasks then. */
  change(slot: number, busyMs: number, other: number, otherBusyMs: number): void {
    const { changed } = this;
    changed.squares = this.now.squares;
    this.#readRest(changed, slot, other);
    this.#add(changed, slot, busyMs);
    if (other !== NO_SLOT) this.#add(changed, other, otherBusyMs);
    if (changed.minLoad === Infinity) changed.minLoad = 0;
  }

  #readRest(figures: LoadFigures, slot: number, other: number): void {
    figures.makespan = Math.max(0, this.#latest.without(slot, other));
    figures.maxLoad = Math.max(0, this.#fullest.without(slot, other));
    figures.minLoad = -this.#emptiest.without(slot, other);
  }

  #add(figures: LoadFigures, slot: number, busyMs: number): void {
    const end = this.#startMs[slot]! + busyMs;
    const before = this.#endMs[slot]!;
    figures.makespan = Math.max(figures.makespan, end);
    figures.maxLoad = Math.max(figures.maxLoad, busyMs);
    if (this.#canTake[slot]) figures.minLoad = Math.min(figures.minLoad, busyMs);
    figures.squares += end * end - before * before;
  }
}

/** The largest three of some numbers, each with its slot: without any two slots the largest of the rest is one of them. */
class Largest {
  #first = -Infinity;
  #second = -Infinity;
  #third = -Infinity;
  #slot = NO_SLOT;
  #secondSlot = NO_SLOT;

  clear(): void {
    this.#first = this.#second = this.#third = -Infinity;
    this.#slot = this.#secondSlot = NO_SLOT;
  }

  add(value: number, slot: number): void {
    if (value <= this.#third) return;
    if (value <= this.#second) {
      this.#third = value;
      return;
    }
    this.#third = this.#second;
    if (value <= this.#first) {
      this.#second = value;
      this.#secondSlot = slot;
      return;
    }
    this.#second = this.#first;
    this.#secondSlot = this.#slot;
    this.#first = value;
    this.#slot = slot;
  }

  /** The largest number of all slots but these two; −∞ where there is none. */
  without(slot: number, other: number): number {
    if (this.#slot !== slot && this.#slot !== other) return this.#first;
    if (this.#secondSlot !== slot && this.#secondSlot !== other) return this.#second;
    return this.#third;
  }
}
