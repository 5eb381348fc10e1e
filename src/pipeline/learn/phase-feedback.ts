import { recordOf } from "../../domain/index.js";
import type { Phase16Feedback, Phase18Feedback } from "../../domain/schemas/index.js";
import { clamp } from "../measure/accuracy.js";
import { totalAgents, utilizationOf } from "../measure/agent-stats.js";
import type { HeuristicCounts } from "../measure/heuristic-weights.js";
import type { WaveStats } from "../measure/measured-wave.js";

/** What the applications of each heuristic came to, for Phase 16. */
export function performanceRows(counts: HeuristicCounts): Phase16Feedback["heuristic_performance"] {
  const rows = Object.entries(counts).map(([id, { applications, successes }]) => {
    const rate = applications === 0 ? null : successes / applications;
    return [id, { applications, successes, success_rate: rate }] as const;
  });
  return Object.fromEntries(rows);
}

/** What each agent was planned to do and did over all waves, for Phase 18. */
export function agentRows(waves: readonly WaveStats[]): Phase18Feedback["agent_performance"] {
  const rows = totalAgents(waves).map((agent) => {
    const { agentId, tasks, successes, plannedTasks, plannedSuccesses } = agent;
    const row = {
      tasks,
      planned_success_rate: plannedTasks === 0 ? null : clamp(plannedSuccesses / plannedTasks, 0, 1),
      actual_success_rate: tasks === 0 ? null : successes / tasks,
      utilization: utilizationOf(agent),
    };
    return [agentId, row] as const;
  });
  return recordOf(rows);
}
