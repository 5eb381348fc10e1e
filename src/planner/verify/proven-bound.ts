import type { Assignment, GoalChain, Instance, SettledForm } from "../../../models/index.js";
import type { Certificate } from "../../domain/index.js";
import { aloneBound, evaluateCertificate, evaluateTimedCertificate, noBound } from "../../engine/index.js";

/**
 * The bound on the first goal that a certificate proves, from the instance alone; without one, that of each task at its best. Infinite on the
 * useless side where nothing is proven.
 */
export function provenBound(
  instance: Instance,
  {
    chain,
    settled,
    plan,
  }: { readonly chain: GoalChain; readonly settled: readonly SettledForm[]; readonly plan: Assignment },
  certificate: Certificate | null,
): number {
  const first = chain.goals[chain.firstIndex]!;
  if (first.linearity === "nothing") return noBound(first);
  if (certificate === null) return aloneBound(instance, first, settled).bound;
  if (instance.timing !== null) return evaluateTimedCertificate(instance, chain, plan, certificate);
  switch (certificate.kind) {
    case "lagrangian":
    case "knapsack":
    case "makespan_knapsack":
    case "max_load_knapsack":
      return evaluateCertificate(instance, first, settled, certificate);
    case "path":
    case "fleet_interval":
    case "refuted_windows":
    case "in_turn":
      // Without timing nothing waits, and the other kinds say all there is to say.
      return noBound(first);
  }
}
