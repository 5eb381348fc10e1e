import type { Assignment, Instance } from "../../../models/index.js";
import { recordOf } from "../../domain/index.js";
import { type OrderedWave, scheduleWave } from "../../planner/index.js";

/**
 * The best order of every agent's tasks, slot by slot: dependencies, H16_001 buckets, deadlines (EDD), then weight over
 * duration (WSPT), as far as hard deadlines allow. By agent id; deferred tasks are left out. O(n log n).
 *
 * @throws ModelError where the plan is not one of this instance
 */
export function optimizeTaskOrdering(
  wave: OrderedWave,
  instance: Instance,
  plan: Assignment,
): Record<string, readonly (readonly string[])[]> {
  const { slotSequences } = scheduleWave(wave, instance, plan);
  return recordOf(
    instance.agentIds.map((agentId, agent) => [
      agentId,
      slotSequences[agent]!.map((tasks) => tasks.map((task) => instance.taskIds[task]!)),
    ]),
  );
}
