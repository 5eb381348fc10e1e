import type { CandidateLists } from "../bounds/candidate-lists.js";

/** Share of the typical step between a task's costs, per unit of use, below which no penalty falls. */
const FLOOR = 0.1;

/**
 * The smallest penalty of overload worth its name, for each agent: its multiplier, since with less a plan gains by
 * overloading it; but never (next to) nothing, since an agent without a price can be overloaded too. "Next to nothing" is
 * measured by the mean range of a task's costs over its candidates, per unit of use.
 */
export function leastPenalties({ start, cost, use }: CandidateLists, prices: Float64Array): Float64Array {
  let [totalUse, totalRange] = [0, 0];
  for (let task = 0; task + 1 < start.length; task++) {
    let [least, most] = [Infinity, -Infinity];
    for (let k = start[task]!; k < start[task + 1]!; k++) {
      totalUse += use[k]!;
      least = Math.min(least, cost[k]!);
      most = Math.max(most, cost[k]!);
    }
    totalRange += (most - least) * (start[task + 1]! - start[task]!);
  }
  const floor = totalRange > 0 && totalUse > 0 ? (FLOOR * totalRange) / totalUse : 1;
  return prices.map((price) => Math.max(price, floor));
}
