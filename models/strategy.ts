/** What a strategy is: goals in order, and three functions every model file exports under one name. */
import { type BuiltProgram, buildStage, type Stage } from "./build.js";
import { deferralGoal, type Goal, withDeferralPrice } from "./goals.js";
import type { Assignment, Instance } from "./instance.js";

export interface StrategyModel {
  readonly name: string;
  readonly problemClass: string;
  /** Goals that come after deferral and before the first goal; rarely any. */
  before(instance: Instance): readonly Goal[];
  /** The first goal: the one `objective` reports. */
  first(instance: Instance): Goal;
  /** Breaks ties of the first goal. */
  second(instance: Instance): Goal;
  /** Independent value of the first goal. */
  evaluate(instance: Instance, assignment: Assignment): number;
  /** The program of one stage; its `decode` reads the plan. */
  build(instance: Instance, stage: Stage): BuiltProgram;
}

/** The goals of a strategy on an instance, in lexicographic order, and which of them is the first goal. */
export interface GoalChain {
  readonly goals: readonly Goal[];
  readonly firstIndex: number;
}

/** Goal zero (unless deferral is priced or forbidden), the goals before, the first goal and, unless left out, the second. */
export function goalChain(
  instance: Instance,
  model: StrategyModel,
  { withSecond }: { readonly withSecond: boolean } = { withSecond: true },
): GoalChain {
  const { deferral } = instance;
  const zero = deferral.kind === "first" ? [deferralGoal(instance)] : [];
  const before = model.before(instance);
  const plain = model.first(instance);
  const first = deferral.kind === "priced" ? withDeferralPrice(instance, plain, deferral.penalty) : plain;
  const second = withSecond ? [model.second(instance)] : [];
  return { goals: [...zero, ...before, first, ...second], firstIndex: zero.length + before.length };
}

/** Completes a model from its goals. */
export function defineModel(
  definition: Pick<StrategyModel, "name" | "problemClass" | "first" | "second" | "evaluate"> &
    Partial<Pick<StrategyModel, "before">>,
): StrategyModel {
  return { before: () => [], build: buildStage, ...definition };
}
