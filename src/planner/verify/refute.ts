import { type Assignment, deferralGoal, type Goal, type Instance, numDeferred } from "../../../models/index.js";
import { findOrderedPlan, searchPlan } from "../../engine/index.js";

/** Moves of the refuting search: one fixed procedure, like that of the reference makespan, and enough for tiny waves. */
const MOVES_PER_PAIR = 20;
const LEAST_MOVES = 5_000;
const SEED = 19;
/** The same for waves with timing, whose plans are decoded one by one. */
const MAX_ORDERED_PLANS = 400;
/** How much better, relative to max(1, |value|), a plan must be to refute: above what solvers give away. */
const REFUTING = 1e-6;

/** A plan a short search finds though none is said to exist; only where deferral is forbidden. null where it finds none. */
export function findCompletePlan(instance: Instance): Assignment | null {
  const open: Instance = { ...instance, deferral: { kind: "first" } };
  const { assignment } = search(open, [deferralGoal(open)], null);
  return numDeferred(assignment) === 0 ? assignment : null;
}

/** A better plan that a short search from the stated one finds, in words; null where it finds none. */
export function findBetter(instance: Instance, goals: readonly Goal[], plan: Assignment): string | null {
  const isForbidden = instance.deferral.kind === "forbidden";
  const chain = isForbidden ? [deferralGoal(instance), ...goals] : goals;
  const { values } = search(instance, chain, plan);
  for (const [k, goal] of chain.entries()) {
    const [stated, found] = [goal.evaluate(plan), values[k]!];
    const gain = goal.sense === "min" ? stated - found : found - stated;
    if (Math.abs(gain) <= REFUTING * Math.max(1, Math.abs(stated))) continue;
    return gain > 0 ? `a plan of ${goal.name} ${found} exists, stated ${stated}` : null;
  }
  return null;
}

/** The best plan of a short search, with its values. */
function search(instance: Instance, goals: readonly Goal[], start: Assignment | null) {
  if (instance.timing !== null) {
    const { plan, values } = findOrderedPlan(instance, goals, { seed: SEED, maxPlans: MAX_ORDERED_PLANS, start });
    return { assignment: plan, values };
  }
  return searchPlan(instance, goals, {
    seed: SEED,
    workLimit: Math.max(LEAST_MOVES, MOVES_PER_PAIR * instance.numPairs),
    preferences: [instance.busyMs, instance.cost],
    ...(start === null ? {} : { starts: [start] }),
  });
}
