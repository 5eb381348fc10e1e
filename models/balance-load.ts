/**
 * balance_load: R‖C_max without availability, then the spread.
 *
 * Sets        I tasks, J agents, S_j slots of agent j, E ⊆ I × J eligible pairs
 * Parameters  b[i,j] > 0 busy time, ms
 * Variables   x[i,j,s] ∈ {0,1} · u[i] ∈ {0,1} · L_max, L_min ≥ 0 busy time of the fullest and the emptiest slot, ms
 * First goal  min L_max
 * Second goal min L_max − L_min, after the first: equal loads by giving everyone slow work are not balance
 * Rows        (1)–(6) of assignment.ts, (12)–(19) of order-rows.ts where the order of tasks binds
 *             (9)  Σ_i b[i,j] x[i,j,s] ≤ L_max
 *             (10) Σ_i b[i,j] x[i,j,s] ≥ L_min            over agents that can take a task
 *             (11) load of slot s ≥ load of slot s + 1    symmetry
 * A load is busy time only: when an agent becomes available matters to the makespan, not to its share of the work.
 */
import { maxLoadGoal, spreadGoal } from "./goals.js";
import { maxLoadMs } from "./measures.js";
import { defineStrategy } from "./strategy.js";

export const balanceLoad = defineStrategy({
  name: "balance_load",
  mixKey: "balance",
  defaultWeight: 0,
  problemClass: "R‖Cmax, then spread",
  first: maxLoadGoal,
  second: spreadGoal,
  evaluate: maxLoadMs,
  words: {
    title: "largest load of a slot",
    unit: "ms",
    goal: "least maximal load of a slot",
    adjective: "most even",
  },
  measure: "largest_load",
  spreadsWork: true,
  baseline: {
    name: "even workload",
    rule: "tasks by id, each to the agent with the least busy time a slot",
    tasks: "given",
    agents: { by: "least_busy" },
  },
});
