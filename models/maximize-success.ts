/**
 * maximize_success: generalized assignment, maximised (Martello & Toth, Knapsack Problems, 1990, ch. 7).
 *
 * Sets        I tasks, J agents, E ⊆ I × J eligible pairs
 * Parameters  P[i,j] ∈ [0,1] final success probability · w_i > 0 weight · b[i,j] > 0 busy time, ms · K_j load limit per slot, ms
 * Variables   x[i,j] ∈ {0,1} task i on agent j · u[i] ∈ {0,1} task i deferred
 * First goal  max Σ w_i P[i,j] x[i,j]; where tasks wait for others of the wave, each by the chance that it starts (measures.ts)
 * Second goal min C, the makespan (see maximize-throughput.ts)
 * Rows        (1)–(6) of assignment.ts, (12)–(19) of order-rows.ts where the order of tasks binds
 */
import { makespanGoal, successGoal } from "./goals.js";
import { weightedSuccess } from "./measures.js";
import { defineStrategy } from "./strategy.js";

export const maximizeSuccess = defineStrategy({
  name: "maximize_success",
  mixKey: "success",
  defaultWeight: 0.5,
  problemClass: "generalized assignment (max)",
  first: successGoal,
  second: makespanGoal,
  evaluate: weightedSuccess,
  words: {
    title: "expected successes",
    unit: "tasks, weighted",
    goal: "most expected successes, weighted",
    adjective: "surest",
  },
  measure: "successes",
  spreadsWork: false,
  baseline: {
    name: "best agents",
    rule: "agents by mean success, tasks by risk and confidence: the easiest tasks to the best agents",
    tasks: "easiest",
    agents: { by: "mean", of: "success", sense: "max", gateFirst: false },
  },
});
