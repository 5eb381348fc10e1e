/**
 * minimize_cost: generalized assignment, minimised.
 *
 * Sets        I tasks, J agents, E ⊆ I × J eligible pairs
 * Parameters  cost[i,j] ≥ 0, in the user's unit; not weighted
 * Variables   x[i,j] ∈ {0,1} · u[i] ∈ {0,1}
 * First goal  min Σ cost[i,j] x[i,j]
 * Second goal min C, the makespan
 * Rows        (1)–(6) of assignment.ts, (12)–(19) of order-rows.ts where the order of tasks binds
 */
import { costGoal, makespanGoal } from "./goals.js";
import { totalCost } from "./measures.js";
import { defineStrategy } from "./strategy.js";

export const minimizeCost = defineStrategy({
  name: "minimize_cost",
  mixKey: "cost",
  defaultWeight: 0,
  problemClass: "generalized assignment (min)",
  first: costGoal,
  second: makespanGoal,
  evaluate: totalCost,
  words: {
    title: "cost",
    unit: "the user's unit",
    goal: "least cost",
    adjective: "cheapest",
  },
  measure: "cost",
  spreadsWork: false,
  baseline: {
    name: "cheapest agents",
    rule: "tasks by id, agents by mean cost (the specification has no such strategy; the same idea)",
    tasks: "given",
    agents: { by: "mean", of: "cost", sense: "min", gateFirst: false },
  },
});
