import type { SequencingProblem } from "./sequencing-problem.js";

/** Tasks that schedules may leave out: at most so much weight of them, together with everything that waits for them. */
export interface DeferralLeft {
  readonly weight: Float64Array;
  readonly most: number;
}

/** 1 for each task that every schedule runs: leaving it out would leave out too much with it. O(tasks · dependencies). */
export function mandatoryTasks(problem: SequencingProblem, deferral: DeferralLeft | null): Uint8Array {
  const { numTasks, successorStart, successors } = problem;
  const isMandatory = new Uint8Array(numTasks).fill(1);
  if (deferral === null) return isMandatory;
  for (let task = 0; task < numTasks; task++) {
    const seen = new Set([task]);
    let weight = 0;
    for (const one of seen) {
      weight += deferral.weight[one]!;
      if (weight > deferral.most) break;
      for (let s = successorStart[one]!; s < successorStart[one + 1]!; s++) seen.add(successors[s]!);
    }
    if (!(weight > deferral.most)) isMandatory[task] = 0;
  }
  return isMandatory;
}

/**
 * The largest sum of values that may be left out with the tasks: a knapsack of their weights, relaxed to parts of tasks (Dantzig,
 * Operations Research 5, 1957). Tasks not listed are none of it.
 */
export function mostLeftOut(tasks: Int32Array, values: Float64Array, { weight, most }: DeferralLeft): number {
  const order = Array.from(tasks.keys()).sort(
    (a, b) => values[b]! / weight[tasks[b]!]! - values[a]! / weight[tasks[a]!]!,
  );
  let [left, sum] = [most, 0];
  for (const k of order) {
    const share = Math.min(1, left / weight[tasks[k]!]!);
    sum += share * values[k]!;
    left -= share * weight[tasks[k]!]!;
    if (!(left > 0)) break;
  }
  return sum;
}

/** Whether the tasks may all be left out. */
export function canLeaveOut(tasks: Int32Array, { weight, most }: DeferralLeft): boolean {
  return tasks.reduce((sum, task) => sum + weight[task]!, 0) <= most;
}
