import type { SettledGoal } from "../../models/build.js";
import { findViolations } from "../../models/feasibility.js";
import type { Goal } from "../../models/goals.js";
import type { Assignment, Instance } from "../../models/instance.js";
import { makespanMs } from "../../models/measures.js";
import { mixModel, type MixKey } from "../../models/mix.js";
import { STRATEGY_MODELS } from "../../models/strategies.js";
import { type GoalChain, goalChain, type StrategyModel } from "../../models/strategy.js";
import { meets, relativeGap } from "../bounds/gap.js";
import { aloneBound, boundOfMultipliers } from "../bounds/goal-bound.js";
import type { FullProblem } from "../domain/problem.js";
import type { SolveResult } from "../domain/result.js";
import { parseLoadLimit, problemSha256 } from "../files/index.js";
import { applyLoadLimit } from "../heuristics/load-limit.js";
import { buildInstance } from "../instance/build-instance.js";
import { computeExpected, planConfidence } from "../instance/expected.js";
import { checkScheduleRows } from "./check-schedule-rows.js";
import { readPlan } from "./read-plan.js";
import { CheckList, STATED_TOLERANCE, type VerifyReport } from "./report.js";

/**
 * Recomputes everything a result states from the problem alone: limits, feasibility, objective, expectations and the bound
 * its multipliers prove. Trusts no solver and nothing in the result but the options it says it was asked with; where
 * optimality rests on an exhausted search, that is said, not believed. O(pairs · rows), and one reference search for the limits.
 */
export function verifyResult(result: SolveResult, problem: FullProblem): VerifyReport {
  const list = new CheckList();
  const sha = problemSha256(problem);
  list.check(
    "problem",
    result.problem_sha256 === sha,
    `sha256 ${result.problem_sha256 === sha ? "agrees" : "differs"}`,
  );
  const instance = checkLimits(result, problem, list);
  const model = modelOf(result);
  if (model === null) {
    list.check("strategy", false, "objective.terms are missing, so the mix cannot be rebuilt");
    return conclude(list, result, null);
  }
  const plan = result.objective.value === null ? null : readPlan(result, instance, list);
  if (plan === null) return conclude(list, result, checkAbsence(result, list));
  const violations = findViolations(instance, plan);
  const broken = violations.map(({ row, message }) => `${row}: ${message}`).join("; ");
  if (!list.check("feasible", violations.length === 0, broken || "every row holds"))
    return conclude(list, result, null);
  checkScheduleRows(result, problem, instance, plan, list);
  checkExpected(result, problem, plan, list);
  return conclude(list, result, checkObjective(result, instance, model, plan, list));
}

/** What the certificate proves, in words and as a gap. */
interface Proof {
  readonly gap: number | null;
  readonly message: string;
}

function checkLimits(result: SolveResult, problem: FullProblem, list: CheckList): Instance {
  const { options } = result;
  const loadLimit =
    options.load_limit === null ? null : parseLoadLimit(options.load_limit, "result: options.load_limit");
  const base = buildInstance(problem, {
    budget: options.budget,
    deferPenalty: options.defer_penalty,
    noDefer: options.no_defer,
    riskAversion: options.risk_aversion,
  });
  const { instance, factor, referenceMakespanMs } = applyLoadLimit(base, loadLimit);
  list.equal("limits.factor", result.limits.factor, factor);
  list.equal("limits.reference_makespan_ms", result.limits.reference_makespan_ms, referenceMakespanMs);
  instance.agentIds.forEach((agentId, agent) => {
    const limit = instance.loadLimitMs[agent]!;
    list.equal(`limits of ${agentId}`, result.limits.per_agent_ms[agentId] ?? null, limit === Infinity ? null : limit);
  });
  return instance;
}

function modelOf(result: SolveResult): StrategyModel | null {
  if (result.strategy !== "mix") return STRATEGY_MODELS[result.strategy];
  if (result.objective.terms === undefined) return result.objective.value === null ? mixModel([]) : null;
  return mixModel(result.objective.terms.map((term) => ({ ...term, key: term.name as MixKey })));
}

/** A result without a plan must not pretend to have one. */
function checkAbsence(result: SolveResult, list: CheckList): Proof {
  const isSilent = result.schedule.length === 0 && result.objective.value === null;
  list.check("no plan", isSilent, isSilent ? "none is stated" : "a schedule without a value, or the other way round");
  const fits = result.termination !== "optimal" && result.termination !== "feasible";
  list.check("termination", fits, `${result.termination} ${fits ? "states" : "needs"} ${fits ? "no plan" : "a plan"}`);
  const isInfeasible = result.termination === "infeasible";
  return {
    gap: null,
    message: isInfeasible ? "infeasible by search; this is not re-proved here" : "no plan to verify",
  };
}

