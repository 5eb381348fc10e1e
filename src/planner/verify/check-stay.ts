import {
  type Assignment,
  findPair,
  findViolations,
  type Goal,
  type GoalChain,
  type Instance,
} from "../../../models/index.js";
import { meets } from "../../engine/index.js";
import type { ResultDocument, StayReport } from "../../domain/index.js";
import { explorationCost } from "./exploration-cost.js";
import { type PlanBefore, placesBefore } from "./places-before.js";
import { type CheckList, statedSlack } from "./report.js";

/** The plan before and the price of a change, as the call of `verify` gives them again. */
export interface StayAsked {
  readonly plan: PlanBefore;
  readonly price: number;
}

interface StayedPlan {
  readonly instance: Instance;
  readonly chain: GoalChain;
  readonly plan: Assignment;
  readonly asked: StayAsked;
}

/** Staying near a plan is stated exactly where it was asked for; what moved, and what that costs at most, is counted again. */
export function checkStay(result: ResultDocument, stayed: StayedPlan, list: CheckList): void {
  const { stay } = result;
  const { instance, plan, asked } = stayed;
  if (!list.check("stay", stay !== undefined, stay === undefined ? "asked for, and not stated" : "asked for")) return;
  const { price, moved, tasks_moved: stated, value_without: without } = stay!;
  list.check("stay.price", price === asked.price, `${price}, asked for ${asked.price}`);
  const counted = placesBefore(asked.plan, instance, plan).filter((one) => one.from_agent_id !== one.to_agent_id);
  const isSame = JSON.stringify(moved) === JSON.stringify(counted) && stated === counted.length;
  list.check("stay.moved", isSame, isSame ? `${stated} tasks` : `stated ${stated}, counted ${counted.length}`);
  if (without === null) return;
  const first = stayed.chain.goals[stayed.chain.firstIndex]!;
  const cost = explorationCost(first, first.evaluate(plan), without);
  const most = price * asked.plan.schedule.length;
  list.check("stay: cost within the price", cost <= most + statedSlack(most), `${cost}, at most ${most}`);
  if (result.termination === "optimal") checkReturns(stayed, stay!, list);
}

/** Looks for a task that could have stayed: put back while all others keep their places, it breaks no row and worsens no goal. */
function checkReturns({ instance, chain, plan }: StayedPlan, { moved }: StayReport, list: CheckList): void {
  if (instance.timing !== null) return;
  const goals = chain.goals.slice(0, chain.firstIndex + 1);
  const idle = moved.filter(({ task_id: taskId, from_agent_id: agentId }) => {
    const [task, agent] = [instance.taskIds.indexOf(taskId), instance.agentIds.indexOf(agentId)];
    return findPair(instance, task, agent) !== undefined && canReturn(instance, goals, plan, task, agent);
  });
  const names = idle.map(({ task_id: taskId }) => taskId).join(", ");
  list.check("stay: least change", idle.length === 0, names === "" ? "no task could have stayed alone" : names);
}

function canReturn(instance: Instance, goals: readonly Goal[], plan: Assignment, task: number, agent: number): boolean {
  const tried = { agentOf: plan.agentOf.slice(), slotOf: plan.slotOf.slice() };
  tried.agentOf[task] = agent;
  for (let slot = 0; slot < instance.slots[agent]!; slot++) {
    tried.slotOf[task] = slot;
    if (findViolations(instance, tried).length > 0) continue;
    if (goals.every((goal) => meets(goal.evaluate(tried), goal.evaluate(plan)))) return true;
  }
  return false;
}
