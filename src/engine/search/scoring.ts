import { type Goal, isTimed } from "../../../models/index.js";
import { type PlanState, SEARCH_TOLERANCE } from "./plan-state.js";
import { type LoadFigures, SlotLoads } from "./slot-loads.js";

/**
 * Values of a lexicographic chain of goals for the plan in a `PlanState`, all turned to be minimised, and last the sum of
 * squared slot ends where a goal speaks of times: among plans with the same fullest slot it prefers the flatter one, which
 * gives descent a slope on the plateaus of a minimax goal. `read` is O(slots + goals).
 */
export class Scoring {
  readonly length: number;
  readonly loads: SlotLoads;
  readonly isTimed: boolean;
  readonly #state: PlanState;
  readonly #goals: readonly Goal[];
  readonly #signs: readonly number[];

  constructor(state: PlanState) {
    const { goals } = state;
    this.#state = state;
    this.#goals = goals;
    this.#signs = goals.map((goal) => (goal.sense === "min" ? 1 : -1));
    this.isTimed = goals.some(isTimed);
    this.loads = new SlotLoads(state);
    this.length = goals.length + 1;
  }

  /** Writes the score of the present plan into `out`. */
  read(out: Float64Array): void {
    if (this.isTimed) this.loads.take();
    this.write(out, this.#state.linear, this.loads.now);
  }

  /** Writes the score of a plan with those linear parts of the goals and those loads. O(goals) */
  write(out: Float64Array, linear: Float64Array, { makespan, maxLoad, minLoad, squares }: LoadFigures): void {
    for (let k = 0; k < this.#goals.length; k++) {
      const goal = this.#goals[k]!;
      const timed = goal.makespan * makespan + goal.maxLoad * maxLoad + goal.minLoad * minLoad;
      out[k] = this.#signs[k]! * (linear[k]! + timed);
    }
    out[this.#goals.length] = squares;
  }
}

/** Negative where score a is better than b, positive where worse, 0 where no entry differs beyond the search tolerance. */
export function compareScores(a: Float64Array, b: Float64Array): number {
  for (let k = 0; k < a.length; k++) {
    const difference = a[k]! - b[k]!;
    if (Math.abs(difference) > SEARCH_TOLERANCE * Math.max(1, Math.abs(a[k]!), Math.abs(b[k]!))) return difference;
  }
  return 0;
}
