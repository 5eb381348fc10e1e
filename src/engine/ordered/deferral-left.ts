import { type Assignment, deferralGoal, type Instance, settledSlack } from "../../../models/index.js";
import type { DeferralLeft } from "../sequencing/deferral-left.js";
import type { SequencingView } from "./sequencing-view.js";

/** What plans that are as good as the given one on goal zero may still defer of the tasks of a view; null where that is nothing. */
export function deferralLeft(instance: Instance, { taskOf }: SequencingView, plan: Assignment): DeferralLeft | null {
  const goal = deferralGoal(instance);
  const deferred = goal.evaluate(plan);
  if (instance.deferral.kind === "forbidden" || deferred === 0) return null;
  const weight = Float64Array.from(taskOf, (task) => instance.weight[task]!);
  return { weight, most: deferred + settledSlack(instance, goal, deferred) };
}