function checkExpected(result: SolveResult, problem: FullProblem, plan: Assignment, list: CheckList): void {
  const makespan = Math.max(0, ...result.schedule.map((entry) => entry.end_ms));
  const expected = computeExpected(problem, plan, makespan);
  for (const key of [
    "success_rate",
    "throughput_per_s",
    "confidence_delta",
    "makespan_ms",
    "retries",
    "cost",
  ] as const) {
    list.equal(`expected.${key}`, result.expected[key], expected[key]);
  }
  for (const [agentId, value] of Object.entries(expected.utilization)) {
    list.equal(`utilization of ${agentId}`, result.expected.utilization[agentId] ?? null, value);
  }
  list.equal("expected_success_rate", result.expected_success_rate, expected.success_rate);
  list.equal("expected_throughput", result.expected_throughput, expected.throughput_per_s);
  list.equal("expected_confidence_delta", result.expected_confidence_delta, expected.confidence_delta);
  list.equal("confidence", result.confidence, planConfidence(expected.success_rate));
}

function checkObjective(
  result: SolveResult,
  instance: Instance,
  model: StrategyModel,
  plan: Assignment,
  list: CheckList,
): Proof {
  const chain = goalChain(instance, model);
  const first = chain.goals[chain.firstIndex]!;
  const { objective } = result;
  list.check("objective.sense", objective.sense === first.sense, objective.sense);
  const value = first.evaluate(plan);
  list.equal("objective.value", objective.value, value);
  if (objective.secondary !== null) {
    list.equal("objective.secondary", objective.secondary.value, chain.goals.at(-1)!.evaluate(plan));
  }
  const modelMakespan = makespanMs(instance, plan);
  const differs = Math.abs(modelMakespan - (result.expected.makespan_ms ?? 0)) > 1e-6 * Math.max(1, modelMakespan);
  list.check("dependencies_ignored", result.dependencies_ignored === differs, `${result.dependencies_ignored}`);
  const settled = chain.goals.slice(0, chain.firstIndex).map((goal) => ({ goal, value: goal.evaluate(plan) }));
  return checkBound(result, instance, { first, value, settled, chain }, list);
}

interface FirstGoal {
  readonly first: Goal;
  readonly value: number;
  readonly settled: readonly SettledGoal[];
  readonly chain: GoalChain;
}

function checkBound(result: SolveResult, instance: Instance, goal: FirstGoal, list: CheckList): Proof {
  const { first, value, settled } = goal;
  const { objective, certificate, termination } = result;
  const proven = boundOfMultipliers(instance, first, settled, certificate?.multipliers ?? {}).bound;
  const exceeds = (stated: number, limit: number): boolean => {
    const excess = first.sense === "min" ? stated - limit : limit - stated;
    return excess > STATED_TOLERANCE * Math.max(1, Math.abs(limit));
  };
  if (certificate !== null) {
    const isProven = !exceeds(certificate.bound, proven);
    list.check("certificate", isProven, `stated ${certificate.bound}, multipliers prove ${proven}`);
  }
  if (objective.bound !== null) {
    const isBelow = !exceeds(objective.bound, value);
    list.check("bound on the right side of the value", isBelow, `bound ${objective.bound}, value ${value}`);
    if (termination !== "optimal") {
      const isProven = !exceeds(objective.bound, proven);
      list.check("objective.bound", isProven, `stated ${objective.bound}, multipliers prove ${proven}`);
    }
  }
  const gap = objective.bound === null ? null : relativeGap(first, value, objective.bound);
  list.equal("objective.gap", objective.gap, gap);
  const isClosed = gap !== null && gap <= 1e-6;
  list.check("termination", termination === "feasible" || isClosed, `${termination}, gap ${gap}`);
  return describeProof(result, instance, goal, proven);
}

function describeProof(
  result: SolveResult,
  instance: Instance,
  { first, value, settled }: FirstGoal,
  proven: number,
): Proof {
  const openBefore = settled.filter((one, k) => {
    const { bound } = aloneBound(instance, one.goal, settled.slice(0, k));
    return !meets(one.value, bound);
  });
  const rest = openBefore.map(({ goal }) => `the settled ${goal.name} rests on the search`).join("; ");
  const gap = relativeGap(first, value, proven);
  const suffix = rest === "" ? "" : ` (${rest})`;
  if (meets(value, proven)) {
    return { gap: openBefore.length === 0 ? 0 : gap, message: `proved optimal by the certificate${suffix}` };
  }
  const percent = `${(100 * gap).toPrecision(3)} %`;
  return result.termination === "optimal"
    ? {
        gap,
        message: `optimal by exhausted search, not re-proved here; the certificate proves it within ${percent}${suffix}`,
      }
    : { gap, message: `within ${percent} of the best possible${suffix}` };
}

function conclude(list: CheckList, result: SolveResult, proof: Proof | null): VerifyReport {
  const { checks, failed } = list;
  if (failed.length > 0 || proof === null) {
    const message = failed.map(({ name, detail }) => `${name}: ${detail}`).join("; ");
    return { verdict: "invalid", gap: null, checks, message };
  }
  if (proof.gap === null) return { verdict: "valid", gap: null, checks, message: proof.message };
  const verdict = proof.gap === 0 && result.objective.value !== null ? "proved_optimal" : "within";
  return { verdict, gap: proof.gap, checks, message: proof.message };
}
