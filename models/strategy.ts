/** What a strategy is: its goals in order, and every other fact that the rest of the house knows of it. */
import type { BaselineRule } from "./baseline-rule.js";
import { type BuiltProgram, buildStage, type Stage } from "./build.js";
import type { CountedGoalKind, Goal, GoalKind } from "./goal.js";
import { deferralGoal, withDeferralPrice } from "./goals.js";
import type { Assignment, Instance } from "./instance.js";
import type { WaveMeasure } from "./wave-measure.js";

/** Goals in lexicographic order, and the program of each. */
export interface StrategyModel {
  /** Name of the strategy, as in documents and on the command line. */
  readonly name: string;
  /** Class of the integer program, in words. */
  readonly problemClass: string;
  /** Goals that come after deferral and before the first goal; rarely any. */
  readonly before: readonly GoalKind[];
  /** The first goal: the one `objective` reports. */
  readonly first: GoalKind;
  /** Breaks ties of the first goal. */
  readonly second: GoalKind;
  /** Independent value of the first goal. */
  evaluate(instance: Instance, assignment: Assignment): number;
  /** The program of one stage; its `decode` reads the plan. */
  build(instance: Instance, stage: Stage): BuiltProgram;
}

/** A strategy in words. */
export interface StrategyWords {
  /** What its first goal counts, as a noun: "expected successes". */
  readonly title: string;
  /** Unit of its first goal. */
  readonly unit: string;
  /** All it asks for, in one line. */
  readonly goal: string;
  /** What its plan is among all plans: "cheapest". */
  readonly adjective: string;
}

/** A strategy with a goal of its own: a `StrategyModel` and what the rest of the house has to know of it. */
export interface Strategy<Name extends string = string, Key extends string = string> extends StrategyModel {
  /** Name of the strategy; a literal type, so that tables of names are typed. */
  readonly name: Name;
  /** Name of its goal among the weights of a mix and of a mission. */
  readonly mixKey: Key;
  /** Weight of its goal where nobody gives weights. */
  readonly defaultWeight: number;
  /** The strategy in words, for reports and help. */
  readonly words: StrategyWords;
  /** The first goal; counted from arrays, so that waves without a document can be planned by it. */
  readonly first: CountedGoalKind;
  /** How its goal is measured on a wave that was played; missing that measure is how it fails. */
  readonly measure: WaveMeasure;
  /** Whether its plans keep agents evenly busy: a strategy to turn to where too few of them are. */
  readonly spreadsWork: boolean;
  /** How one plans for its goal without an optimizer. */
  readonly baseline: BaselineRule;
}

/** The goals of a strategy on an instance, in lexicographic order, and which of them is the first goal. */
export interface GoalChain {
  /** All goals, the most important first. */
  readonly goals: readonly Goal[];
  /** Index of the first goal of the strategy among them. */
  readonly firstIndex: number;
}

/** Which goals follow the first: the strategy's second, none, or others in its place. */
export type GoalsAfter =
  | {
      /** Whether the second goal of the strategy follows; if not, nothing does. */
      readonly withSecond: boolean;
    }
  | {
      /** Goals that follow in its place, in order. */
      readonly after: readonly GoalKind[];
    };

/** Goal zero (unless deferral is priced or forbidden), the goals before, the first goal and what follows it. */
export function goalChain(
  instance: Instance,
  model: StrategyModel,
  rest: GoalsAfter = { withSecond: true },
): GoalChain {
  const { deferral } = instance;
  const zero = deferral.kind === "first" ? [deferralGoal(instance)] : [];
  const before = model.before.map((goal) => goal.on(instance));
  const plain = model.first.on(instance);
  const first = deferral.kind === "priced" ? withDeferralPrice(instance, plain, deferral.penalty) : plain;
  const after = "after" in rest ? rest.after : rest.withSecond ? [model.second] : [];
  const following = after.map((goal) => goal.on(instance));
  return { goals: [...zero, ...before, first, ...following], firstIndex: zero.length + before.length };
}

/** Completes a model from its goals. */
export function defineModel(
  definition: Omit<StrategyModel, "before" | "build"> & Partial<Pick<StrategyModel, "before">>,
): StrategyModel {
  return { before: [], build: buildStage, ...definition };
}

/** Completes a strategy; its name and its key stay literal types, from which the table derives the lists of both. */
export function defineStrategy<const Name extends string, const Key extends string>(
  definition: Omit<Strategy<Name, Key>, "before" | "build"> & Partial<Pick<StrategyModel, "before">>,
): Strategy<Name, Key> {
  return { before: [], build: buildStage, ...definition };
}
