import { type InstanceArrays, label, STRATEGY_MODELS } from "../../../../models/index.js";
import type { ArraysCertificate, Certificate, Termination } from "../../../domain/index.js";
import { runChain, type Session } from "../../../engine/index.js";
import { instanceOfArrays } from "./instance-of-arrays.js";
import type { ArraysOutcome, ArraysStrategy } from "./outcome.js";

/** Solves arrays by the general chain of goals: every limit there is, at the sizes it was made for. */
export async function solveByChain(
  session: Session,
  arrays: InstanceArrays,
  strategy: ArraysStrategy,
): Promise<ArraysOutcome> {
  const instance = instanceOfArrays(arrays);
  const outcome = await runChain(session, instance, STRATEGY_MODELS[strategy], { withSecond: false });
  const { plan, steps, firstIndex, goals, isInfeasible } = outcome;
  const first = steps[firstIndex];
  const isOptimal = plan !== null && steps.length > firstIndex && steps.every(({ proof }) => proof !== null);
  const termination: Termination = isInfeasible
    ? "infeasible"
    : plan === null
      ? "no_solution"
      : isOptimal
        ? "optimal"
        : "feasible";
  const isSearched = isOptimal && first?.proof === "search";
  return {
    termination,
    limit: termination === "feasible" || termination === "no_solution" ? outcome.limit : null,
    agentOf: plan?.agentOf ?? null,
    slotOf: plan?.slotOf ?? null,
    bound: isSearched ? goals[firstIndex]!.evaluate(plan) : outcome.bound,
    certificate: plan === null ? null : asPrices(arrays, instance.agentIds, outcome.certificate),
  };
}

/** Multipliers by row name as prices by agent; null where they price other rows too. */
function asPrices(
  arrays: InstanceArrays,
  agentIds: readonly string[],
  certificate: Certificate | null,
): ArraysCertificate | null {
  const hasOtherRows = arrays.deadlineMs !== undefined || arrays.noDefer !== true;
  if (certificate === null || certificate.kind !== "lagrangian" || hasOtherRows) return null;
  const names = agentIds.map((id) => label("load", id));
  const priced = Object.entries(certificate.multipliers).filter(([, multiplier]) => multiplier > 0);
  if (priced.some(([name]) => !names.includes(name))) return null;
  const multipliers = Float64Array.from(names, (name) => Math.max(0, certificate.multipliers[name] ?? 0));
  return { kind: "capacity_prices", multipliers, deferralPrice: null, bound: certificate.bound };
}
