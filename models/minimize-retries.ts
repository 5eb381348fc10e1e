/**
 * minimize_retries: generalized assignment, minimised, after a gate goal.
 *
 * Sets        I tasks, J agents, E ⊆ I × J eligible pairs
 * Parameters  A[i,j] ≥ 1 expected attempts · P[i,j] ∈ [0,1] · g_i ∈ {.5, .75, .9} gate bound of the task's risk · w_i > 0 weight
 * Variables   x[i,j] ∈ {0,1} · u[i] ∈ {0,1}
 * Goal before min Σ w_i x[i,j] over pairs with P[i,j] < g_i
 * First goal  min Σ w_i (A[i,j] − 1) x[i,j]
 * Second goal min C, the makespan
 * Rows        (1)–(6) of assignment.ts, (12)–(19) of order-rows.ts where the order of tasks binds
 */
import { gateGoal, makespanGoal, retriesGoal } from "./goals.js";
import { weightedRetries } from "./measures.js";
import { defineStrategy } from "./strategy.js";

export const minimizeRetries = defineStrategy({
  name: "minimize_retries",
  mixKey: "retries",
  defaultWeight: 0.1,
  problemClass: "generalized assignment (min)",
  before: [gateGoal],
  first: retriesGoal,
  second: makespanGoal,
  evaluate: weightedRetries,
  words: {
    title: "expected retries",
    unit: "retries, weighted",
    goal: "fewest tasks below their gate's bound, then fewest expected retries",
    adjective: "steadiest",
  },
  measure: "retries",
  spreadsWork: false,
  baseline: {
    name: "fewest retries",
    rule: "agents by mean retries, the riskiest tasks first, pairs below the gate's bound last",
    tasks: "riskiest",
    agents: { by: "mean", of: "retries", sense: "min", gateFirst: true },
  },
});
