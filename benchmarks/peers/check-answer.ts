import { findViolations } from "../../models/feasibility.js";
import { goalChain } from "../../models/strategy.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import type { BenchInstance, DocumentInstance } from "../../src/planner/bench/bench-instance.js";
import { type Evaluation, evaluateArrays } from "../../src/planner/bench/evaluate-arrays.js";
import { parseProblem } from "../../src/planner/documents/problem-document.js";
import { applyLoadLimit } from "../../src/engine/wave/load-limit.js";
import { buildInstance } from "../../src/planner/instance/build-instance.js";
import { fillFromPrior } from "../../src/planner/solve/solve.js";
import { resolveOptions } from "../../src/planner/solve/options.js";
import type { PeerPlan, RunnerAnswer } from "./runner.js";

/** How far a stated value or bound may be from ours, relative to max(1, |ours|): solvers work with floating point. */
const STATED_TOLERANCE = 1e-5;

/** An answer after our check: the value is ours, counted from the plan. */
export interface CheckedAnswer {
  readonly value: number | null;
  readonly bound: number | null;
  readonly proven: boolean;
  /** Why the answer does not count; null where it does. */
  readonly fault: string | null;
}

/** Counts a plan again from the instance alone and holds what was stated against it. An answer with a fault has no value. */
export function checkAnswer(
  instance: BenchInstance,
  { plan, value: stated, bound, proven }: RunnerAnswer,
): CheckedAnswer {
  const reject = (fault: string): CheckedAnswer => ({ value: null, bound: null, proven: false, fault });
  if (plan === null)
    return stated === null ? { value: null, bound, proven: false, fault: null } : reject("a value without a plan");
  const evaluation = evaluatePlan(instance, plan);
  if (!evaluation.isValid) return reject(evaluation.violation);
  const { value } = evaluation;
  const slack = STATED_TOLERANCE * Math.max(1, Math.abs(value));
  if (stated === null || Math.abs(stated - value) > slack)
    return reject(`states ${stated}, the plan is worth ${value}`);
  const excess = bound === null ? 0 : instance.sense === "min" ? bound - value : value - bound;
  if (excess > slack) return reject(`states the bound ${bound}, its own plan is worth ${value}`);
  return { value, bound, proven, fault: null };
}

function evaluatePlan(instance: BenchInstance, plan: PeerPlan): Evaluation {
  if (instance.arrays !== null) return evaluateArrays(instance.arrays, plan.agentOf);
  if (instance.kind === "document") return evaluateDocument(instance, plan);
  return { isValid: false, violation: "the instance is neither arrays nor a document" };
}

function evaluateDocument({ document, name }: DocumentInstance, plan: PeerPlan): Evaluation {
  const parsed = parseProblem(document, name);
  const options = resolveOptions(parsed.options, {});
  if (options.strategy === "mix") return { isValid: false, violation: "a mix has no value of its own" };
  const { instance } = applyLoadLimit(buildInstance(fillFromPrior(parsed, options), options), options.loadLimit);
  if (plan.agentOf.length !== instance.numTasks || plan.slotOf.length !== instance.numTasks) {
    return { isValid: false, violation: `a plan of ${plan.agentOf.length} tasks for ${instance.numTasks}` };
  }
  const [violation] = findViolations(instance, plan);
  if (violation !== undefined) return { isValid: false, violation: `${violation.row}: ${violation.message}` };
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[options.strategy]);
  return { isValid: true, value: goals[firstIndex]!.evaluate(plan) };
}
