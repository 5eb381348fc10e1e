import { excessOf } from "./assignment-limits.js";
import type { SequencingProblem } from "./sequencing-problem.js";
import type { SlotProblem } from "./slots-as-agents.js";
import type { TimeWindows } from "./time-windows.js";

/** Whether a partial choice of slots can still keep the limits on assignments: its fixed tasks do, with the least of all others in each row. */
export class PartialLimits {
  readonly #load: Float64Array;
  readonly #count: Int32Array;

  constructor(
    private readonly original: SequencingProblem,
    private readonly slots: SlotProblem,
  ) {
    this.#load = new Float64Array(original.numSlots);
    this.#count = new Int32Array(original.numAgents);
  }

  /** Whether the pairs alive break a limit for certain; for tasks with one pair each: whether they do. */
  isBroken({ isAlive, numAlive }: TimeWindows): boolean {
    const { limits, numTasks, numSlots, slotAgent, numAgents } = this.original;
    if (limits === null) return false;
    const { pairStart, pairAgent, busyMs } = this.slots.problem;
    this.#load.fill(0);
    this.#count.fill(0);
    const least = limits.rows.map(() => 0);
    for (let task = 0; task < numTasks; task++) {
      const leastOfTask = limits.rows.map(() => Infinity);
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        if (isAlive[pair] === 0) continue;
        const originalPair = this.slots.originalPair[pair]!;
        limits.rows.forEach(({ value }, row) => {
          leastOfTask[row] = Math.min(leastOfTask[row]!, value[originalPair]!);
        });
        if (numAlive[task] !== 1) continue;
        this.#load[pairAgent[pair]!]! += busyMs[pair]!;
        this.#count[slotAgent[pairAgent[pair]!]!]! += 1;
      }
      leastOfTask.forEach((value, row) => (least[row]! += value));
    }
    for (let slot = 0; slot < numSlots; slot++) {
      if (excessOf(this.#load[slot]!, limits.slotLoadMs[slotAgent[slot]!]!) > 0) return true;
    }
    for (let agent = 0; agent < numAgents; agent++) if (this.#count[agent]! > limits.maxTasks[agent]!) return true;
    return limits.rows.some(({ limit }, row) => excessOf(least[row]!, limit) > 0);
  }
}
