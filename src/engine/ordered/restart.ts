import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";
import { findPairs } from "./find-pairs.js";
import { PlanDecoder } from "./plan-decoder.js";

/**
 * The same tasks on the same agents in the order in which a plan starts them, at the times that another instance with the same tasks and pairs
 * allows; null where it does not allow it. O(tasks · log tasks).
 */
export function restartPlan(instance: Instance, plan: Assignment): Assignment | null {
  const startOf = (task: number): number => plan.startMs?.[task] ?? 0;
  const order = Int32Array.from(plan.agentOf.keys()).filter((task) => plan.agentOf[task] !== DEFERRED);
  order.sort((a, b) => startOf(a) - startOf(b) || a - b);
  const wish = findPairs(instance, plan.agentOf);
  const decoder = new PlanDecoder(instance, "earliest");
  decoder.decode(order, wish);
  const restarted = decoder.toPlan();
  return restarted.agentOf.every((agent, task) => agent === plan.agentOf[task]) ? restarted : null;
}
