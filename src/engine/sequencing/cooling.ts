import type { SequencingProblem } from "./sequencing-problem.js";

/** Tries between two changes of the temperature. */
export const TRIES_PER_STEP = 128;
/** Temperature at the end of a run, in mean busy times of a task. */
const LAST_TEMPERATURE = 0.005;

/** Geometric cooling of simulated annealing (Kirkpatrick, Gelatt, Vecchi, Science 220, 1983), in mean busy times of a task. */
export class Cooling {
  readonly #meanBusyMs: number;

  constructor({ numTasks, leastBusyMs }: Pick<SequencingProblem, "numTasks" | "leastBusyMs">) {
    this.#meanBusyMs = leastBusyMs.reduce((sum, one) => sum + one, 0) / Math.max(1, numTasks);
  }

  /**
   * Temperature after a share of a run, milliseconds.
   *
   * @param first at its beginning, in mean busy times of a task
   */
  at(done: number, first: number): number {
    return this.#meanBusyMs * first * (LAST_TEMPERATURE / first) ** done;
  }
}
