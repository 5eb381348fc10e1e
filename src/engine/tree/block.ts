import type { Random } from "../../domain/index.js";
import type { KnapsackLagrangian } from "./knapsack-lagrangian.js";
import { OPEN } from "./partial-assignment.js";

/** How far chance moves the regret of a task, either way. */
const JITTER = 0.4;

/**
 * Pairs to fix at once in a dive: of the open tasks that exactly one agent chose, the share whose next best agent would cost
 * most. They fit together, since each agent chose them together.
 */
export function pickBlock(
  { state, timesChosen, chosen, chosenCount }: KnapsackLagrangian,
  extra: Float64Array,
  share: number,
  random: Random,
): number[] {
  const candidates: { readonly pair: number; readonly regret: number }[] = [];
  for (let agent = 0; agent < state.numAgents; agent++) {
    const start = state.listStart[agent]!;
    for (let at = start; at < start + chosenCount[agent]!; at++) {
      const pair = chosen[at]!;
      const task = state.pairTask[pair]!;
      if (state.fixedPair[task] !== OPEN || state.isAlive[pair] === 0 || timesChosen[task] !== 1) continue;
      const jitter = 1 - JITTER + 2 * JITTER * random.unit();
      candidates.push({ pair, regret: nextBest(pair, task) * jitter });
    }
  }
  candidates.sort((a, b) => (a.regret === b.regret ? a.pair - b.pair : b.regret - a.regret));
  return candidates.slice(0, Math.max(1, Math.ceil(share * state.numOpen))).map(({ pair }) => pair);

  function nextBest(own: number, task: number): number {
    let least = 1e300;
    for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
      if (pair !== own && state.isAlive[pair] === 1) least = Math.min(least, extra[pair]!);
    }
    return least;
  }
}
