import {
  type Assignment,
  DEFERRED,
  defineModel,
  EMPTY_FORM,
  type Goal,
  type GoalKind,
  type Instance,
  makespanMs,
  nonlinearGoal,
  PLAIN_STRATEGIES,
  type PlainStrategy,
  STRATEGY_MODELS,
  type StrategyModel,
  sumOverPlaced,
} from "../../../models/index.js";
import {
  type Agent,
  CUSTOM_STRATEGY,
  type Estimate,
  type FullProblem,
  InputError,
  suggestNearest,
  type Task,
} from "../../domain/index.js";

/** A task on an agent, with the numbers that are planned with. */
export interface PlacedTask {
  /** The task. */
  readonly task: Task<Estimate>;
  /** The agent. */
  readonly agent: Agent;
  /** Probability of success after all attempts. */
  readonly successProbability: number;
  /** Expected busy time, retries included, milliseconds. */
  readonly busyMs: number;
  /** Expected retries. */
  readonly retries: number;
  /** Expected change of confidence. */
  readonly confidenceDelta: number;
  /** Expected cost. */
  readonly cost: number;
}

/** A plan, as a goal of the caller sees it. */
export interface PlanView {
  /** Every placed task, by id. */
  readonly placed: readonly PlacedTask[];
  /** Tasks that are not placed. */
  readonly deferred: readonly Task<Estimate>[];
  /** End of the last task, milliseconds. */
  readonly makespanMs: number;
}

interface CustomGoal {
  /** Name of the goal, as `objective.name` of results has it. */
  readonly name: string;
  /** Whether the goal is minimized or maximized. */
  readonly sense: "min" | "max";
  /** The strategy whose first goal decides between plans of equal value. Default: `maximize_success`. */
  readonly then?: PlainStrategy;
}

/** A goal that is a sum over placed tasks: the solvers know it as they know their own, and prove its optimum. */
export interface SumGoal extends CustomGoal {
  /** What a task adds to the value where this agent has it. */
  readonly perTask: (placed: PlacedTask) => number;
  /** A goal has one of the two. */
  readonly ofPlan?: never;
}

/** Any other goal: it is searched by moving tasks, and its optimum is never proven. */
export interface PlanGoal extends CustomGoal {
  /** Value of a whole plan; called very often. */
  readonly ofPlan: (plan: PlanView) => number;
  /** A goal has one of the two. */
  readonly perTask?: never;
}

/** A strategy that a caller defined; `solve` and `verify` take it where they take a name. */
export class CustomStrategy {
  /** What it was defined by. */
  readonly goal: SumGoal | PlanGoal;
  /** The strategy whose first goal decides between plans of equal value. */
  readonly then: PlainStrategy;

  /** Use `defineStrategy`. */
  constructor(goal: SumGoal | PlanGoal) {
    this.goal = goal;
    this.then = goal.then ?? "maximize_success";
  }
}

/** The parts of a definition. */
const FIELDS: readonly string[] = ["name", "sense", "then", "perTask", "ofPlan"];
const MOST_NAME_LENGTH = 128;

/** Largest value of a task or a plan: sums of larger ones would lose whole units. */
const MOST_VALUE = 1e15;

/** Where no task adds more, differences between plans are below what counts as equal, 1e-9. */
const LEAST_VALUE = 1e-6;

/**
 * A strategy of one's own: placing as much as possible comes first, then this goal, then the first goal of `then`.
 *
 * @throws InputError naming the part of the definition that is wrong
 */
export function defineStrategy(goal: SumGoal | PlanGoal): CustomStrategy {
  const refuse = (name: string, rule: string): never => {
    throw new InputError(`strategy.${name}`, rule);
  };
  const isGoal: boolean = typeof goal === "object" && goal !== null;
  if (!isGoal) throw new InputError("strategy", "is not an object; give name, sense and perTask or ofPlan");
  const unknown = Object.keys(goal).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) {
    throw new InputError("strategy", `"${unknown}" is not a part of a strategy; ${suggestNearest(unknown, FIELDS)}`);
  }
  const { name, sense, then } = goal as Partial<SumGoal | PlanGoal>;
  if (typeof name !== "string" || name === "") refuse("name", 'is not a name; give one such as "energy"');
  if (name!.length > MOST_NAME_LENGTH)
    refuse("name", `has ${name!.length} characters; give at most ${MOST_NAME_LENGTH}`);
  if (sense !== "min" && sense !== "max") refuse("sense", `${String(sense)} is not "min" or "max"`);
  if (then !== undefined && !PLAIN_STRATEGIES.includes(then))
    refuse("then", `${JSON.stringify(then)} is not one of ${PLAIN_STRATEGIES.map((one) => `"${one}"`).join(", ")}`);
  const given = [goal.perTask, goal.ofPlan].filter((one) => one !== undefined);
  if (given.length !== 1 || typeof given[0] !== "function")
    refuse(
      "perTask",
      "give a function as perTask, for a sum over tasks, or as ofPlan, for anything else; one of the two",
    );
  return new CustomStrategy(goal);
}

