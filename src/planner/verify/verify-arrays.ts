import { type InstanceArrays, type PlainStrategy, STRATEGY_MODELS } from "../../../models/index.js";
import {
  type ArraysView,
  evaluateCapacityPrices,
  evaluateMakespanPrices,
  evaluateTaskPrices,
  type GeneralizedAssignment,
  viewArrays,
  withDeferral,
} from "../../engine/index.js";
import type { ArraysCertificate, ArraysResult } from "../../domain/index.js";
import { checkArrays } from "../instance/check-arrays.js";
import { evaluatePlanOnArrays } from "./evaluate-plan-arrays.js";
import { CheckList, type VerifyReport } from "./report.js";

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Recomputes value, feasibility and the certificate's bound of a result on arrays, from the arrays alone.
 *
 * @throws InputError where an array breaks a rule
 */
export function verifyArrays(result: ArraysResult, arrays: InstanceArrays, strategy: PlainStrategy): VerifyReport {
  checkArrays(arrays, strategy);
  const list = new CheckList();
  const { objective, agentOf, slotOf, certificate } = result;
  const goal = STRATEGY_MODELS[strategy].first;
  list.check("goal", objective.name === goal.name && objective.sense === goal.sense, objective.name);
  if (agentOf === null || slotOf === null) {
    list.equal("value", objective.value, null);
  } else {
    const facts = evaluatePlanOnArrays(arrays, strategy, { agentOf, slotOf });
    list.check("plan", facts.violation === null, facts.violation ?? "keeps every limit");
    list.equal("value", objective.value, facts.value);
    list.equal("deferred weight", result.deferredWeight, facts.deferredWeight);
  }
  const proven =
    certificate === null ? null : evaluateCertificate(arrays, strategy, certificate, result.deferredWeight ?? 0);
  if (certificate !== null) checkCertificate(list, certificate, proven, objective);
  const gap = objective.value === null || proven === null ? null : distance(objective.value, proven, objective.sense);
  const [failed] = list.failed;
  if (failed !== undefined) {
    return { verdict: "invalid", gap: null, checks: list.checks, message: `${failed.name}: ${failed.detail}` };
  }
  const verdict = gap === null ? "valid" : gap === 0 ? "proved_optimal" : "within";
  const message =
    gap === null ? "sound; no certificate to compare with" : gap === 0 ? "proved optimal" : `within ${100 * gap} %`;
  return { verdict, gap, checks: list.checks, message };
}

function checkCertificate(
  list: CheckList,
  certificate: ArraysCertificate,
  proven: number | null,
  { sense, value, bound, bound_by }: ArraysResult["objective"],
): void {
  const holds = (stated: number): boolean =>
    proven !== null && (sense === "min" ? stated <= proven + slack(proven) : stated >= proven - slack(proven));
  list.check("certificate", holds(certificate.bound), `stated ${certificate.bound}, proven ${proven}`);
  if (bound_by === "certificate" && bound !== null)
    list.check("bound", holds(bound), `stated ${bound}, proven ${proven}`);
  if (value === null || bound === null) return;
  const isBelow = sense === "min" ? bound <= value + slack(value) : bound >= value - slack(value);
  list.check("bound and value", isBelow, `value ${value}, bound ${bound}`);
}

/** What the multipliers prove, in the goal's own sense; null where they are none for these arrays. */
function evaluateCertificate(
  arrays: InstanceArrays,
  strategy: PlainStrategy,
  certificate: ArraysCertificate,
  deferredWeight: number,
): number | null {
  // Limits beside the capacities only make plans dearer, so what holds without them holds.
  const plain: Writable<InstanceArrays> = { ...arrays };
  delete plain.maxTasks;
  delete plain.deadlineMs;
  delete plain.budget;
  if (STRATEGY_MODELS[strategy].first.source.kind === "slots") delete plain.capacityMs;
  const view = viewArrays(plain, strategy);
  if (view === null) return null;
  const sign = view.goal.sense === "min" ? 1 : -1;
  const bound = evaluateMinimised(view, certificate, avoidable(arrays, deferredWeight));
  return Number.isFinite(bound) ? sign * bound : null;
}

function evaluateMinimised(view: ArraysView, certificate: ArraysCertificate, deferred: number): number {
  const { kind, multipliers, deferralPrice } = certificate;
  if (kind === "makespan_prices") {
    if (view.timing === null || multipliers.length !== view.problem.numAgents || !multipliers.every(isNotNegative))
      return NaN;
    const bound = evaluateMakespanPrices({ ...view.problem, ...view.timing }, multipliers);
    return roundUp(bound, view.problem.use, view.timing.availableFrom);
  }
  if (view.timing !== null) return NaN;
  const problem: GeneralizedAssignment =
    deferred > 0 ? withDeferral(view.problem, view.weight, { room: deferred, isCounted: false }) : view.problem;
  if (kind === "task_prices") {
    if (multipliers.length < view.problem.numTasks) return NaN;
    const lambda = Float64Array.from(view.taskOf, (task) => multipliers[task]!);
    return lambda.every(Number.isFinite) ? roundUp(evaluateTaskPrices(problem, lambda), problem.cost) : NaN;
  }
  if (multipliers.length !== view.problem.numAgents) return NaN;
  const prices = new Float64Array(problem.numAgents);
  prices.set(multipliers);
  if (deferred > 0) prices[problem.numAgents - 1] = deferralPrice ?? 0;
  const isSound = prices.every(
    (price, agent) => isNotNegative(price) && (price === 0 || problem.capacity[agent]! < Infinity),
  );
  return isSound ? roundUp(evaluateCapacityPrices(problem, prices), problem.cost) : NaN;
}

/** Deferred weight less that of tasks that no agent can take. */
function avoidable({ numTasks, pairStart, weight }: InstanceArrays, deferredWeight: number): number {
  let left = deferredWeight;
  for (let task = 0; task < numTasks; task++) {
    if (pairStart[task] === pairStart[task + 1]) left -= weight?.[task] ?? 1;
  }
  return left > 1e-9 * deferredWeight ? left * (1 + 1e-9) : 0;
}

function isNotNegative(value: number): boolean {
  return value >= 0 && value < Infinity;
}

function roundUp(bound: number, ...values: readonly Float64Array[]): number {
  return values.every((each) => each.every(Number.isInteger)) ? Math.ceil(bound - 1e-6) : bound;
}

function slack(value: number): number {
  return 1e-9 * Math.max(1, Math.abs(value));
}

function distance(value: number, bound: number, sense: "min" | "max"): number {
  const excess = sense === "min" ? value - bound : bound - value;
  return excess <= slack(value) ? 0 : excess / Math.max(Math.abs(value), Math.abs(bound));
}
