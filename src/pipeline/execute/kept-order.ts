import { type Assignment, earliestStarts, type Instance, type Timing } from "../../../models/index.js";
import { depthsOf } from "../../planner/index.js";

/**
 * Start times of a plan that is being changed: what is fixed comes first and no earlier than it was, everything else follows in the order of
 * the plan, each as early as releases, predecessors, slots, absences and pools allow.
 */
export class KeptOrder {
  readonly #order: readonly number[];
  readonly #timing: Timing;

  /** @param startMs of the plan before; NaN where a task is deferred */
  constructor(
    private readonly instance: Instance,
    timing: Timing,
    startMs: Float64Array,
    isFixed: Uint8Array,
  ) {
    const depths = depthsOf(instance);
    const byStart = [...startMs.keys()]
      .filter((task) => !Number.isNaN(startMs[task]!))
      .sort((a, b) => startMs[a]! - startMs[b]! || depths[a]! - depths[b]! || a - b);
    const isFirst = isFixed.slice();
    for (const task of byStart.toReversed()) {
      if (isFirst[task] === 0) continue;
      const before = instance.dependsOn.subarray(instance.dependsStart[task]!, instance.dependsStart[task + 1]!);
      for (const predecessor of before) isFirst[predecessor] = 1;
    }
    this.#order = byStart.toSorted((a, b) => isFirst[b]! - isFirst[a]!);
    const releaseMs = timing.releaseMs.map((release, task) =>
      isFixed[task] === 1 && startMs[task]! > release ? startMs[task]! : release,
    );
    this.#timing = { ...timing, releaseMs };
  }

  startsOf(plan: Pick<Assignment, "agentOf" | "slotOf">): Float64Array {
    return earliestStarts(this.instance, this.#timing, plan, this.#order);
  }
}
