import type { PlanState } from "./plan-state.js";
import type { Scoring } from "./scoring.js";
import { NO_SLOT } from "./slot-loads.js";

/**
 * Scores of plans one step away from the plan in a `PlanState`, without making the step: most steps that a search tries are not made.
 * `begin` looks at the plan, O(slots); after it, until the plan changes, a step is O(goals).
 */
export class Trial {
  /** Of the last step tried. */
  readonly score: Float64Array;
  /** The best of several steps, for whoever compares them. */
  readonly best: Float64Array;
  readonly #linear: Float64Array;

  constructor(
    readonly state: PlanState,
    private readonly scoring: Scoring,
  ) {
    this.score = new Float64Array(scoring.length);
    this.best = new Float64Array(scoring.length);
    this.#linear = new Float64Array(state.linear.length);
  }

  begin(): void {
    if (this.scoring.isTimed) this.scoring.loads.take();
  }

  /** Scores the plan with the unplaced task of the pair on that slot. */
  place(pair: number, slot: number): void {
    const { state, scoring } = this;
    const { busyMs, pairAgent, pairTask } = state.instance;
    const task = pairTask[pair]!;
    for (let k = 0; k < this.#linear.length; k++) {
      const { perPair, perDeferral } = state.goals[k]!;
      this.#linear[k] = state.linear[k]! + (perPair?.[pair] ?? 0) - (perDeferral?.[task] ?? 0);
    }
    if (scoring.isTimed) {
      const at = state.slotStart[pairAgent[pair]!]! + slot;
      scoring.loads.change(at, state.slotBusyMs[at]! + busyMs[pair]!, NO_SLOT, 0);
    }
    scoring.write(this.score, this.#linear, scoring.loads.changed);
  }

  /** Scores the plan in which two placed tasks have changed places, each as the pair given for it. */
  swap(pair: number, otherPair: number): void {
    const { state, scoring } = this;
    const { busyMs, pairTask } = state.instance;
    const [task, other] = [pairTask[pair]!, pairTask[otherPair]!];
    const [pairNow, otherPairNow] = [state.pairOf[task]!, state.pairOf[other]!];
    for (let k = 0; k < this.#linear.length; k++) {
      const { perPair } = state.goals[k]!;
      const change = perPair && perPair[pair]! - perPair[pairNow]! + perPair[otherPair]! - perPair[otherPairNow]!;
      this.#linear[k] = state.linear[k]! + (change ?? 0);
    }
    if (scoring.isTimed) {
      const ownMs = state.busyMsWithout(task) + busyMs[otherPair]!;
      const otherMs = state.busyMsWithout(other) + busyMs[pair]!;
      scoring.loads.change(state.slotAt(task), ownMs, state.slotAt(other), otherMs);
    }
    scoring.write(this.score, this.#linear, scoring.loads.changed);
  }
}
