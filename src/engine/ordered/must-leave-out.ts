import { isPlaceable, isWithin, type Instance } from "../../../models/index.js";
import { relaxOrder } from "./relax-order.js";

/**
 * Whether sums alone show that no plan places every task that has a pair: no pair of one ends in time, least busy times exceed what all slots may be
 * busy, there are more tasks than all agents may take, or least costs exceed the budget. Looking for such a plan is then in vain. O(pairs).
 */
export function mustLeaveOut(instance: Instance): boolean {
  const relaxed = relaxOrder(instance, { goals: [], firstIndex: 0 }).instance;
  const { slots, loadLimitMs, maxTasks, budget, busyMs, cost, pairStart } = relaxed;
  let [numTasks, leastMs, leastCost] = [0, 0, 0];
  for (let task = 0; task < instance.numTasks; task++) {
    if (!isPlaceable(instance, task)) continue;
    if (!isPlaceable(relaxed, task)) return true;
    const [first, end] = [pairStart[task]!, pairStart[task + 1]!];
    numTasks++;
    leastMs += Math.min(...busyMs.subarray(first, end));
    leastCost += Math.min(...cost.subarray(first, end));
  }
  const roomMs = loadLimitMs.reduce((sum, limit, agent) => sum + slots[agent]! * limit, 0);
  const room = maxTasks.reduce((sum, count) => sum + count, 0);
  return numTasks > room || !isWithin(leastMs, roomMs) || !isWithin(leastCost, budget);
}
