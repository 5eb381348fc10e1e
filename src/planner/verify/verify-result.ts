import {
  type Assignment,
  DEFERRED,
  findViolations,
  type Goal,
  goalChain,
  type GoalChain,
  type Instance,
  mixGoal,
  makespanMs,
  plainTiming,
  type SettledGoal,
} from "../../../models/index.js";
import { aloneBound, applyLoadLimit, leastScale, meets, relativeGap } from "../../engine/index.js";
import { type FullProblem, type GoalKey, type SolveOptions, type ResultDocument } from "../../domain/index.js";
import { problemSha256 } from "../documents/problem-sha256.js";
import type { CustomStrategy } from "../instance/custom-strategy.js";
import { buildInstance } from "../instance/build-instance.js";
import { ineligibility } from "../instance/eligibility.js";
import { scheduleWave } from "../forecast/schedule-wave.js";
import { checkClaims } from "./check-claims.js";
import { checkConflict } from "./check-conflict.js";
import { checkLimitCosts } from "./check-limit-costs.js";
import { checkOptions } from "./check-options.js";
import { listUnchecked } from "./list-unchecked.js";
import { checkExpected } from "./check-expected.js";
import { checkForecast } from "./check-forecast.js";
import { checkExploration } from "./check-exploration.js";
import { checkStay, type StayAsked } from "./check-stay.js";
import { checkStatedBound } from "./check-proof.js";
import { provenBound } from "./proven-bound.js";
import { customOf, modelOf } from "./model-asked.js";
import { checkScheduleRows } from "./check-schedule-rows.js";
import { readPlan } from "./read-plan.js";
import { findBetter, findCompletePlan } from "./refute.js";
import { CheckList, describeNoDistance, describeNoProof, describeWithin, type VerifyReport } from "./report.js";

/**
 * Recomputes everything a result states from the problem and the options it was asked with: limits, feasibility, objective,
 * expectations and the bound its multipliers prove. Trusts no solver and nothing in the result; where optimality rests on an
 * exhausted search, that is said, not believed. O(pairs · rows), and one reference search for the limits.
 *
 * @param asked the document's options, overridden by those of the call: what the result must have been solved with
 * @param custom the strategy, where the caller defined it; null where the options name it
 * @param stay the plan that it was to stay near, and the price of a change; null where the call gave none
 */
export function verifyResult(
  result: ResultDocument,
  problem: FullProblem,
  asked: SolveOptions,
  stay: StayAsked | null = null,
  custom: CustomStrategy | null = null,
): VerifyReport {
  const report = checkResult(result, problem, asked, stay, custom);
  return { ...report, unchecked: report.verdict === "invalid" ? [] : listUnchecked(result, stay !== null) };
}

function checkResult(
  result: ResultDocument,
  problem: FullProblem,
  asked: SolveOptions,
  stay: StayAsked | null,
  custom: CustomStrategy | null,
): Omit<VerifyReport, "unchecked"> {
  const list = new CheckList();
  checkOptions(result, asked, list);
  const sha = problemSha256(problem);
  list.check(
    "problem",
    result.problem_sha256 === sha,
    `sha256 ${result.problem_sha256 === sha ? "agrees" : "differs"}`,
  );
  checkClaims(result, problem, list);
  const instance = checkLimits(result, problem, asked, list);
  if (result.conflict !== null) checkConflict(result.conflict, problem, instance, list);
  const model = custom === null ? modelOf(result, asked, list) : customOf(result, problem, custom, list);
  if (model === null) return conclude(list, null);
  const chain = goalChain(instance, model);
  const first = chain.goals[chain.firstIndex]!;
  list.check("objective.name", result.objective.name === first.name, result.objective.name);
  list.check("objective.sense", result.objective.sense === first.sense, result.objective.sense);
  if (result.objective.value === null) return conclude(list, checkAbsence(result, { problem, instance, asked }, list));
  const plan = readPlan(result, instance, list);
  if (plan === null) return conclude(list, null);
  const timed = { ...instance, timing: instance.timing ?? plainTiming(instance) };
  const violations = findViolations(timed, plan);
  const broken = [...violations.map(({ row, message }) => `${row}: ${message}`), ...whyIneligible(problem, plan)].join(
    "; ",
  );
  if (!list.check("feasible", violations.length === 0, broken || "every row holds")) return conclude(list, null);
  checkScheduleRows(result, problem, plan, list);
  checkPriorities(result, problem, instance, plan, list);
  checkExpected(result, problem, timed, plan, list);
  checkForecast(result, { problem, instance, plan, asked }, list);
  checkMakespan(instance, timed, plan, list);
  checkLimitCosts(result, { problem, asked, chain, plan }, list);
  checkExploration(result, { problem, instance, chain, plan, asked }, list);
  if (stay !== null) checkStay(result, { instance, chain, plan, asked: stay }, list);
  return conclude(list, checkObjective(result, instance, chain, plan, list));
}

