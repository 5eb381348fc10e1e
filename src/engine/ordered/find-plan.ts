import { type Assignment, type Goal, type Instance, runAtOnce } from "../../../models/index.js";
import { searchPlans, type ValuedPlan } from "./plan-search.js";

/** The best plan of so many, by the goals in their order, on an instance with timing; at once. */
export function findOrderedPlan(
  instance: Instance,
  goals: readonly Goal[],
  options: { readonly seed: number; readonly maxPlans: number; readonly start: Assignment | null },
): ValuedPlan {
  const idle = { shouldStop: () => false, onPlan: () => {}, onDecoded: () => {} };
  return runAtOnce(searchPlans(instance, goals, { ...options, ...idle }))!;
}
