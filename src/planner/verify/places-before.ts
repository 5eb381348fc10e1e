import { type Assignment, DEFERRED, type Instance } from "../../../models/index.js";
import type { MovedTask } from "../../domain/index.js";

/** A plan to stay near: who had which task, on which slot, from when. */
export interface PlanBefore {
  readonly schedule: readonly {
    readonly task_id: string;
    readonly agent_id: string;
    readonly slot: number;
    readonly start_ms: number;
  }[];
}

/** Where a plan before has each task of this wave that it places, and where this plan has it. */
export function placesBefore({ schedule }: PlanBefore, instance: Instance, plan: Assignment): MovedTask[] {
  const agentBefore = new Map(schedule.map(({ task_id, agent_id }) => [task_id, agent_id]));
  return instance.taskIds.flatMap((taskId, task) => {
    const from = agentBefore.get(taskId);
    if (from === undefined) return [];
    const agent = plan.agentOf[task]!;
    const to = agent === DEFERRED ? null : instance.agentIds[agent]!;
    return [{ task_id: taskId, from_agent_id: from, to_agent_id: to }];
  });
}
