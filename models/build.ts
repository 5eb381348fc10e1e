/** From goals and shared rows to one program, and back from its values to a plan. */
import {
  addAssignRows,
  addBudgetRow,
  addCountRows,
  addDeadlineRows,
  addDependencyRows,
  addLoadRows,
} from "./assignment.js";
import { type Goal, type GoalForm, isIntegral, isTimed } from "./goal.js";
import { earliestStarts } from "./earliest-starts.js";
import { type Assignment, DEFERRED, type Instance } from "./instance.js";
import { label } from "./names.js";
import { addLastEndRows, addOrderRows, type OrderVariables } from "./order-rows.js";
import { LinearExpression, type Program, ProgramBuilder } from "./program.js";
import { addMakespanRows, addMaxLoadRows, addMinLoadRows, addSlotOrderRows } from "./timing.js";
import { addPair, type AssignmentVariables, declareVariables, readAssignment, writeAssignment } from "./variables.js";

/** How far, relative to its value, a settled goal may give way for the next on real data; whole-numbered goals never do. */
export const GOAL_TOLERANCE = 1e-7;

/** A goal whose value is settled and must not get worse. */
export interface SettledForm {
  /** The goal that is held. */
  readonly goal: GoalForm;
  /** Value that it keeps, within the tolerance of a settled goal. */
  readonly value: number;
}

export interface SettledGoal extends SettledForm {
  /** The goal that is held, with its evaluator. */
  readonly goal: Goal;
}

/** One step of the lexicographic chain: optimize `goal` among the plans that keep every settled goal. */
export interface Stage {
  /** The goal of this step. */
  readonly goal: Goal;
  /** Goals of the steps before, in order, each with the value that it keeps. */
  readonly settled: readonly SettledGoal[];
}

export interface BuiltProgram {
  /** Variables, rows and objective of the stage. */
  readonly program: Program;
  /** Where x and u stand. */
  readonly variables: AssignmentVariables;
  /** Reads a plan from a point of the program with integer x. */
  decode(values: Float64Array): Assignment;
  /** The point of a plan; null where the program has variables besides x and u. */
  encode(plan: Assignment): Float64Array | null;
}

/** Variables of times, present where a goal of the stage speaks of them. */
interface TimeVariables {
  readonly makespan: number | null;
  readonly maxLoad: number | null;
  readonly minLoad: number | null;
}

/**
 * The program of one stage: rows (1)–(6), the rows of times that its goals need, one row `goal[name]` for each settled
 * goal, and the objective; on an instance with timing the rows of starts too. O(agents · pairs · slots + tasks² · slots).
 */
export function buildStage(instance: Instance, stage: Stage): BuiltProgram {
  const builder = new ProgramBuilder();
  const goals = [stage.goal, ...stage.settled.map(({ goal }) => goal)];
  const isOpen = instance.deferral.kind !== "forbidden" && !isDeferralClosed(stage.settled);
  const { timing } = instance;
  const bySlot = timing !== null || goals.some(isTimed);
  const x = declareVariables(builder, instance, bySlot, isOpen ? "open" : "closed");
  const numAssigning = builder.numVariables;
  addAssignRows(builder, instance, x);
  addLoadRows(builder, instance, x);
  addCountRows(builder, instance, x);
  addBudgetRow(builder, instance, x);
  addDeadlineRows(builder, instance, x);
  addDependencyRows(builder, instance, x);
  const order = timing === null ? null : addOrderRows(builder, instance, timing, x);
  const times = addTimeRows(builder, instance, x, goals, order);
  for (const settled of stage.settled) addSettledRow(builder, instance, x, times, settled);
  const objective = goalExpression(instance, x, times, stage.goal);
  return {
    program: builder.build(stage.goal.name, stage.goal.sense, stage.goal.name, objective),
    variables: x,
    decode: (values) => withStarts(instance, readAssignment(instance, x, values), order, values),
    encode: (plan) => {
      if (builder.numVariables > numAssigning) return null;
      const values = new Float64Array(numAssigning);
      writeAssignment(instance, x, plan, values);
      return values;
    },
  };
}

