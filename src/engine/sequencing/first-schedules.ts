import type { Random } from "../../domain/index.js";
import { dispatchOrders, NUM_LOSS_WEIGHTS } from "./dispatch.js";
import type { SearchRecord } from "./search-record.js";
import { decodeOrder } from "./sequenced-plan.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** With fewer tasks a search has its first schedules as soon as it begins. */
const LEAST_TASKS = 500;

/**
 * Offers a dispatched schedule for each weight of time lost, where there are many tasks: the search loads and refines its first ones, or takes
 * segments in turn, and a clock that strikes before it has any would leave none. No moves are counted, as for the first bound: all of them take a tenth of
 * its time. Yields between two schedules. O(pairs · log tasks) each.
 */
export function* offerFirstSchedules(
  problem: SequencingProblem,
  record: SearchRecord,
  prices: Float64Array,
  random: Random,
): Generator<void, void, void> {
  const { numTasks, hasDeadlines, absences, pools, limits } = problem;
  // Dispatching knows none of these rules.
  if (hasDeadlines || absences !== null || pools !== null || limits !== null) return;
  if (numTasks < LEAST_TASKS) return;
  const orders = dispatchOrders(problem, new Float64Array(numTasks), prices, random);
  for (let k = 0; k < 2 * NUM_LOSS_WEIGHTS && !record.isDone; k++) {
    record.offerPlan(decodeOrder(problem, orders.next().value));
    yield;
  }
}
