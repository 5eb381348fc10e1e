import type { KnapsackLagrangian } from "./knapsack-lagrangian.js";
import { OPEN, type PartialAssignment } from "./partial-assignment.js";

/** What a bound that does not rise counts for, as a share of the gap that is left. */
const LEAST_RISE = 0.005;

/**
 * The open task to branch on: where even the two cheapest choices raise the bound most (their product, as in strong branching:
 * Achterberg, Koch, Martin, Operations Research Letters 33, 2005), tasks first that the agents do not agree on.
 *
 * @param gap what the bound may still rise
 */
export function branchTask({ state, timesChosen }: KnapsackLagrangian, extra: Float64Array, gap: number): number {
  const unit = gap > 0 ? 0.25 * gap : 1;
  let [best, bestScore] = [-1, -Infinity];
  for (let task = 0; task < state.numTasks; task++) {
    if (state.fixedPair[task] !== OPEN) continue;
    let [least, second] = [Infinity, Infinity];
    for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
      if (state.isAlive[pair] === 0) continue;
      const rise = extra[pair]!;
      if (rise < least) {
        second = least;
        least = rise;
      } else if (rise < second) second = rise;
    }
    const rises = (least / unit + LEAST_RISE * 4) * (Math.min(second / unit, 1e6) + LEAST_RISE * 4);
    const score = rises + (timesChosen[task] === 1 ? 0 : 1);
    if (score > bestScore) [best, bestScore] = [task, score];
  }
  return best;
}

/** Alive pairs of a task by rising conditional bound. */
export function sortedChoices(state: PartialAssignment, extra: Float64Array, task: number): number[] {
  const choices: number[] = [];
  for (let pair = state.pairStart[task]!; pair < state.pairStart[task + 1]!; pair++) {
    if (state.isAlive[pair] === 1) choices.push(pair);
  }
  return choices.sort((a, b) => extra[a]! - extra[b]! || a - b);
}

/**
 * The choices without those on an agent nothing is fixed to, where another choice is on such an agent and both are twins: what
 * holds for one holds for the other (isomorphic branches, as in Margot, Math. Programming 94, 2002).
 */
export function withoutTwins(state: PartialAssignment, choices: readonly number[], twinOf: Int32Array): number[] {
  const seen = new Set<number>();
  return choices.filter((pair) => {
    const agent = state.pairAgent[pair]!;
    if (state.numFixed[agent]! > 0) return true;
    const twin = twinOf[agent]!;
    if (seen.has(twin)) return false;
    seen.add(twin);
    return true;
  });
}