/** The model of a caller's strategy on a wave. */
export function customModel({ goal, then }: CustomStrategy, problem: FullProblem): StrategyModel {
  const first = kindOf(goal, problem);
  return defineModel({
    name: CUSTOM_STRATEGY,
    problemClass: goal.perTask === undefined ? "any function of a plan" : "generalized assignment",
    first,
    second: STRATEGY_MODELS[then].first,
    evaluate: (instance, plan) => first.on(instance).evaluate(plan),
  });
}

function kindOf(goal: SumGoal | PlanGoal, problem: FullProblem): GoalKind {
  const { name, sense } = goal;
  const tasks = new Map(problem.tasks.map((task) => [task.taskId, task]));
  const agents = new Map(problem.agents.map((agent) => [agent.agentId, agent]));
  const viewOf = (instance: Instance, pair: number): PlacedTask => ({
    task: tasks.get(instance.taskIds[instance.pairTask[pair]!]!)!,
    agent: agents.get(instance.agentIds[instance.pairAgent[pair]!]!)!,
    successProbability: instance.success[pair]!,
    busyMs: instance.busyMs[pair]!,
    retries: instance.retries[pair]!,
    confidenceDelta: instance.confidenceDelta[pair]!,
    cost: instance.cost[pair]!,
  });
  if (goal.perTask !== undefined) {
    const value = (placed: PlacedTask): number =>
      finite(goal.perTask(placed), "perTask", `task "${placed.task.taskId}" on ${placed.agent.agentId}`);
    return { name, sense, on: (instance) => sumGoal(goal, instance, (pair) => value(viewOf(instance, pair))) };
  }
  const on = (instance: Instance): Goal =>
    nonlinearGoal(
      goal,
      (plan) => finite(goal.ofPlan(planView(instance, plan, viewOf, tasks)), "ofPlan", "a plan"),
      null,
    );
  return { name, sense, on };
}

function sumGoal({ name, sense }: SumGoal, instance: Instance, value: (pair: number) => number): Goal {
  const perPair = Float64Array.from(instance.pairTask, (_, pair) => value(pair));
  const largest = perPair.reduce((most, one) => Math.max(most, Math.abs(one)), 0);
  if (largest > 0 && largest < LEAST_VALUE) {
    const rule = `values below 1e-9 count as equal; give a smaller unit, so that the largest is ${LEAST_VALUE} or more`;
    throw new InputError("strategy.perTask", `gave ${largest} at most, and ${rule}`);
  }
  return {
    ...EMPTY_FORM,
    ...{ name, sense, perPair },
    evaluate: (plan) => sumOverPlaced(instance, plan, (pair) => perPair[pair]!),
  };
}

function planView(
  instance: Instance,
  plan: Assignment,
  viewOf: (instance: Instance, pair: number) => PlacedTask,
  tasks: ReadonlyMap<string, Task<Estimate>>,
): PlanView {
  const placed: PlacedTask[] = [];
  sumOverPlaced(instance, plan, (pair) => placed.push(viewOf(instance, pair)));
  const deferred = instance.taskIds.filter((_, task) => plan.agentOf[task] === DEFERRED).map((id) => tasks.get(id)!);
  return { placed, deferred, makespanMs: makespanMs(instance, plan) };
}

function finite(value: number, name: string, what: string): number {
  if (Math.abs(value) <= MOST_VALUE) return value;
  throw new InputError(`strategy.${name}`, `gave ${String(value)} for ${what}; give a number of ${MOST_VALUE} at most`);
}
