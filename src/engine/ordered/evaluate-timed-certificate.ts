import { type Assignment, type GoalChain, type Instance } from "../../../models/index.js";
import type { Certificate } from "../../domain/index.js";
import { evaluateCertificate } from "../bounds/certificate.js";
import { evaluateInTurn } from "./in-turn.js";
import { evaluateOrderCertificate } from "./order-certificate.js";
import { areBounding, relaxOrder } from "./relax-order.js";

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
  const useless = first.sense === "min" ? -Infinity : Infinity;
  switch (certificate.kind) {
    case "path":
    case "fleet_interval":
    case "refuted_windows":
    case "in_turn": {
      const { makespan, perPair, perDeferral, maxLoad, minLoad, constant } = first;
      const isEnd = makespan === 1 && maxLoad === 0 && minLoad === 0 && constant === 0;
      if (!isEnd || perPair !== null || perDeferral !== null) return useless;
      return certificate.kind === "in_turn"
        ? evaluateInTurn(instance, plan, certificate)
        : evaluateOrderCertificate(instance, plan, certificate);
    }
    case "lagrangian":
    case "knapsack":
    case "makespan_knapsack":
    case "max_load_knapsack": {
      const chain = { goals: goals.slice(0, firstIndex + 1), firstIndex };
      if (!areBounding(chain.goals)) return useless;
      const relaxed = relaxOrder(instance, chain);
      // Which agents count for the least load depends on the pairs.
      if (first.minLoad !== 0 && relaxed.instance.numPairs < instance.numPairs) return useless;
      const settled = goals
        .slice(0, firstIndex)
        .map((goal, k) => ({ goal: relaxed.chain.goals[k]!, value: goal.evaluate(plan) }));
      return evaluateCertificate(relaxed.instance, relaxed.chain.goals[firstIndex]!, settled, certificate);
    }
  }
}
