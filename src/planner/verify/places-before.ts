import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";
import type { MovedTask, ResultDocument } from "../../domain/index.js";

/** Where a plan before has each task of this wave that it places, and where this plan has it. */
export function placesBefore({ schedule }: ResultDocument, instance: Instance, plan: Assignment): MovedTask[] {
  const agentBefore = new Map(schedule.map(({ task_id, agent_id }) => [task_id, agent_id]));
  return instance.taskIds.flatMap((taskId, task) => {
    const from = agentBefore.get(taskId);
    if (from === undefined) return [];
    const agent = plan.agentOf[task]!;
    const to = agent === DEFERRED ? null : instance.agentIds[agent]!;
    return [{ task_id: taskId, from_agent_id: from, to_agent_id: to }];
  });
}
