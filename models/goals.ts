/**
 * Goals as linear forms over the variables of a plan,
 *
 *   f = Σ_p perPair[p] · x[p] + Σ_i perDeferral[i] · u[i] + makespan · C + maxLoad · L_max + minLoad · L_min + constant,
 *
 * each with an `evaluate` that counts the same figure straight from the plan.
 */
import { type Assignment, type Instance, isPlaceable } from "./instance.js";
import * as measures from "./measures.js";
import type { Sense } from "./program.js";

/** A goal as plain data: its linear form. */
export interface GoalForm {
  readonly name: string;
  readonly sense: Sense;
  /** Coefficient of each eligible pair; null: all 0. */
  readonly perPair: Float64Array | null;
  /** Coefficient of each deferral; null: all 0. */
  readonly perDeferral: Float64Array | null;
  readonly makespan: number;
  readonly maxLoad: number;
  readonly minLoad: number;
  readonly constant: number;
}

export interface Goal extends GoalForm {
  /** Value of a plan, independent of the coefficients above. */
  evaluate(assignment: Assignment): number;
}

/** The goal without its evaluator: plain data that may cross to another thread. */
export function formOf(goal: Goal): GoalForm {
  const { name, sense, perPair, perDeferral, makespan, maxLoad, minLoad, constant } = goal;
  return { name, sense, perPair, perDeferral, makespan, maxLoad, minLoad, constant };
}

const NOTHING = { perPair: null, perDeferral: null, makespan: 0, maxLoad: 0, minLoad: 0, constant: 0 } as const;

/** Whether the goal speaks of times, so that its program needs a variable for every slot. */
export function isTimed(goal: GoalForm): boolean {
  return goal.makespan !== 0 || goal.maxLoad !== 0 || goal.minLoad !== 0;
}

/**
 * min Σ w_i u_i over tasks that some plan could place: goal zero. The others are deferred in every plan; counting them
 * would only blur the tolerance of what can be decided.
 */
export function deferralGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "deferral",
    sense: "min",
    perDeferral: instance.weight.map((weight, task) => (isPlaceable(instance, task) ? weight : 0)),
    evaluate: (assignment) => measures.avoidableDeferredWeight(instance, assignment),
  };
}

/** max Σ w_i P[i,j] x[i,j]. */
export function successGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "success",
    sense: "max",
    perPair: timesWeight(instance, instance.success),
    evaluate: (assignment) => measures.weightedSuccess(instance, assignment),
  };
}

/** min Σ w_i (A[i,j] − 1) x[i,j]. */
export function retriesGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "retries",
    sense: "min",
    perPair: timesWeight(instance, instance.retries),
    evaluate: (assignment) => measures.weightedRetries(instance, assignment),
  };
}

/** min Σ w_i x[i,j] over pairs with P[i,j] below the gate's bound for the task's risk. */
export function gateGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "below_gate",
    sense: "min",
    perPair: timesWeight(instance, Float64Array.from(instance.belowGate)),
    evaluate: (assignment) => measures.weightBelowGate(instance, assignment),
  };
}

/** max Σ w_i δ[i,j] x[i,j]. */
export function confidenceGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "confidence_delta",
    sense: "max",
    perPair: timesWeight(instance, instance.confidenceDelta),
    evaluate: (assignment) => measures.weightedConfidenceDelta(instance, assignment),
  };
}

/** min Σ cost[i,j] x[i,j]. */
export function costGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "cost",
    sense: "min",
    perPair: instance.cost,
    evaluate: (assignment) => measures.totalCost(instance, assignment),
  };
}

/** min C. */
export function makespanGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "makespan_ms",
    sense: "min",
    makespan: 1,
    evaluate: (assignment) => measures.makespanMs(instance, assignment),
  };
}

/** min L_max. */
export function maxLoadGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "max_load_ms",
    sense: "min",
    maxLoad: 1,
    evaluate: (assignment) => measures.maxLoadMs(instance, assignment),
  };
}

/** min L_max − L_min. */
export function spreadGoal(instance: Instance): Goal {
  return {
    ...NOTHING,
    name: "spread_ms",
    sense: "min",
    maxLoad: 1,
    minLoad: -1,
    evaluate: (assignment) => measures.spreadMs(instance, assignment),
  };
}

/**
 * The goal with a price on every deferred task, in its own units: + penalty · u_i where it is minimised, − where it is
 * maximised. Used as first goal where the user gives a `defer_penalty`.
 */
export function withDeferralPrice(instance: Instance, goal: Goal, penalty: number): Goal {
  const price = goal.sense === "min" ? penalty : -penalty;
  const perDeferral = new Float64Array(instance.numTasks).fill(price);
  goal.perDeferral?.forEach((coefficient, task) => (perDeferral[task]! += coefficient));
  return {
    ...goal,
    perDeferral,
    evaluate: (assignment) => goal.evaluate(assignment) + price * measures.numDeferred(assignment),
  };
}

/** Σ_k factor_k · goal_k + constant, minimised. Factors carry the sign that turns a maximised goal round. */
export function weightedSum(
  instance: Instance,
  name: string,
  parts: readonly { readonly goal: Goal; readonly factor: number }[],
  constant: number,
): Goal {
  const perPair = new Float64Array(instance.numPairs);
  const perDeferral = new Float64Array(instance.numTasks);
  const sum = { makespan: 0, maxLoad: 0, minLoad: 0, constant };
  for (const { goal, factor } of parts) {
    goal.perPair?.forEach((coefficient, pair) => (perPair[pair]! += factor * coefficient));
    goal.perDeferral?.forEach((coefficient, task) => (perDeferral[task]! += factor * coefficient));
    sum.makespan += factor * goal.makespan;
    sum.maxLoad += factor * goal.maxLoad;
    sum.minLoad += factor * goal.minLoad;
    sum.constant += factor * goal.constant;
  }
  return {
    ...sum,
    name,
    sense: "min",
    perPair,
    perDeferral,
    evaluate: (assignment) =>
      parts.reduce((value, { goal, factor }) => value + factor * goal.evaluate(assignment), constant),
  };
}

/** Largest |coefficient| of the goal's variables; the scale below which its gap means nothing. */
export function largestCoefficient(goal: GoalForm): number {
  let largest = Math.max(Math.abs(goal.makespan), Math.abs(goal.maxLoad), Math.abs(goal.minLoad));
  for (const coefficient of goal.perPair ?? []) largest = Math.max(largest, Math.abs(coefficient));
  return largest;
}

/** Whether every value the goal can take is an integer, so that a bound may be rounded and a fixed goal needs no tolerance. */
export function isIntegral(instance: Instance, goal: GoalForm): boolean {
  const isWhole = (values: ArrayLike<number> | null): boolean =>
    values === null || Array.prototype.every.call(values, Number.isInteger);
  const factors = [goal.makespan, goal.maxLoad, goal.minLoad, goal.constant];
  if (!isWhole(factors) || !isWhole(goal.perPair) || !isWhole(goal.perDeferral)) return false;
  return !isTimed(goal) || (isWhole(instance.busyMs) && isWhole(instance.availableFromMs));
}

function timesWeight(instance: Instance, values: Float64Array): Float64Array {
  return values.map((value, pair) => value * instance.weight[instance.pairTask[pair]!]!);
}