/** Of each task that the plan gives to an agent which cannot take it, the reason. */
function whyIneligible(problem: FullProblem, { agentOf }: Assignment): string[] {
  return problem.tasks.flatMap((task, index) => {
    const agent = problem.agents[agentOf[index]!];
    const reason = agent === undefined ? null : ineligibility(task, agent);
    return reason === null ? [] : [`${task.taskId}: ${reason}`];
  });
}

/** What a sound result is proven to be, in words and as a gap. */
type Proof = Pick<VerifyReport, "gap" | "bound" | "message"> & {
  readonly verdict: Exclude<VerifyReport["verdict"], "invalid">;
};

function checkLimits(result: ResultDocument, problem: FullProblem, asked: SolveOptions, list: CheckList): Instance {
  const { instance, factor, referenceMakespanMs } = applyLoadLimit(buildInstance(problem, asked), asked.loadLimit);
  list.equal("limits.factor", result.limits.factor, factor);
  list.equal("limits.reference_makespan_ms", result.limits.reference_makespan_ms, referenceMakespanMs);
  instance.agentIds.forEach((agentId, agent) => {
    const limit = instance.loadLimitMs[agent]!;
    list.equal(`limits of ${agentId}`, result.limits.per_agent_ms[agentId] ?? null, limit === Infinity ? null : limit);
  });
  return instance;
}

/** A result without a plan must not pretend to have one, nor to need none: where deferral is allowed there always is one. */
function checkAbsence(
  result: ResultDocument,
  {
    problem,
    instance,
    asked,
  }: { readonly problem: FullProblem; readonly instance: Instance; readonly asked: SolveOptions },
  list: CheckList,
): Proof {
  const { objective, termination } = result;
  const isSilent =
    [result.schedule, result.deferred_tasks, Object.values(result.agent_assignments).flat()].every(
      (some) => some.length === 0,
    ) &&
    [objective.bound, objective.gap, objective.secondary, result.certificate].every((one) => one === null) &&
    Object.keys(result.task_priorities).length === 0 &&
    result.exploration === null &&
    [result.forecast, result.expected_throughput].every((one) => one === null);
  list.check("limits.costs", result.limits.costs === null, "no plan, no cost of a limit");
  list.check("no plan", isSilent, isSilent ? "none is stated" : "parts of a plan without a value");
  const nothing = new Int32Array(instance.numTasks).fill(DEFERRED);
  const startMs = new Float64Array(instance.numTasks).fill(NaN);
  const timed = { ...instance, timing: plainTiming(instance) };
  checkExpected(result, problem, timed, { agentOf: nothing, slotOf: nothing, startMs }, list);
  const isPossible =
    termination === "error" || (termination !== "optimal" && termination !== "feasible" && asked.noDefer);
  list.check("termination", isPossible, `${termination}, no_defer ${asked.noDefer}`);
  if (termination !== "infeasible") return { gap: null, bound: null, verdict: "valid", message: "no plan to verify" };
  const isRefuted = findCompletePlan(instance) !== null;
  list.check(
    "infeasible",
    !isRefuted,
    isRefuted ? "a plan that places every task exists" : "not refuted by a short search",
  );
  return { gap: null, bound: null, verdict: "valid", message: "infeasible by search; this is not re-proved here" };
}

/** The goals' makespan and the last end of the schedule are one; without timing the goals count it from the loads. */
function checkMakespan(instance: Instance, timed: Instance, plan: Assignment, list: CheckList): void {
  list.equal("one makespan", makespanMs(timed, plan), makespanMs(instance, plan));
}

/** task_priorities are the ranks of the wave under this plan. */
function checkPriorities(
  result: ResultDocument,
  problem: FullProblem,
  instance: Instance,
  plan: Assignment,
  list: CheckList,
): void {
  const { rank } = scheduleWave(problem, instance, plan);
  const stated = result.task_priorities;
  const wrong = instance.taskIds.filter((taskId, task) => stated[taskId] !== rank[task]);
  const unknown = Object.keys(stated).filter((taskId) => !instance.taskIds.includes(taskId));
  const faults = [...wrong, ...unknown];
  list.check("task_priorities", faults.length === 0, faults.join(", ") || "the ranks of the wave");
}

