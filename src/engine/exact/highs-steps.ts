import type { Highs, HighsCallbackMap, Model } from "highs";

/** Looks of HiGHS at its limits count as so many iterations: between them it cuts, probes and dives. Measured. */
const ITERATIONS_PER_LOOK = 4;

/**
 * Counts the work of HiGHS in steps, the iterations of its linear programs and its looks at its limits, so that equal programs end at
 * equal points on any machine. Its heuristics end before it looks again, so that it takes a few thousand steps more than its limit.
 */
export class HighsSteps {
  /** What HiGHS calls where it looks at its limits. */
  readonly callbacks: HighsCallbackMap;
  #numLooks = 0;

  constructor({ constants }: Highs, maxSteps: number) {
    this.callbacks = {
      [constants.callbackType.mipInterrupt]: (event) => {
        this.#numLooks += 1;
        if (this.#stepsAfter(Number(event.data.mip_total_lp_iterations ?? 0)) >= maxSteps) event.interrupt();
        return undefined;
      },
    };
  }

  /** Steps taken once the run is over. */
  usedBy(model: Model): number {
    return this.#stepsAfter(Math.max(0, Number(model.info.get("simplex_iteration_count"))));
  }

  #stepsAfter(numIterations: number): number {
    return numIterations + ITERATIONS_PER_LOOK * this.#numLooks;
  }
}
