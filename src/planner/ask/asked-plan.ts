import { type Assignment, type Goal, goalChain, type Instance, type StrategyModel } from "../../../models/index.js";
import {
  type FullProblem,
  InputError,
  optionsFromDocument,
  type SolveOptions,
  type ResultDocument,
} from "../../domain/index.js";
import { modelOf } from "../baselines/compare-strategy.js";
import { problemSha256 } from "../documents/problem-sha256.js";
import { buildInstance, instanceOptionsOf } from "../instance/build-instance.js";
import { resolveOptions } from "../solve/options.js";
import { CheckList } from "../verify/report.js";
import { readPlan } from "../verify/read-plan.js";

/** A result as arrays, with all that a question about it needs. */
export interface AskedPlan {
  readonly problem: FullProblem;
  readonly result: ResultDocument;
  /** As used for the result. */
  readonly options: SolveOptions;
  readonly model: StrategyModel;
  /** With the load limits of the result, which every answer keeps. */
  readonly instance: Instance;
  /** null where the result has none. */
  readonly plan: Assignment | null;
  /** Goals up to the strategy's first. */
  readonly goals: readonly Goal[];
  /** The load limit per slot in the words of the command line, so that a repeat plans under the same limits. */
  readonly loadLimit: string;
}

/** @throws InputError where the result is of another problem */
export function readAsked(problem: FullProblem, result: ResultDocument): AskedPlan {
  if (problemSha256(problem) !== result.problem_sha256) {
    throw new InputError(
      "result",
      "is of another problem (problem_sha256); give the document that it was solved from, or that --save-problem wrote, with the same what-if flags",
    );
  }
  const options = resolveOptions(
    {},
    optionsFromDocument(result.options, (name) => `result: options.${name}`),
  );
  const base = buildInstance(problem, instanceOptionsOf(result.options));
  const loadLimitMs = Float64Array.from(base.agentIds, (agentId) => result.limits.per_agent_ms[agentId] ?? Infinity);
  const instance = { ...base, loadLimitMs };
  const hasPlan = result.termination === "optimal" || result.termination === "feasible";
  const list = new CheckList();
  const plan = hasPlan ? readPlan(result, instance, list) : null;
  if (hasPlan && plan === null) throw new InputError("result", `holds no plan: ${list.failed[0]?.detail ?? "none"}`);
  const model = modelOf(result);
  const { goals, firstIndex } = goalChain(instance, model, { withSecond: false });
  return {
    ...{ problem, result, options, model, instance, plan },
    goals: goals.slice(0, firstIndex + 1),
    loadLimit: loadLimitOf(result),
  };
}

function loadLimitOf({ limits, options }: ResultDocument): string {
  const { factor, reference_makespan_ms: reference } = limits;
  if (factor !== null && reference !== null) return `${factor * reference}ms`;
  return typeof options.load_limit === "string" && options.load_limit !== "" ? options.load_limit : "none";
}
