import type { WorkMeter } from "../bounds/work-meter.js";
import { type EjectionState, NONE } from "./ejection-state.js";

/**
 * Moves tasks off overloaded agents to whatever agent has room, candidate or not: like tasks have the same few candidates, and
 * these may have no room for all of them. O(pairs of the tasks on overloaded agents).
 *
 * @param prices u[j] ≥ 0: of the pairs with room that with the least cost + u · use is taken
 * @returns whether no agent is overloaded any more
 */
export function moveAnywhere(
  state: EjectionState,
  { prices, meter }: { readonly prices: Float64Array; readonly meter: WorkMeter },
): boolean {
  const { pairStart, pairAgent, cost, use } = state.problem;
  for (let agent = 0; agent < state.load.length; agent++) {
    let task = state.firstTask[agent]!;
    while (task !== NONE && state.isOverloaded(agent)) {
      const next = state.nextTask[task]!;
      let [best, least] = [NONE, Infinity];
      for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
        const other = pairAgent[pair]!;
        const price = cost[pair]! + prices[other]! * use[pair]!;
        if (price < least && state.load[other]! + use[pair]! <= state.capacity[other]!) [best, least] = [pair, price];
      }
      meter.spend(pairStart[task + 1]! - pairStart[task]!);
      if (best !== NONE) state.put(task, pairAgent[best]!, cost[best]!, use[best]!);
      task = next;
    }
  }
  return state.numOverloaded() === 0;
}

/** What agents have beyond their capacities, as a share of all that they have. */
export function overloadShare({ load, capacity }: EjectionState): number {
  let [over, sum] = [0, 0];
  for (let agent = 0; agent < load.length; agent++) {
    over += Math.max(0, load[agent]! - capacity[agent]!);
    sum += load[agent]!;
  }
  return sum > 0 ? over / sum : 0;
}
