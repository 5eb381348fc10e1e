import type { TimeWindows } from "./time-windows.js";

/**
 * Of the tasks with more than one pair alive one with the fewest, and of those the one with the least room for its length; ties in the given order.
 * −1 where there is none.
 */
export function tightestTask(windows: TimeWindows, tasks: Int32Array): number {
  const { numAlive, taskLatestStart, taskStart, problem } = windows;
  let [next, fewest, tightest] = [-1, Infinity, Infinity];
  for (const task of tasks) {
    const choices = numAlive[task]!;
    if (choices < 2 || choices > fewest) continue;
    const tightness = (taskLatestStart[task]! - taskStart[task]!) / problem.leastBusyMs[task]!;
    if (choices === fewest && !(tightness < tightest)) continue;
    [next, fewest, tightest] = [task, choices, tightness];
  }
  return next;
}

/** Of pairs that could still run either way on their slot the two tasks' pairs with the least room for both orders; −1 where there is none. */
export function tightestPair(windows: TimeWindows): readonly [number, number] {
  const { agentPairStart, agentPairs, isAlive, earliestStart, latestEnd, tolerance, problem } = windows;
  let [first, second, least] = [-1, -1, Infinity];
  for (let agent = 0; agent + 1 < agentPairStart.length; agent++) {
    for (let a = agentPairStart[agent]!; a < agentPairStart[agent + 1]!; a++) {
      const one = agentPairs[a]!;
      if (isAlive[one] === 0) continue;
      for (let b = a + 1; b < agentPairStart[agent + 1]!; b++) {
        const other = agentPairs[b]!;
        if (isAlive[other] === 0 || windows.isOrdered(one, other)) continue;
        const work = problem.busyMs[one]! + problem.busyMs[other]!;
        const ahead = latestEnd[other]! + tolerance - earliestStart[one]! - work;
        const behind = latestEnd[one]! + tolerance - earliestStart[other]! - work;
        if (ahead < 0 || behind < 0 || ahead + behind >= least) continue;
        least = ahead + behind;
        [first, second] = ahead >= behind ? [one, other] : [other, one];
      }
    }
  }
  return [first, second];
}
