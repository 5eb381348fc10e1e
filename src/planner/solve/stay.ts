import { type Assignment, DEFERRED, findPair, type Instance } from "../../../models/index.js";
import type { ChainOutcome, StayWish } from "../../engine/index.js";
import type { SolveResult, StayReport } from "../../domain/index.js";
import { placesBefore } from "../verify/places-before.js";

/** A plan to stay near, and what a changed task costs: a share of the first goal's value. */
export interface StayRequest {
  readonly plan: SolveResult;
  readonly price: number;
}

/** The plan before, on this instance: tasks it does not know, or has where they cannot be now, have no place. */
export function stayWish(instance: Instance, { plan, price }: StayRequest): StayWish {
  const agentIndex = new Map(instance.agentIds.map((agentId, agent) => [agentId, agent]));
  const entries = new Map(plan.schedule.map((entry) => [entry.task_id, entry]));
  const nobody = (): Int32Array => new Int32Array(instance.numTasks).fill(DEFERRED);
  const before = { agentOf: nobody(), slotOf: nobody(), startMs: new Float64Array(instance.numTasks).fill(NaN) };
  instance.taskIds.forEach((taskId, task) => {
    const entry = entries.get(taskId);
    const agent = entry === undefined ? undefined : agentIndex.get(entry.agent_id);
    if (entry === undefined || agent === undefined || findPair(instance, task, agent) === undefined) return;
    before.agentOf[task] = agent;
    before.slotOf[task] = entry.slot;
    before.startMs[task] = entry.start_ms;
  });
  return { before, price };
}

/** What staying near came to. @param base what the chain found without looking at the plan before */
export function stayReport(
  { plan: before, price }: StayRequest,
  base: ChainOutcome,
  instance: Instance,
  plan: Assignment,
): StayReport {
  const first = base.goals[base.firstIndex]!;
  const [value, without] = [first.evaluate(plan), base.plan === null ? null : first.evaluate(base.plan)];
  const isWorse = without !== null && (first.sense === "min" ? value < without : value > without);
  const moved = placesBefore(before, instance, plan).filter(({ from_agent_id: from, to_agent_id: to }) => from !== to);
  return { price, value_without: isWorse ? value : without, tasks_moved: moved.length, moved };
}
