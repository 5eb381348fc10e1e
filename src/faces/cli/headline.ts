import type { Limit, ResultDocument } from "../../domain/index.js";
import { formatGap, formatNumber } from "./text.js";

const LIMITS: Readonly<Record<Limit, string>> = {
  time: "the time limit",
  work: "the limits on counted work",
  gap: "the accepted gap",
  abort: "an interrupt",
};

/** How good the plan is known to be, and why the search ended, in words. */
export function describeOutcome(result: ResultDocument): string {
  const stop = result.limit === null ? "" : `; stopped by ${LIMITS[result.limit]}`;
  switch (result.termination) {
    case "optimal":
      return `optimal, proven by ${describeProof(result)}`;
    case "feasible":
      return `${describeDistance(result)}${stop}`;
    case "infeasible":
      return "infeasible: no plan can keep every limit";
    case "no_solution":
      return `no plan found${stop}`;
    case "error":
      return "failed";
  }
}

/** Objective, value, bound and gap in one line. */
export function describeObjective({ objective }: ResultDocument): string {
  const { name, sense, value, bound, gap, secondary } = objective;
  const goal = `${sense === "min" ? "least" : "most"} ${name}`;
  const facts = `${formatNumber(value)}, bound ${formatNumber(bound)}, gap ${formatGap(gap)}`;
  if (secondary === null) return `${goal}: ${facts}`;
  const proof = secondary.proven ? "proven" : "not proven";
  return `${goal}: ${facts}; then ${secondary.name}: ${formatNumber(secondary.value)} (${proof})`;
}

/** What exploring changed and costs, in one line; empty where it was not asked for. */
export function describeExploration({ exploration, objective }: ResultDocument): string {
  if (exploration === null) return "";
  const { cap, cost, scale, tasks_moved: numMoved } = exploration;
  const limit = `cap ${formatGap(cap)}`;
  if (scale === 0 || numMoved === 0) return `exploration: the best plan stands (${limit})`;
  const tasks = `${numMoved} ${numMoved === 1 ? "task" : "tasks"}`;
  return `exploration: ${tasks} moved to learn, for ${formatGap(cost)} of ${objective.name} (${limit})`;
}

/** What staying near another plan came to, in one line; empty where none was given. */
export function describeStay({ stay, objective, termination, attempts }: ResultDocument): string {
  if (stay === undefined) return "";
  const { price, tasks_moved: numMoved, value_without: without } = stay;
  const changed = numMoved === 0 ? "no task moved" : `${numMoved} ${numMoved === 1 ? "task" : "tasks"} moved`;
  const isCheaper = without === null || without === objective.value;
  const cost = isCheaper ? "" : `; without the price ${objective.name} would be ${formatNumber(without)}`;
  // A share of the value, however large: beyond the value itself as a multiple.
  const share = price <= 1 ? formatGap(price) : `${formatNumber(price)} times the value`;
  const isQuick = termination === "feasible" && attempts.at(-1)?.stage === "near";
  return `plan before: ${changed} (price ${share} a task)${cost}${isQuick ? `; ${NEAR_ONLY}` : ""}`;
}

/** Of a plan made while agents wait. */
const NEAR_ONLY = "only what is near it was looked at: a longer --time-limit may find a better one";

function describeDistance({ strategy, objective: { value, bound, gap } }: ResultDocument): string {
  if (gap === null || value === null || bound === null) return "feasible, no bound known";
  if (gap === 0) return "feasible, meets its bound, not proven optimal";
  // A mix is 0 where every goal is as good as on its own: near that, a share of the value would say nothing.
  if (strategy === "mix") return `feasible, at most ${formatNumber(value - bound)} from the best possible`;
  if (gap >= 1) return "feasible, its bound does not say how near the best possible";
  return `feasible, within ${formatGap(gap)} of the best possible`;
}

function describeProof(result: ResultDocument): string {
  if (isProvenByCertificate(result)) return "its bound";
  return result.objective.bound_by === "relaxation" ? "a relaxation" : "search";
}

/** Whether the multipliers alone prove the value, within the tolerance at which value and bound count as equal. */
function isProvenByCertificate({ certificate, objective }: ResultDocument): boolean {
  if (certificate === null || objective.value === null) return false;
  return Math.abs(certificate.bound - objective.value) <= 1e-9 * Math.max(1, Math.abs(objective.value));
}
