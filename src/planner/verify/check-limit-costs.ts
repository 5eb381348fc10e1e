import type { Assignment, GoalChain } from "../../../models/index.js";
import type { FullProblem, SolveOptions, ResultDocument } from "../../domain/index.js";
import { aloneBound, LEAST_LIMIT_COST, leastScale, relativeGap } from "../../engine/index.js";
import { buildInstance } from "../instance/build-instance.js";
import { type CheckList, statedSlack } from "./report.js";

interface LimitedPlan {
  readonly problem: FullProblem;
  readonly asked: SolveOptions;
  readonly chain: GoalChain;
  readonly plan: Assignment;
}

/**
 * Whether the stated cost of the load limit is possible: a limit is in force, the fraction is that of the two values and more
 * than 1 %, and the bound without the limit is not better than what each task could reach alone. Whether it is tight is not checked.
 */
export function checkLimitCosts({ limits }: ResultDocument, limited: LimitedPlan, list: CheckList): void {
  const { costs } = limits;
  if (costs === null) return;
  const { problem, asked, chain, plan } = limited;
  const unlimited = buildInstance(problem, asked);
  const isLimited = unlimited.agentIds.some(
    (agentId, agent) => (limits.per_agent_ms[agentId] ?? Infinity) !== unlimited.loadLimitMs[agent],
  );
  list.check("limits.costs", isLimited, isLimited ? "a load limit is in force" : "no load limit is in force");
  const { without, by } = costs;
  const first = chain.goals[chain.firstIndex]!;
  const value = first.evaluate(plan);
  const isBetter = first.sense === "min" ? without < value : without > value;
  const due = relativeGap(first, value, without);
  list.equal("limits.costs.by", by, due);
  list.check("limits.costs: more than 1 %", isBetter && by > LEAST_LIMIT_COST, `${without}, value ${value}`);
  const settled = chain.goals.slice(0, chain.firstIndex).map((goal) => ({ goal, value: goal.evaluate(plan) }));
  const { bound } = aloneBound(unlimited, first, settled);
  const excess = first.sense === "min" ? bound - without : without - bound;
  const isPossible = excess <= statedSlack(bound, leastScale(first));
  list.check("limits.costs.without", isPossible, `stated ${without}, each task alone ${bound}`);
}
