/**
 * maximize_throughput: unrelated parallel machines, R‖C_max (Lenstra, Shmoys, Tardos, Math. Programming 46, 1990),
 * one machine per slot.
 *
 * Sets        I tasks, J agents, S_j slots of agent j, E ⊆ I × J eligible pairs
 * Parameters  b[i,j] > 0 busy time, ms · a_j ≥ 0 available from, ms
 * Variables   x[i,j,s] ∈ {0,1} · u[i] ∈ {0,1} · y[j,s] ∈ [0,1] slot used · C ≥ 0 makespan, ms
 * First goal  min C
 * Second goal max Σ w_i P[i,j] x[i,j,s]
 * Rows        (1)–(6) of assignment.ts
 *             (7)  Σ_i b[i,j] x[i,j,s] + a_j y[j,s] ≤ C   with start times S[i] + Σ_j b[i,j] x[i,j] ≤ C + E_i u[i]
 *             (8)  x[i,j,s] ≤ y[j,s]                      only where a_j > 0
 *             (11) load of slot s ≥ load of slot s + 1    symmetry
 *             (12)–(19) of order-rows.ts                  where the order of tasks binds
 */
import { makespanGoal, successGoal } from "./goals.js";
import { makespanMs } from "./measures.js";
import { defineStrategy } from "./strategy.js";

export const maximizeThroughput = defineStrategy({
  name: "maximize_throughput",
  mixKey: "throughput",
  defaultWeight: 0.3,
  problemClass: "R‖Cmax, one machine per slot",
  first: makespanGoal,
  second: successGoal,
  evaluate: makespanMs,
  words: {
    title: "makespan",
    unit: "ms",
    goal: "least makespan",
    adjective: "shortest",
  },
  measure: "makespan",
  spreadsWork: true,
  baseline: {
    name: "earliest end",
    rule: "the longest first, each to the slot that would end it first (Ibarra & Kim, J. ACM 24, 1977)",
    tasks: "longest",
    agents: { by: "earliest_end" },
  },
});
