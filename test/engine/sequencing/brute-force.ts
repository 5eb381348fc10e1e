import type { SequencingProblem } from "../../../src/engine/sequencing/sequencing-problem.js";

/**
 * The least makespan over all schedules that keep the deadlines, Infinity where none does: every topological order and every choice of
 * agents, each task appended to the slot that is free first. For problems without absences and pools; exponential.
 */
export function bruteForceMakespan(problem: SequencingProblem): number {
  const { numTasks, numSlots, slotAgent, slotStart, availableFromMs, pairStart, pairAgent, busyMs } = problem;
  const slotFree = Array.from({ length: numSlots }, (_, slot) => availableFromMs[slotAgent[slot]!]!);
  const end = new Array<number>(numTasks).fill(NaN);
  let best = Infinity;

  function place(count: number, last: number): void {
    if (last >= best) return;
    if (count === numTasks) {
      best = last;
      return;
    }
    for (let task = 0; task < numTasks; task++) {
      const before = [
        ...problem.predecessors.subarray(problem.predecessorStart[task]!, problem.predecessorStart[task + 1]!),
      ];
      if (!Number.isNaN(end[task]!) || before.some((one) => Number.isNaN(end[one]!))) continue;
      const ready = Math.max(problem.releaseMs[task]!, ...before.map((one) => end[one]!));
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const agent = pairAgent[pair]!;
        let slot = slotStart[agent]!;
        for (let other = slot; other < slotStart[agent + 1]!; other++)
          if (slotFree[other]! < slotFree[slot]!) slot = other;
        const free = slotFree[slot]!;
        const finish = Math.max(ready, free) + busyMs[pair]!;
        if (finish > problem.deadlineMs[task]!) continue;
        [slotFree[slot], end[task]] = [finish, finish];
        place(count + 1, Math.max(last, finish));
        [slotFree[slot], end[task]] = [free, NaN];
      }
    }
  }
  place(0, 0);
  return best;
}