function checkObjective(
  result: ResultDocument,
  instance: Instance,
  chain: GoalChain,
  plan: Assignment,
  list: CheckList,
): Proof {
  const first = chain.goals[chain.firstIndex]!;
  const { objective } = result;
  const value = first.evaluate(plan);
  list.equal("objective.value", objective.value, value, leastScale(first));
  for (const term of objective.terms ?? []) {
    const goal = mixGoal(term.name as GoalKey).on(instance);
    list.equal(`objective.terms: ${term.name}`, term.value, goal.evaluate(plan), leastScale(goal));
  }
  if (objective.secondary !== null) {
    const second = chain.goals.at(-1)!;
    list.check("objective.secondary.name", objective.secondary.name === second.name, objective.secondary.name);
    list.equal("objective.secondary", objective.secondary.value, second.evaluate(plan), leastScale(second));
  }
  const settled = chain.goals.slice(0, chain.firstIndex).map((goal) => ({ goal, value: goal.evaluate(plan) }));
  return checkBound(result, instance, { chain, first, value, settled, plan }, list);
}

interface FirstGoal {
  readonly chain: GoalChain;
  readonly first: Goal;
  readonly value: number;
  readonly settled: readonly SettledGoal[];
  readonly plan: Assignment;
}

function checkBound(result: ResultDocument, instance: Instance, goal: FirstGoal, list: CheckList): Proof {
  const { first, value, settled } = goal;
  const { objective, certificate, termination } = result;
  const proven = provenBound(instance, goal, certificate);
  const { bound, bound_by } = objective;
  checkStatedBound(list, first, { bound, bound_by, certificateBound: certificate?.bound ?? null }, value, proven);
  const gap = objective.bound === null ? null : relativeGap(first, value, objective.bound);
  list.equal("objective.gap", objective.gap, gap);
  const isClosed = gap !== null && gap <= 1e-6;
  list.check(
    "termination",
    termination === "feasible" || (termination === "optimal" && isClosed),
    `${termination}, gap ${gap}`,
  );
  const proof = describeProof(result, instance, goal, proven);
  if (termination === "optimal" && proof.verdict !== "proved_optimal") {
    const better = findBetter(instance, [...settled.map((one) => one.goal), first], goal.plan);
    list.check("optimality", better === null, better ?? "not refuted by a short search");
  }
  return proof;
}

function describeProof(
  result: ResultDocument,
  instance: Instance,
  { first, value, settled }: FirstGoal,
  proven: number,
): Proof {
  const openBefore = settled.filter((one, k) => {
    const { bound } = aloneBound(instance, one.goal, settled.slice(0, k));
    return !meets(one.value, bound);
  });
  const rest = openBefore.map(({ goal }) => `the settled ${goal.name} rests on the search`).join("; ");
  const gap = Number.isFinite(proven) ? relativeGap(first, value, proven) : null;
  const suffix = rest === "" ? "" : ` (${rest})`;
  if (meets(value, proven)) {
    const bySearch = result.termination === "optimal" ? "claimed_optimal" : "within";
    return {
      ...{ gap, bound: proven },
      verdict: rest === "" ? "proved_optimal" : bySearch,
      message: `proved optimal by the certificate${suffix}`,
    };
  }
  const within = describeWithin(gap);
  const bound = Number.isFinite(proven) ? proven : null;
  const known = within === null ? { gap: null, verdict: "valid" as const } : { gap, verdict: "within" as const };
  if (result.termination !== "optimal") {
    const message = within === null ? `sound; ${describeNoDistance(bound)}` : `${within} of the best possible`;
    return { ...known, bound, message: `${message}${suffix}` };
  }
  const source = result.objective.bound_by === "relaxation" ? "a relaxation that the result does not carry" : "search";
  const certified = within === null ? describeNoProof(bound) : `the certificate proves it ${within}`;
  return { gap: known.gap, bound, verdict: "claimed_optimal", message: `optimal by ${source}; ${certified}${suffix}` };
}

function conclude(list: CheckList, proof: Proof | null): Omit<VerifyReport, "unchecked"> {
  const { checks, failed } = list;
  if (failed.length > 0 || proof === null) {
    const message = failed.map(({ name, detail }) => `${name}: ${detail}`).join("; ");
    return { verdict: "invalid", gap: null, bound: null, checks, message };
  }
  return { ...proof, checks };
}
