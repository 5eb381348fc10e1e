/** What a goal is: on an instance, and before it has met one. */
import { type Assignment, DEFERRED, findPair, type Instance } from "./instance.js";
import { makespanMs, maxLoadMs, spreadMs } from "./measures.js";
import type { Sense } from "./program.js";

/**
 * A linear form over the variables of a plan, as plain data that may cross to another thread:
 *
 *   f = Σ_p perPair[p] · x[p] + Σ_i perDeferral[i] · u[i] + makespan · C + maxLoad · L_max + minLoad · L_min + constant.
 */
export interface GoalForm {
  /** Name of the goal, as in a result. */
  readonly name: string;
  /** Whether the value is minimised or maximised. */
  readonly sense: Sense;
  /** Coefficient of each eligible pair; null: all 0. */
  readonly perPair: Float64Array | null;
  /** Coefficient of each deferral; null: all 0. */
  readonly perDeferral: Float64Array | null;
  /** Factor of the makespan C (milliseconds); 0 where it does not count. */
  readonly makespan: number;
  /** Factor of the largest load L_max of a slot (milliseconds); 0 where it does not count. */
  readonly maxLoad: number;
  /** Factor of the smallest load L_min of a slot (milliseconds); 0 where it does not count. */
  readonly minLoad: number;
  /** Added to every value. */
  readonly constant: number;
}

/**
 * What the linear form of a goal says of a plan's value: it `is` the value; it `bounds` the value, so that no plan is better
 * on the goal than on the form (≥ where the goal is maximised, ≤ where it is minimised); or `nothing`: then it is empty, or only a guide.
 */
export type Linearity = "is" | "bounds" | "nothing";

/**
 * Anything that gives a plan a value, linear or not: a product over ancestors, a figure of start times, a caller's own rule.
 *
 * - Where the form is the value, the engine works on the form alone: search, bounds, programs, proofs.
 * - Where the form bounds the value, the engine plans for the form first. A bound on the form is a bound on the goal. Then
 *   it moves tasks one and two at a time as long as `evaluate` gets better, and calls the goal proven only where the
 *   value meets the bound.
 * - Where the form says nothing, it does the same without a bound: the goal is never proven.
 *
 * What comes after a goal that is not linear is not proven either, since no row can hold that goal at its value.
 */
export interface Goal extends GoalForm {
  /** Default `is`. */
  readonly linearity?: Linearity;
  /** What stands in the value for Σ_p perPair[p] · x[p], where pairs count by the chance that their tasks start. */
  readonly chanced?: ChancedPairs;
  /** Value of a plan, independent of the form. */
  evaluate(assignment: Assignment): number;
}

/** Σ_p perPlaced[p] · x[p] + Σ_p perStarted[p] · x[p] · Π P over the ancestors in the wave of p's task. */
export interface ChancedPairs {
  /** null: all 0. */
  readonly perPlaced: Float64Array | null;
  /** Coefficient of each pair, times the chance that its task starts. */
  readonly perStarted: Float64Array;
}

/** Whether the goal's form is its value. */
export function isLinear({ linearity = "is" }: Goal): boolean {
  return linearity === "is";
}

/** A goal that is not linear: how a plan is valued, and the form that bounds the value; null where none is known. */
export function nonlinearGoal(
  { name, sense }: Pick<Goal, "name" | "sense">,
  evaluate: (assignment: Assignment) => number,
  form: Partial<Omit<GoalForm, "name" | "sense">> | null,
): Goal {
  return { ...EMPTY_FORM, ...form, name, sense, linearity: form === null ? "nothing" : "bounds", evaluate };
}

/** Value of the form on a plan. O(tasks + slots). */
export function evaluateForm(instance: Instance, form: GoalForm, assignment: Assignment): number {
  const { perPair, perDeferral, makespan, maxLoad, minLoad } = form;
  let value = form.constant;
  for (let task = 0; task < instance.numTasks; task++) {
    const agent = assignment.agentOf[task]!;
    if (agent === DEFERRED) value += perDeferral?.[task] ?? 0;
    else value += perPair?.[findPair(instance, task, agent)!] ?? 0;
  }
  if (makespan !== 0) value += makespan * makespanMs(instance, assignment);
  if (maxLoad === 0 && minLoad === 0) return value;
  const largest = maxLoadMs(instance, assignment);
  return value + maxLoad * largest + minLoad * (largest - spreadMs(instance, assignment));
}

