/**
 * Staying near a plan: how many tasks another plan has elsewhere, and a goal in which each of them has a price.
 *
 * Parameters
 *   a°[i]   agent of task i in the plan before, − where that does not place it
 *   λ ≥ 0   price of one changed task, in units of the goal
 *
 * Goals
 *   changes: min Σ_{i: a°[i] ≠ −} (1 − x[i,a°[i]])
 *   priced:  the goal, with λ · changes on its bad side
 *
 * A task that the plan before does not place, as one that is new, changes nothing wherever it goes.
 */
import { EMPTY_FORM, type Goal } from "./goal.js";
import { DEFERRED, type Instance } from "./instance.js";

/** Tasks that are not where the plan before has them. @param agentBefore agent of each task, DEFERRED where it had none */
export function changesGoal({ pairTask, pairAgent }: Instance, agentBefore: Int32Array): Goal {
  const wasPlaced = (task: number): boolean => agentBefore[task] !== DEFERRED;
  return {
    ...EMPTY_FORM,
    ...{ name: "changes", sense: "min" },
    perPair: Float64Array.from(pairTask, (task, pair) =>
      Number(wasPlaced(task) && pairAgent[pair] !== agentBefore[task]),
    ),
    perDeferral: Float64Array.from(agentBefore, (_, task) => Number(wasPlaced(task))),
    evaluate: ({ agentOf }) =>
      agentOf.reduce((sum, agent, task) => sum + Number(wasPlaced(task) && agent !== agentBefore[task]), 0),
  };
}

/** The goal with a price for every change. */
export function withPriceOfChange(goal: Goal, changes: Goal, price: number): Goal {
  const signed = goal.sense === "min" ? price : -price;
  const add = (own: Float64Array | null, other: Float64Array): Float64Array =>
    other.map((value, k) => (own?.[k] ?? 0) + signed * value);
  return {
    ...goal,
    perPair: add(goal.perPair, changes.perPair!),
    perDeferral: add(goal.perDeferral, changes.perDeferral!),
    evaluate: (assignment) => goal.evaluate(assignment) + signed * changes.evaluate(assignment),
  };
}
