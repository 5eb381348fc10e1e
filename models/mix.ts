/**
 * mix: a weighted sum of goals, each scaled by the payoff table of the single goals (Miettinen, Nonlinear Multiobjective
 * Optimization, 1999, §2.4).
 *
 * Parameters  weight_k ≥ 0 · ideal_k value of goal k in its own optimum · nadir_k its worst value among the optima of the
 *             other goals taken part; where the optima agree, worse than the ideal by the ideal's own size
 * First goal  min Σ_k weight_k · (v_k − ideal_k) / (nadir_k − ideal_k); a term is 0 where nadir_k = ideal_k
 * Second goal max Σ w_i P[i,j] x[i,j]
 * Rows        (1)–(6) of assignment.ts, and (7)–(11) where makespan or load takes part
 * Every term is 0 at its ideal and 1 at its nadir, whatever the sense of its goal.
 */
import type { CountedGoalKind, Goal, GoalKind } from "./goal.js";
import { successGoal, weightedSum } from "./goals.js";
import { type GoalKey, STRATEGY_OF_GOAL } from "./strategies.js";
import { defineModel, type StrategyModel } from "./strategy.js";

/** The goal that a key of `weights` weighs. */
export function mixGoal(key: GoalKey): CountedGoalKind {
  return STRATEGY_OF_GOAL[key].first;
}

export interface MixPart {
  /** The goal, by its name among the weights. */
  readonly key: GoalKey;
  /** weight_k ≥ 0. */
  readonly weight: number;
  /** ideal_k: value of the goal in its own optimum. */
  readonly ideal: number;
  /** nadir_k: its worst value among the optima of the other goals. */
  readonly nadir: number;
}

/** weight_k / (nadir_k − ideal_k), 0 where the goal does not vary. */
export function mixFactor({ weight, ideal, nadir }: MixPart): number {
  return nadir === ideal ? 0 : weight / (nadir - ideal);
}

export function mixModel(parts: readonly MixPart[]): StrategyModel {
  const first: GoalKind = {
    name: "mix",
    sense: "min",
    on: (instance): Goal =>
      weightedSum(
        instance,
        "mix",
        parts.map((part) => ({ goal: mixGoal(part.key).on(instance), factor: mixFactor(part) })),
        -parts.reduce((sum, part) => sum + mixFactor(part) * part.ideal, 0),
      ),
  };
  return defineModel({
    name: "mix",
    problemClass: "weighted sum",
    first,
    second: successGoal,
    evaluate: (instance, assignment) =>
      parts.reduce((sum, part) => {
        const value = STRATEGY_OF_GOAL[part.key].evaluate(instance, assignment);
        return sum + mixFactor(part) * (value - part.ideal);
      }, 0),
  });
}
