/** The goals that strategies are made of. Each counts its value twice: by its linear form, and by `evaluate` straight from the plan. */
import {
  type ChancedPairs,
  type CountedGoalKind,
  EMPTY_FORM,
  type Goal,
  type GoalKind,
  isLinear,
  pairGoal,
  type PairSource,
  type SlotSource,
  timesWeight,
} from "./goal.js";
import { startChances } from "./ancestry.js";
import { type Instance, isPlaceable } from "./instance.js";
import * as measures from "./measures.js";

/**
 * min Σ w_i u_i over tasks that some plan could place: goal zero. The others are deferred in every plan; counting them
 * would only blur the tolerance of what can be decided.
 */
export function deferralGoal(instance: Instance): Goal {
  return {
    ...EMPTY_FORM,
    name: "deferral",
    sense: "min",
    perDeferral: instance.weight.map((weight, task) => (isPlaceable(instance, task) ? weight : 0)),
    evaluate: (assignment) => measures.avoidableDeferredWeight(instance, assignment),
  };
}

/**
 * The same goal, maximised, where tasks wait for others: each pair counts with the chance that its task starts, Π_a P[a,·] over
 * its ancestors. The form bounds that by Π_a max_j P[a,j], and by Π_a min_j P[a,j] where the pair counts less than nothing.
 */
function countingStarted(kind: CountedGoalKind<PairSource>): CountedGoalKind<PairSource> {
  return {
    ...kind,
    on: (instance) => {
      const goal = kind.on(instance);
      if (instance.timing === null || instance.dependsOn.length === 0) return goal;
      const perStarted = goal.perPair!;
      const most = startChances(instance, extremeSuccess(instance, Math.max, 0));
      const least = startChances(instance, extremeSuccess(instance, Math.min, 1));
      const perPair = perStarted.map((one, pair) => one * (one > 0 ? most : least)[instance.pairTask[pair]!]!);
      return { ...goal, perPair, linearity: "bounds", chanced: { perPlaced: null, perStarted } };
    },
  };
}

/** max_j P[i,j] or min_j P[i,j] of each task. */
function extremeSuccess(instance: Instance, better: (a: number, b: number) => number, start: number): Float64Array {
  const extreme = new Float64Array(instance.numTasks).fill(start);
  instance.success.forEach((one, pair) => {
    const task = instance.pairTask[pair]!;
    extreme[task] = better(extreme[task]!, one);
  });
  return extreme;
}

/** max Σ w_i P[i,j] x[i,j], each term with the chance that the task starts. */
export const successGoal = countingStarted(
  pairGoal("success", "max", { array: "success", isWeighted: true, term: null }, measures.weightedSuccess),
);

/** min Σ w_i (A[i,j] − 1) x[i,j]. */
export const retriesGoal = pairGoal(
  "retries",
  "min",
  { array: "retries", isWeighted: true, term: null },
  measures.weightedRetries,
);

/** max Σ w_i δ[i,j] x[i,j], each term with the chance that the task starts. */
export const confidenceGoal = countingStarted(
  pairGoal(
    "confidence_delta",
    "max",
    { array: "confidenceDelta", isWeighted: true, term: null },
    measures.weightedConfidenceDelta,
  ),
);

/** min Σ cost[i,j] x[i,j]. */
export const costGoal = pairGoal("cost", "min", { array: "cost", isWeighted: false, term: null }, measures.totalCost);

/** min Σ w_i x[i,j] over pairs with P[i,j] below the gate's bound for the task's risk. */
export const gateGoal: GoalKind = {
  name: "below_gate",
  sense: "min",
  on: (instance) => ({
    ...EMPTY_FORM,
    name: "below_gate",
    sense: "min",
    perPair: timesWeight(instance, Float64Array.from(instance.belowGate)),
    evaluate: (assignment) => measures.weightBelowGate(instance, assignment),
  }),
};

/** min C. */
export const makespanGoal: CountedGoalKind<SlotSource> = {
  name: "makespan_ms",
  sense: "min",
  source: { kind: "slots", startsAt: "available" },
  on: (instance) => ({
    ...EMPTY_FORM,
    name: "makespan_ms",
    sense: "min",
    makespan: 1,
    evaluate: (assignment) => measures.makespanMs(instance, assignment),
  }),
};

/** min L_max. */
export const maxLoadGoal: CountedGoalKind<SlotSource> = {
  name: "max_load_ms",
  sense: "min",
  source: { kind: "slots", startsAt: "zero" },
  on: (instance) => ({
    ...EMPTY_FORM,
    name: "max_load_ms",
    sense: "min",
    maxLoad: 1,
    evaluate: (assignment) => measures.maxLoadMs(instance, assignment),
  }),
};

/** min L_max − L_min. */
export const spreadGoal: GoalKind = {
  name: "spread_ms",
  sense: "min",
  on: (instance) => ({
    ...EMPTY_FORM,
    name: "spread_ms",
    sense: "min",
    maxLoad: 1,
    minLoad: -1,
    evaluate: (assignment) => measures.spreadMs(instance, assignment),
  }),
};

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
  const isOpen = parts.some(({ goal, factor }) => goal.linearity === "nothing" && factor !== 0);
  const linearity = isOpen ? "nothing" : parts.every(({ goal }) => isLinear(goal)) ? "is" : "bounds";
  for (const { goal, factor } of parts) {
    goal.perPair?.forEach((coefficient, pair) => (perPair[pair]! += factor * coefficient));
    goal.perDeferral?.forEach((coefficient, task) => (perDeferral[task]! += factor * coefficient));
    sum.makespan += factor * goal.makespan;
    sum.maxLoad += factor * goal.maxLoad;
    sum.minLoad += factor * goal.minLoad;
    sum.constant += factor * goal.constant;
  }
  const chanced = weightedChances(instance, parts);
  return {
    ...sum,
    ...(chanced === null ? {} : { chanced }),
    name,
    sense: "min",
    linearity,
    perPair,
    perDeferral,
    evaluate: (assignment) =>
      sumWithoutNoise([constant, ...parts.map(({ goal, factor }) => factor * goal.evaluate(assignment))]),
  };
}

/** Of the parts together; null where none counts by chance. */
function weightedChances(
  { numPairs }: Instance,
  parts: readonly { readonly goal: Goal; readonly factor: number }[],
): ChancedPairs | null {
  if (!parts.some(({ goal }) => goal.chanced !== undefined)) return null;
  const [perPlaced, perStarted] = [new Float64Array(numPairs), new Float64Array(numPairs)];
  for (const { goal, factor } of parts) {
    const placed = goal.chanced === undefined ? goal.perPair : goal.chanced.perPlaced;
    placed?.forEach((coefficient, pair) => (perPlaced[pair]! += factor * coefficient));
    goal.chanced?.perStarted.forEach((coefficient, pair) => (perStarted[pair]! += factor * coefficient));
  }
  return { perPlaced, perStarted };
}

/** The sum, and 0 where what is left of terms that cancel is no more than their rounding. */
function sumWithoutNoise(terms: readonly number[]): number {
  const [sum, size] = [terms.reduce((a, b) => a + b, 0), terms.reduce((a, b) => a + Math.abs(b), 0)];
  return Math.abs(sum) <= 4 * terms.length * Number.EPSILON * size ? 0 : sum;
}
