import { DEFERRED, type Instance, isPlaceable } from "../../../models/index.js";
import { insertBest } from "./construct.js";
import type { PlanState } from "./plan-state.js";
import { compareScores, type Scoring } from "./scoring.js";
import { Trial } from "./trial.js";

/** Entries of a table of pairs by task and agent, at most; beyond it pairs are looked for. */
const MAX_TABLE_SIZE = 2 ** 22;

/** Counts the moves a search evaluates, the deterministic measure of its work, and says when it must stop. */
export interface WorkMeter {
  /** Moves evaluated so far. */
  used: number;
  readonly limit: number;
  /** True once a clock or a signal asks for the end; looked at every few moves. */
  shouldStop(): boolean;
}

export function isSpent(meter: WorkMeter): boolean {
  return meter.used >= meter.limit || meter.shouldStop();
}

/**
 * First-improvement descent over five moves: place a deferred task, shift a task to another slot, swap two tasks, place
 * a deferred task where another one leaves, and, where deferral has a price, leave a task out. Ends at a local optimum or
 * when the meter is spent.
 * `order` is the order in which tasks are looked at.
 */
export class Descent {
  readonly #state: PlanState;
  readonly #scoring: Scoring;
  readonly #current: Float64Array;
  readonly #trial: Trial;
  /** Pair of each (task, agent), DEFERRED where it is not eligible; null where the table would be too large. */
  readonly #pairTable: Int32Array | null;

  constructor(state: PlanState, scoring: Scoring) {
    this.#state = state;
    this.#scoring = scoring;
    this.#current = new Float64Array(scoring.length);
    this.#trial = new Trial(state, scoring);
    this.#pairTable = tabulatePairs(state.instance);
  }

  /** Yields after every task looked at, so that the caller can let others run. */
  *steps(order: Int32Array, meter: WorkMeter): Generator<void, void> {
    let sinceImprovement = 0;
    for (let k = 0; sinceImprovement < order.length; k = (k + 1) % order.length) {
      if (isSpent(meter)) return;
      this.#scoring.read(this.#current);
      sinceImprovement = this.#improve(order[k]!, order, meter) ? 0 : sinceImprovement + 1;
      yield;
    }
  }

  #improve(task: number, order: Int32Array, meter: WorkMeter): boolean {
    if (!isPlaceable(this.#state.instance, task)) return false;
    if (this.#state.agentOf[task] === DEFERRED) return this.#insert(task, meter) || this.#insertByEjection(task, meter);
    return this.#defer(task, meter) || this.#shift(task, meter) || this.#swap(task, order, meter);
  }

  /** Without a price deferral is goal zero or forbidden, and never an improvement. */
  #defer(task: number, meter: WorkMeter): boolean {
    const state = this.#state;
    if (state.instance.deferral.kind !== "priced" || !state.canDefer(task)) return false;
    const [pair, slot] = [state.pairOf[task]!, state.slotOf[task]!];
    meter.used += 1;
    state.remove(task);
    if (this.#isBetter()) return true;
    state.place(pair, slot);
    return false;
  }

  #insert(task: number, meter: WorkMeter): boolean {
    meter.used += insertBest(this.#trial, task);
    if (this.#state.agentOf[task] === DEFERRED) return false;
    if (this.#isBetter()) return true;
    this.#state.remove(task);
    return false;
  }

  #shift(task: number, meter: WorkMeter): boolean {
    const state = this.#state;
    const { instance } = state;
    const [oldPair, oldSlot] = [state.pairOf[task]!, state.slotOf[task]!];
    state.remove(task);
    this.#trial.begin();
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      const slots = instance.slots[instance.pairAgent[pair]!]!;
      for (let slot = 0; slot < slots; slot++) {
        if ((pair === oldPair && slot === oldSlot) || !state.canPlace(pair, slot)) continue;
        meter.used += 1;
        this.#trial.place(pair, slot);
        if (!this.#isTrialBetter()) continue;
        state.place(pair, slot);
        return true;
      }
    }
    state.place(oldPair, oldSlot);
    return false;
  }

  #swap(task: number, order: Int32Array, meter: WorkMeter): boolean {
    const state = this.#state;
    this.#trial.begin();
    for (let k = 0; k < order.length; k++) {
      const other = order[k]!;
      if (other <= task || state.agentOf[other] === DEFERRED) continue;
      if (state.agentOf[other] === state.agentOf[task] && state.slotOf[other] === state.slotOf[task]) continue;
      const [pair, otherPair] = [this.#pairOn(task, other), this.#pairOn(other, task)];
      if (pair === DEFERRED || otherPair === DEFERRED) continue;
      meter.used += 1;
      this.#trial.swap(pair, otherPair);
      if (!this.#isTrialBetter() || !state.canSwap(pair, otherPair)) continue;
      const [slot, otherSlot] = [state.slotOf[other]!, state.slotOf[task]!];
      state.remove(task);
      state.remove(other);
      state.place(pair, slot);
      state.place(otherPair, otherSlot);
      return true;
    }
    return false;
  }

  /** Places a deferred task on the slot of another, which moves to its best remaining place or is deferred itself. */
  #insertByEjection(task: number, meter: WorkMeter): boolean {
    const state = this.#state;
    const { instance } = state;
    for (let other = 0; other < instance.numTasks; other++) {
      if (state.agentOf[other] === DEFERRED || isSpent(meter)) continue;
      const pair = this.#pairOn(task, other);
      if (pair === DEFERRED) continue;
      const [oldPair, oldSlot] = [state.pairOf[other]!, state.slotOf[other]!];
      state.remove(other);
      meter.used += 1;
      if (state.canPlace(pair, oldSlot)) {
        state.place(pair, oldSlot);
        meter.used += insertBest(this.#trial, other);
        const isKept = state.agentOf[other] !== DEFERRED || state.canDefer(other);
        if (isKept && this.#isBetter()) return true;
        if (state.agentOf[other] !== DEFERRED) state.remove(other);
        state.remove(task);
      }
      state.place(oldPair, oldSlot);
    }
    return false;
  }

  /** The pair of `task` on the agent that `other` runs on. */
  #pairOn(task: number, other: number): number {
    const { instance, agentOf } = this.#state;
    if (this.#pairTable !== null) return this.#pairTable[task * instance.numAgents + agentOf[other]!]!;
    for (let pair = instance.pairStart[task]!; pair < instance.pairStart[task + 1]!; pair++) {
      if (instance.pairAgent[pair] === agentOf[other]) return pair;
    }
    return DEFERRED;
  }

  #isBetter(): boolean {
    this.#scoring.read(this.#trial.score);
    return this.#isTrialBetter();
  }

  #isTrialBetter(): boolean {
    return compareScores(this.#trial.score, this.#current) < 0;
  }
}

function tabulatePairs({ numTasks, numAgents, numPairs, pairTask, pairAgent }: Instance): Int32Array | null {
  if (numTasks * numAgents > MAX_TABLE_SIZE) return null;
  const table = new Int32Array(numTasks * numAgents).fill(DEFERRED);
  for (let pair = 0; pair < numPairs; pair++) table[pairTask[pair]! * numAgents + pairAgent[pair]!] = pair;
  return table;
}
