import { type Assignment, type Goal, type GoalChain, type Instance } from "../../../models/index.js";
import type { Certificate, RowCertificate } from "../../domain/index.js";
import { evaluateCertificate } from "../bounds/certificate.js";
import { noBound } from "../bounds/gap.js";
import { evaluateInTurn } from "./in-turn.js";
import { evaluateOrderCertificate } from "./order-certificate.js";
import { areBounding, lastAbsenceMs, relaxOrder } from "./relax-order.js";

/** Share by which a bound must lie behind the last absence, so that no rounding puts it there. */
const ROUNDING = 1e-9;

/**
 * The bound on the first goal that a certificate proves for the plans of an instance with timing that are as good as `plan` on the goals
 * before it, from the instance alone; its stated bound is not looked at. Infinite on the useless side where it proves nothing.
 */
export function evaluateTimedCertificate(
  instance: Instance,
  { goals, firstIndex }: GoalChain,
  plan: Assignment,
  certificate: Certificate,
): number {
  const first = goals[firstIndex]!;
  switch (certificate.kind) {
    case "path":
    case "fleet_interval":
    case "refuted_windows":
    case "in_turn": {
      if (!isEnd(first)) return noBound(first);
      return certificate.kind === "in_turn"
        ? evaluateInTurn(instance, plan, certificate)
        : evaluateOrderCertificate(instance, plan, certificate);
    }
    case "lagrangian":
    case "knapsack":
    case "makespan_knapsack":
    case "max_load_knapsack": {
      const chain = { goals: goals.slice(0, firstIndex + 1), firstIndex };
      if (!areBounding(chain.goals)) return noBound(first);
      const bound = boundWithoutOrder(instance, chain, plan, certificate, false);
      if (!isEnd(first)) return bound;
      const behind = boundWithoutOrder(instance, chain, plan, certificate, true);
      return behind > lastAbsenceMs(instance) * (1 + ROUNDING) ? Math.max(bound, behind) : bound;
    }
  }
}

/** Whether the goal is to end early and nothing else. */
function isEnd({ sense, makespan, perPair, perDeferral, maxLoad, minLoad, constant }: Goal): boolean {
  const isTime = sense === "min" && makespan === 1;
  return isTime && perPair === null && perDeferral === null && maxLoad === 0 && minLoad === 0 && constant === 0;
}

function boundWithoutOrder(
  instance: Instance,
  { goals, firstIndex }: GoalChain,
  plan: Assignment,
  certificate: RowCertificate,
  endsBehindAbsences: boolean,
): number {
  const first = goals[firstIndex]!;
  const relaxed = relaxOrder(instance, { goals, firstIndex }, endsBehindAbsences);
  // Which agents count for the least load depends on the pairs.
  if (first.minLoad !== 0 && relaxed.instance.numPairs < instance.numPairs) return noBound(first);
  const settled = goals
    .slice(0, firstIndex)
    .map((goal, k) => ({ goal: relaxed.chain.goals[k]!, value: goal.evaluate(plan) }));
  return evaluateCertificate(relaxed.instance, relaxed.chain.goals[firstIndex]!, settled, certificate);
}
