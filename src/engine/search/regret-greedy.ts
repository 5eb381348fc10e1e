import type { Ranking } from "../bounds/candidate-lists.js";
import type { WorkMeter } from "../bounds/work-meter.js";
import type { EjectionState } from "./ejection-state.js";

/**
 * Places all tasks, those first that lose most where they do not get their cheapest candidate (regret, Martello, Toth,
 * Knapsack Problems, 1990, section 7.4), each with the cheapest candidate that has room; where none has, with the one that
 * is cheapest with its overload priced. O(candidates + tasks · log tasks). Tasks already placed stay where they
 * are; one without candidates stays out.
 */
export function placeByRegret(state: EjectionState, { prices, pairPrices }: Ranking, meter: WorkMeter): void {
  const { lists } = state;
  const { start } = lists;
  const price = Float64Array.from(lists.pair, (pair, k) =>
    pairPrices === undefined ? lists.cost[k]! + prices[lists.agent[k]!]! * lists.use[k]! : pairPrices[pair]!,
  );
  const regret = new Float64Array(state.problem.numTasks);
  for (let task = 0; task < regret.length; task++) {
    const first = start[task]!;
    regret[task] = start[task + 1]! - first > 1 ? price[first + 1]! - price[first]! : Infinity;
  }
  const order = Int32Array.from(regret.keys()).filter(
    (task) => state.agentOf[task]! < 0 && start[task]! < start[task + 1]!,
  );
  order.sort((a, b) => (regret[a] === regret[b] ? a - b : regret[a]! > regret[b]! ? -1 : 1));
  for (const task of order) state.moveTo(task, cheapestPlace(state, task, price));
  meter.spend(2 * price.length + 20 * order.length);
}

function cheapestPlace({ lists, load, capacity, penalty }: EjectionState, task: number, price: Float64Array): number {
  const { start, agent, use } = lists;
  let best = start[task]!;
  let least = Infinity;
  for (let k = start[task]!; k < start[task + 1]!; k++) {
    const j = agent[k]!;
    const excess = Math.max(0, load[j]! + use[k]! - capacity[j]!);
    const value = price[k]! + 2 * penalty[j]! * excess;
    if (value < least) [least, best] = [value, k];
  }
  return best;
}
