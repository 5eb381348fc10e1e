import {
  type Assignment,
  DEFERRED,
  deferredWeight,
  findViolations,
  goalChain,
  type Instance,
  type InstanceArrays,
  isPlaceable,
  PLAIN_STRATEGIES,
  type PlainStrategy,
  STRATEGY_MODELS,
} from "../../../models/index.js";
import { type ArraysResult, InputError, reading } from "../../domain/index.js";
import { showValue } from "../../domain/schemas/index.js";
import { leastScale, relativeGap } from "../../engine/index.js";
import { checkArrays } from "../instance/check-arrays.js";
import { instanceOfArrays } from "../instance/instance-of-arrays.js";
import { evaluateArraysCertificate } from "./arrays-certificate.js";
import { checkStatedBound } from "./check-proof.js";
import { CheckList, describeNoDistance, describeNoProof, describeWithin, type VerifyReport } from "./report.js";

/**
 * Recomputes value, feasibility and the certificate's bound of a result on arrays, from the arrays alone.
 *
 * @throws InputError where an array breaks a rule
 */
export function verifyArrays(result: ArraysResult, arrays: InstanceArrays, strategy: PlainStrategy): VerifyReport {
  if (typeof strategy !== "string" || !Object.hasOwn(STRATEGY_MODELS, strategy))
    throw new InputError("strategy", `${showValue(strategy)} is not one of ${PLAIN_STRATEGIES.join(", ")}`);
  reading("arrays", "pass what was solved", () => checkArrays(arrays, strategy));
  return reading("result", "pass what solve returned for these arrays", () => verifyPlan(result, arrays, strategy));
}

function verifyPlan(result: ArraysResult, arrays: InstanceArrays, strategy: PlainStrategy): VerifyReport {
  const instance = instanceOfArrays(arrays);
  const { goals, firstIndex } = goalChain(instance, STRATEGY_MODELS[strategy], { withSecond: false });
  const first = goals[firstIndex]!;
  const list = new CheckList();
  const { objective, certificate } = result;
  list.check("goal", objective.name === first.name && objective.sense === first.sense, objective.name);
  const plan = readPlan(result, instance, list);
  const value = plan === null ? null : first.evaluate(plan);
  list.equal("value", objective.value, value, leastScale(first));
  if (plan !== null) list.equal("deferred weight", result.deferredWeight, deferredWeight(instance, plan));
  const avoidable = avoidableWeight(instance, result.deferredWeight ?? 0);
  const settled = goals.slice(0, firstIndex).map((goal) => ({ goal, value: avoidable }));
  const proven = certificate === null ? NaN : evaluateArraysCertificate(instance, { first, settled }, certificate);
  const { bound, bound_by } = objective;
  checkStatedBound(list, first, { bound, bound_by, certificateBound: certificate?.bound ?? null }, value, proven);
  const gapTo = (one: number | null): number | null =>
    value === null || one === null || !Number.isFinite(one) ? null : relativeGap(first, value, one);
  list.equal("gap", objective.gap, gapTo(bound));
  const isClosed = result.termination !== "optimal" || (objective.gap !== null && objective.gap <= 1e-6);
  list.check("termination", isClosed, `${result.termination}, gap ${objective.gap}`);
  return conclude(list, result, { gap: gapTo(proven), bound: Number.isFinite(proven) ? proven : null });
}

/** The plan where it is one, and keeps every row; its absence is checked with the value. */
function readPlan({ agentOf, slotOf }: ArraysResult, instance: Instance, list: CheckList): Assignment | null {
  if (agentOf === null || slotOf === null) return null;
  const { numTasks, numAgents } = instance;
  const isAgent = (agent: number): boolean => agent === DEFERRED || (agent >= 0 && agent < numAgents);
  const isPlan = agentOf.length === numTasks && slotOf.length === numTasks && agentOf.every(isAgent);
  if (!list.check("plan", isPlan, isPlan ? "one agent or none per task" : "not one agent or none per task"))
    return null;
  const plan = { agentOf, slotOf };
  const [violation] = findViolations(instance, plan);
  const detail = violation === undefined ? "every row holds" : `${violation.row}: ${violation.message}`;
  return list.check("feasible", violation === undefined, detail) ? plan : null;
}

/** Deferred weight less that of tasks that no agent can take. */
function avoidableWeight(instance: Instance, weight: number): number {
  let left = weight;
  for (let task = 0; task < instance.numTasks; task++) {
    if (!isPlaceable(instance, task)) left -= instance.weight[task]!;
  }
  return left > 1e-9 * weight ? left : 0;
}

type Proven = Pick<VerifyReport, "gap" | "bound">;

function conclude({ checks, failed: [failed] }: CheckList, result: ArraysResult, proven: Proven): VerifyReport {
  if (failed !== undefined) {
    return {
      verdict: "invalid",
      gap: null,
      bound: null,
      checks,
      unchecked: [],
      message: `${failed.name}: ${failed.detail}`,
    };
  }
  return { ...describe(result, proven), checks, unchecked: listUnchecked(result) };
}

function describe({ termination, objective }: ArraysResult, { gap, bound }: Proven) {
  if (gap === 0)
    return { verdict: "proved_optimal", gap, bound, message: "proved optimal by the certificate" } as const;
  const within = describeWithin(gap);
  const known = within === null ? null : gap;
  if (termination === "optimal") {
    const proof = within === null ? describeNoProof(bound) : `the certificate proves it ${within}`;
    const message = `optimal by ${objective.bound_by ?? "search"}; ${proof}`;
    return { verdict: "claimed_optimal", gap: known, bound, message } as const;
  }
  if (within === null)
    return { verdict: "valid", gap: known, bound, message: `sound; ${describeNoDistance(bound)}` } as const;
  return { verdict: "within", gap: known, bound, message: `${within} of the best possible` } as const;
}

function listUnchecked({ objective, termination, reproducible }: ArraysResult): string[] {
  const names: readonly (readonly [string, boolean])[] = [
    ["termination: infeasible by search", termination === "infeasible"],
    [`objective.bound: by ${objective.bound_by}`, objective.bound_by !== null && objective.bound_by !== "certificate"],
    ["reproducible", reproducible],
    ["limit, attempts, seed, wallMs", true],
  ];
  return names.filter(([, isStated]) => isStated).map(([name]) => name);
}