/** The plan with its starts: the solver's order, each task as early as that allows, since a solver's times are rounded. */
function withStarts(
  instance: Instance,
  plan: Assignment,
  order: OrderVariables | null,
  values: Float64Array,
): Assignment {
  if (instance.timing === null || order === null) return plan;
  const placed = Array.from(plan.agentOf.keys()).filter((task) => plan.agentOf[task] !== DEFERRED);
  const startOf = (task: number): number => values[order.start[task]!]!;
  placed.sort((a, b) => startOf(a) - startOf(b) || a - b);
  return { ...plan, startMs: earliestStarts(instance, instance.timing, plan, placed) };
}

/** True where nothing that could be placed is deferred: then no deferral is left to decide. */
function isDeferralClosed(settled: readonly SettledGoal[]): boolean {
  const deferral = settled.find(({ goal }) => goal.name === "deferral");
  return deferral !== undefined && deferral.value <= 0;
}

function addTimeRows(
  builder: ProgramBuilder,
  instance: Instance,
  x: AssignmentVariables,
  goals: readonly Goal[],
  order: OrderVariables | null,
): TimeVariables {
  const declare = (name: string, isUsed: (goal: Goal) => boolean): number | null =>
    goals.some(isUsed) ? builder.addVariable(name, 0, Infinity, false) : null;
  const makespan = declare("C", (goal) => goal.makespan !== 0);
  const maxLoad = declare("L_max", (goal) => goal.maxLoad !== 0);
  const minLoad = declare("L_min", (goal) => goal.minLoad !== 0);
  if (makespan !== null && order === null) addMakespanRows(builder, instance, x, makespan);
  if (makespan !== null && order !== null) addLastEndRows(builder, instance, x, order, makespan);
  if (maxLoad !== null) addMaxLoadRows(builder, instance, x, maxLoad);
  if (minLoad !== null) addMinLoadRows(builder, instance, x, minLoad);
  if (goals.some(isTimed)) addSlotOrderRows(builder, instance, x);
  return { makespan, maxLoad, minLoad };
}

/** goal[name]: f(x) ≤ value (min) or ≥ value (max), with the goal tolerance where its values are not whole numbers. */
function addSettledRow(
  builder: ProgramBuilder,
  instance: Instance,
  x: AssignmentVariables,
  times: TimeVariables,
  { goal, value }: SettledGoal,
): void {
  const slack = settledSlack(instance, goal, value);
  const expression = goalExpression(instance, x, times, goal);
  const isMin = goal.sense === "min";
  builder.addRow(
    label("goal", goal.name),
    expression,
    isMin ? -Infinity : value - slack,
    isMin ? value + slack : Infinity,
  );
}

/**
 * How much worse than `value` a plan may be on a settled goal: nothing on whole numbers, else the goal tolerance, and never
 * a hundredth of the lightest task, or a light one could be given up for nothing beside heavy ones.
 */
export function settledSlack(instance: Instance, goal: GoalForm, value: number): number {
  return isIntegral(instance, goal) ? 0 : Math.min(GOAL_TOLERANCE * Math.abs(value), finestStep(goal));
}

/** A hundredth of the smallest coefficient of a goal that only counts deferrals; Infinity for other goals. */
export function finestStep(goal: GoalForm): number {
  if (goal.perDeferral === null || goal.perPair !== null || isTimed(goal)) return Infinity;
  let smallest = Infinity;
  for (const coefficient of goal.perDeferral) {
    if (coefficient !== 0) smallest = Math.min(smallest, Math.abs(coefficient));
  }
  return smallest / 100;
}

function goalExpression(
  instance: Instance,
  x: AssignmentVariables,
  times: TimeVariables,
  goal: Goal,
): LinearExpression {
  const expression = new LinearExpression();
  expression.constant = goal.constant;
  for (let pair = 0; pair < instance.numPairs; pair++) {
    if (goal.perPair !== null) addPair(expression, x, pair, goal.perPair[pair]!);
  }
  x.deferral.forEach((variable, task) => {
    if (variable !== null && goal.perDeferral !== null) expression.add(variable, goal.perDeferral[task]!);
  });
  if (times.makespan !== null) expression.add(times.makespan, goal.makespan);
  if (times.maxLoad !== null) expression.add(times.maxLoad, goal.maxLoad);
  if (times.minLoad !== null) expression.add(times.minLoad, goal.minLoad);
  return expression;
}
