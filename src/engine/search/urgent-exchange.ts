import { type Assignment, DEFERRED, type Goal, type Instance, isPlaceable, isTimed } from "../../../models/index.js";
import { PlanState } from "./plan-state.js";
import { Scoring } from "./scoring.js";

/** Rounding of sums, relative to max(1, |value|): how much worse a goal may look after an exchange that keeps it. */
const KEPT_TOLERANCE = 1e-12;

export interface ExchangeOutcome {
  readonly assignment: Assignment;
  readonly numExchanges: number;
  /** Whether a clock or a signal ended the pass before its end. */
  readonly wasStopped: boolean;
}

/** Whether some task is more urgent than another, so that it matters which of them is placed. O(tasks) */
export function hasUrgency({ urgencyRank }: Instance): boolean {
  return urgencyRank.some((rank) => rank !== urgencyRank[0]);
}

/**
 * Exchanges deferred tasks for less urgent placed ones as long as every goal keeps its value: ends at a plan in which no
 * exchange of one deferred for one placed task, all else fixed, keeps every goal and places a strictly more urgent task.
 * Most urgent tasks come first, in exchange for the least urgent; yields after every deferred task looked at.
 * O(deferred · placed · pairs of a task) a sweep.
 */
export function* urgentExchangeSteps(
  instance: Instance,
  goals: readonly Goal[],
  start: Assignment,
  shouldStop: () => boolean,
): Generator<void, ExchangeOutcome> {
  const pass = new UrgentExchange(instance, goals, start);
  let numExchanges = 0;
  for (let numBefore = -1; numBefore < numExchanges;) {
    numBefore = numExchanges;
    for (const task of pass.deferredByUrgency()) {
      if (shouldStop()) return { assignment: pass.plan(), numExchanges, wasStopped: true };
      numExchanges += Number(pass.placeInExchange(task));
      yield;
    }
  }
  return { assignment: pass.plan(), numExchanges, wasStopped: false };
}

class UrgentExchange {
  readonly #state: PlanState;
  readonly #scoring: Scoring;
  /** The best value of every goal so far, minimised: what an exchange has to keep. */
  readonly #kept: Float64Array;
  readonly #trial: Float64Array;
  readonly #linearGoals: readonly Goal[];
  /** Least urgent first. */
  readonly #leastUrgent: Int32Array;

  constructor(
    private readonly instance: Instance,
    goals: readonly Goal[],
    start: Assignment,
  ) {
    this.#state = new PlanState(instance, goals);
    this.#state.restore(start);
    this.#scoring = new Scoring(this.#state);
    this.#kept = new Float64Array(this.#scoring.length);
    this.#trial = new Float64Array(this.#scoring.length);
    this.#scoring.read(this.#kept);
    this.#linearGoals = goals.filter((goal) => !isTimed(goal));
    const { urgencyRank, numTasks } = instance;
    this.#leastUrgent = Int32Array.from({ length: numTasks }, (_, task) => task).sort(
      (a, b) => urgencyRank[b]! - urgencyRank[a]! || b - a,
    );
  }

  plan(): Assignment {
    return this.#state.snapshot();
  }

  deferredByUrgency(): number[] {
    const isOut = (task: number): boolean => this.#state.agentOf[task] === DEFERRED && isPlaceable(this.instance, task);
    return Array.from(this.#leastUrgent).reverse().filter(isOut);
  }

  /** Places the deferred task in exchange for the least urgent task it can take the place of. */
  placeInExchange(task: number): boolean {
    const { urgencyRank } = this.instance;
    for (const other of this.#leastUrgent) {
      if (urgencyRank[other]! <= urgencyRank[task]!) return false;
      if (this.#state.agentOf[other] === DEFERRED || !this.#state.canDefer(other)) continue;
      if (this.#exchange(task, other)) return true;
    }
    return false;
  }

  #exchange(task: number, other: number): boolean {
    const state = this.#state;
    const { pairStart } = this.instance;
    const [otherPair, otherSlot] = [state.pairOf[other]!, state.slotOf[other]!];
    let isOut = false;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      if (!this.#keepsLinearGoals(pair, task, otherPair, other)) continue;
      if (!isOut) state.remove(other);
      isOut = true;
      if (this.#placeAnywhere(pair)) return true;
    }
    if (isOut) state.place(otherPair, otherSlot);
    return false;
  }

  /** Tells most exchanges apart without touching the plan. */
  #keepsLinearGoals(pair: number, task: number, otherPair: number, other: number): boolean {
    return this.#linearGoals.every(({ sense, perPair, perDeferral }) => {
      const [gain, loss] = [perPair?.[pair] ?? 0, perPair?.[otherPair] ?? 0];
      const change = gain - loss + (perDeferral?.[other] ?? 0) - (perDeferral?.[task] ?? 0);
      // Rounding of the whole sum is for the score to judge.
      const slack = 1e-9 * Math.max(1, Math.abs(gain), Math.abs(loss));
      return (sense === "min" ? change : -change) <= slack;
    });
  }

  #placeAnywhere(pair: number): boolean {
    const state = this.#state;
    const { pairAgent, pairTask, slots } = this.instance;
    for (let slot = 0; slot < slots[pairAgent[pair]!]!; slot++) {
      if (!state.canPlace(pair, slot)) continue;
      state.place(pair, slot);
      if (this.#keepsGoals()) return true;
      state.remove(pairTask[pair]!);
    }
    return false;
  }

  #keepsGoals(): boolean {
    this.#scoring.read(this.#trial);
    const numGoals = this.#state.goals.length;
    for (let k = 0; k < numGoals; k++) {
      if (this.#trial[k]! > this.#kept[k]! + KEPT_TOLERANCE * Math.max(1, Math.abs(this.#kept[k]!))) return false;
    }
    for (let k = 0; k < numGoals; k++) this.#kept[k] = Math.min(this.#kept[k]!, this.#trial[k]!);
    return true;
  }
}
