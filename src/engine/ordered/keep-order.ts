import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";
import { findPairs } from "./find-pairs.js";
import { ANY_PAIR, PlanDecoder } from "./plan-decoder.js";
import { pathPriorities } from "./path-priorities.js";
import { orderBy } from "./plan-search.js";

/**
 * A plan of an instance with timing that keeps agents and order of a plan for nearly the same instance: what that does not place comes
 * last and goes where it ends first. O(tasks · pairs of a task · slots).
 *
 * @param unplaced what becomes of tasks that have no place in the plan before
 */
export function keepOrder(
  instance: Instance,
  before: Assignment,
  unplaced: typeof ANY_PAIR | typeof DEFERRED = ANY_PAIR,
): Assignment {
  const startOf = (task: number): number => before.startMs?.[task] ?? NaN;
  const order = orderBy(
    instance,
    (task) => (Number.isNaN(startOf(task)) ? Infinity : startOf(task)),
    pathPriorities(instance),
  );
  const wish = findPairs(instance, before.agentOf).map((pair) => (pair === DEFERRED ? unplaced : pair));
  const decoder = new PlanDecoder(instance, "earliest");
  decoder.decode(order, wish);
  return decoder.toPlan();
}