/** Arrays of one value per eligible pair that a goal can be counted from. */
export type PairArray = "success" | "retries" | "confidenceDelta" | "cost";

/**
 * What the value of a goal is counted from, so that a wave given as bare arrays can be planned and checked by it.
 * `pairs`: Σ term(array[i,j]) over the placed pairs, each times w_i where it is weighted. `slots`: the latest end of a used
 * slot, which starts at 0 or when its agent becomes available.
 */
export type GoalSource = PairSource | SlotSource;

export interface PairSource {
  /** A sum over placed pairs. */
  readonly kind: "pairs";
  /** Array of the instance that is summed. */
  readonly array: PairArray;
  /** Whether each pair counts times the weight of its task. */
  readonly isWeighted: boolean;
  /** Of one entry of the array; null: the entry itself. */
  readonly term: ((value: number) => number) | null;
}

export interface SlotSource {
  /** A latest end of slots. */
  readonly kind: "slots";
  /** Where an agent's slots start: when it becomes available, or at 0. */
  readonly startsAt: "available" | "zero";
}

/** A goal that has not met its instance yet. */
export interface GoalKind {
  /** Name of the goal, as in a result. */
  readonly name: string;
  /** Whether the value is minimised or maximised. */
  readonly sense: Sense;
  /** The goal on an instance. O(pairs). */
  on(instance: Instance): Goal;
}

/** A goal kind that bare arrays are enough for: what the first goal of a strategy has to be. */
export interface CountedGoalKind<Source extends GoalSource = GoalSource> extends GoalKind {
  /** What the value is counted from. */
  readonly source: Source;
}

/** A form that is 0 for every plan; a goal fills in what it counts. */
export const EMPTY_FORM: Omit<GoalForm, "name" | "sense"> = {
  perPair: null,
  perDeferral: null,
  makespan: 0,
  maxLoad: 0,
  minLoad: 0,
  constant: 0,
};

/** A sum over placed pairs as a goal kind. `evaluate` counts the same sum straight from the plan. */
export function pairGoal(
  name: string,
  sense: Sense,
  source: Omit<PairSource, "kind">,
  evaluate: (instance: Instance, assignment: Assignment) => number,
): CountedGoalKind<PairSource> {
  return {
    name,
    sense,
    source: { kind: "pairs", ...source },
    on: (instance) => ({
      ...EMPTY_FORM,
      name,
      sense,
      perPair: termsOf(instance, source),
      evaluate: (assignment) => evaluate(instance, assignment),
    }),
  };
}

function termsOf(instance: Instance, { array, isWeighted, term }: Omit<PairSource, "kind">): Float64Array {
  const values = term === null ? instance[array] : instance[array].map(term);
  return isWeighted ? timesWeight(instance, values) : values;
}

/** w_i · values[i,j]. */
export function timesWeight(instance: Instance, values: Float64Array): Float64Array {
  return values.map((value, pair) => value * instance.weight[instance.pairTask[pair]!]!);
}

/** The goal without its evaluator: plain data that may cross to another thread. */
export function formOf(goal: Goal): GoalForm {
  const { name, sense, perPair, perDeferral, makespan, maxLoad, minLoad, constant } = goal;
  return { name, sense, perPair, perDeferral, makespan, maxLoad, minLoad, constant };
}

/** Whether the goal speaks of times, so that its program needs a variable for every slot. */
export function isTimed(goal: GoalForm): boolean {
  return goal.makespan !== 0 || goal.maxLoad !== 0 || goal.minLoad !== 0;
}

/** Whether the goal counts pairs beside times. */
export function isMixed(goal: GoalForm): boolean {
  return isTimed(goal) && goal.perPair !== null;
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
  if (!isTimed(goal)) return true;
  const { timing } = instance;
  return (
    isWhole(instance.busyMs) &&
    isWhole(instance.availableFromMs) &&
    (timing === null || (isWhole(timing.releaseMs) && isWhole(timing.absenceToMs)))
  );
}
