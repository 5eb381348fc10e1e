/**
 * confidence_optimization: generalized assignment, maximised.
 *
 * Sets        I tasks, J agents, E ⊆ I × J eligible pairs
 * Parameters  δ[i,j] expected confidence gain, any sign · w_i > 0 weight
 * Variables   x[i,j] ∈ {0,1} · u[i] ∈ {0,1}
 * First goal  max Σ w_i δ[i,j] x[i,j]; where tasks wait for others of the wave, each by the chance that it starts (measures.ts)
 * Second goal min C, the makespan
 * Rows        (1)–(6) of assignment.ts, (12)–(19) of order-rows.ts where the order of tasks binds
 */
import { confidenceGoal, makespanGoal } from "./goals.js";
import { weightedConfidenceDelta } from "./measures.js";
import { defineStrategy } from "./strategy.js";

export const confidenceOptimization = defineStrategy({
  name: "confidence_optimization",
  mixKey: "confidence",
  defaultWeight: 0.1,
  problemClass: "generalized assignment (max)",
  first: confidenceGoal,
  second: makespanGoal,
  evaluate: weightedConfidenceDelta,
  words: {
    title: "expected confidence gain",
    unit: "confidence, weighted",
    goal: "most expected confidence gain, weighted",
    adjective: "most instructive",
  },
  measure: "confidence",
  spreadsWork: false,
  baseline: {
    name: "most growth",
    rule: "tasks by id, agents by mean confidence gain",
    tasks: "given",
    agents: { by: "mean", of: "confidenceDelta", sense: "max", gateFirst: false },
  },
});
