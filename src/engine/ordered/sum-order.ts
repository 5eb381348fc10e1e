import type { Random } from "../../domain/index.js";
import type { DeadlineWave } from "./deadline-wave.js";

/**
 * Tasks in the order in which they are put in, by one of several rules: any, the longest first, or those first whose best pair saves most against their mean
 * one; the last two with noise. O(pairs of the tasks).
 */
export function inRandomOrder(
  tasks: readonly number[],
  { instance, leastBusyMs }: DeadlineWave,
  costs: Float64Array,
  random: Random,
): readonly number[] {
  const { pairStart } = instance;
  const rule = random.below(3);
  const keyed = tasks.map((task) => {
    const noise = 0.7 + 0.6 * random.unit();
    if (rule === 0) return { task, key: random.unit() };
    if (rule === 1) return { task, key: -leastBusyMs[task]! * noise };
    let [least, sum] = [Infinity, 0];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      sum += costs[pair]!;
      least = Math.min(least, costs[pair]!);
    }
    return { task, key: (least - sum / (pairStart[task + 1]! - pairStart[task]!)) * noise };
  });
  return keyed.sort((a, b) => a.key - b.key || a.task - b.task).map(({ task }) => task);
}
