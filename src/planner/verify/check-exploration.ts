import { type Assignment, DEFERRED, findViolations, type GoalChain, type Instance } from "../../../models/index.js";
import { meets } from "../../engine/index.js";
import type { ExplorationReport, FullProblem, SolveOptions, ResultDocument } from "../../domain/index.js";
import { explorationCost } from "./exploration-cost.js";
import { type CheckList, statedSlack } from "./report.js";

interface ExploredPlan {
  readonly problem: FullProblem;
  readonly instance: Instance;
  readonly chain: GoalChain;
  readonly plan: Assignment;
  readonly asked: SolveOptions;
}

/** Exploration is stated exactly where it was asked for and there is a plan, and its base plan and cost are counted again. */
export function checkExploration(result: ResultDocument, explored: ExploredPlan, list: CheckList): void {
  const { exploration } = result;
  const { asked } = explored;
  const isAsked = asked.exploration > 0;
  if (!list.check("exploration", isAsked === (exploration !== null), isAsked ? "asked for" : "not asked for")) return;
  if (exploration === null) return;
  const { cap, cost, scale, base_plan: places } = exploration;
  list.check("exploration.cap", cap === asked.exploration, `${cap}, asked for ${asked.exploration}`);
  const isHalving = scale === 0 ? places.length === 0 : scale <= 1 && Number.isInteger(Math.log2(scale));
  list.check("exploration.scale", isHalving, `${scale}`);
  const basePlan = readBasePlan(exploration, explored, list);
  if (basePlan === null) return;
  checkHighRisk(explored, basePlan, list);
  const { chain, plan } = explored;
  const before = chain.goals.slice(0, chain.firstIndex);
  const worse = before.filter((goal) => !meets(goal.evaluate(plan), goal.evaluate(basePlan)));
  list.check("exploration: goals before the first", worse.length === 0, worse.map(({ name }) => name).join() || "kept");
  const first = chain.goals[chain.firstIndex]!;
  const recomputed = explorationCost(first, first.evaluate(plan), first.evaluate(basePlan));
  list.equal("exploration.cost", cost, recomputed);
  list.check("exploration: cost within the cap", cost <= cap + statedSlack(cap), `${cost}, cap ${cap}`);
}

/** The plan with the places of the base plan put back: other places, and a plan that keeps every limit. */
function readBasePlan(
  { base_plan: places, tasks_moved: stated }: ExplorationReport,
  { instance, plan }: ExploredPlan,
  list: CheckList,
): Assignment | null {
  const base = { agentOf: plan.agentOf.slice(), slotOf: plan.slotOf.slice() };
  const faults: string[] = [];
  const seen = new Set<string>();
  let numMoved = 0;
  for (const { task_id, agent_id, slot } of places) {
    const task = instance.taskIds.indexOf(task_id);
    const agent = agent_id === null ? DEFERRED : instance.agentIds.indexOf(agent_id);
    const isNamed = task >= 0 && (agent >= 0 || agent_id === null) && (slot === null) === (agent_id === null);
    if (!isNamed || seen.has(task_id)) {
      faults.push(`${task_id} on ${agent_id}`);
      continue;
    }
    seen.add(task_id);
    if (plan.agentOf[task] === agent && plan.slotOf[task] === (slot ?? DEFERRED)) faults.push(`${task_id} is there`);
    if (plan.agentOf[task] !== agent) numMoved += 1;
    [base.agentOf[task], base.slotOf[task]] = [agent, slot ?? DEFERRED];
  }
  const isRead = list.check(
    "exploration.base_plan",
    faults.length === 0,
    faults.join("; ") || "other places, each once",
  );
  list.check("exploration.tasks_moved", stated === numMoved, `stated ${stated}, counted ${numMoved}`);
  if (!isRead) return null;
  const broken = findViolations(instance, base).map(({ row, message }) => `${row}: ${message}`);
  const isFeasible = list.check("exploration: base plan", broken.length === 0, broken.join("; ") || "every row holds");
  return isFeasible ? base : null;
}

function checkHighRisk({ problem, plan, asked }: ExploredPlan, basePlan: Assignment, list: CheckList): void {
  const moved = problem.tasks.filter(
    ({ riskLevel }, task) => riskLevel === "HIGH" && plan.agentOf[task] !== basePlan.agentOf[task],
  );
  const isKept = asked.exploreHighRisk || moved.length === 0;
  list.check("exploration: HIGH tasks", isKept, moved.map(({ taskId }) => taskId).join(", ") || "not moved");
}
