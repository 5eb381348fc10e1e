import type { EstimateDocument, ProblemDocument } from "../../domain/schemas/index.js";
import type { ArrayProblem } from "./bench-instance.js";

/** `agent_07` of 12: padded, so that ids ascend as indices do. */
export function paddedId(word: string, index: number, count: number): string {
  return `${word}_${String(index).padStart(String(count - 1).length, "0")}`;
}

/**
 * Arrays as a problem document: cost = cost, duration = use with no retries, capacity_ms = capacity, no deferral, no load limit.
 * Every agent must be eligible for every task: a document says ineligible by skills only. O(pairs).
 *
 * @throws RangeError where a pair is missing
 */
export function toDocument({ strategy, assignment }: ArrayProblem): ProblemDocument {
  const { numTasks, numAgents, pairStart, use, cost, capacity } = assignment;
  if (use.length !== numTasks * numAgents) throw new RangeError("only dense instances become documents");
  const agentIds = Array.from({ length: numAgents }, (_, agent) => paddedId("agent", agent, numAgents));
  return {
    schema_version: 1,
    agents: agentIds.map((agent_id, agent) => {
      const limit = capacity[agent]!;
      return limit === Infinity ? { agent_id } : { agent_id, capacity_ms: limit };
    }),
    tasks: Array.from({ length: numTasks }, (_, task) => ({
      task_id: paddedId("task", task, numTasks),
      risk_level: "LOW" as const,
      confidence: 0.9,
      estimates: Object.fromEntries(
        agentIds.map((agentId, agent): [string, EstimateDocument] => {
          const pair = pairStart[task]! + agent;
          return [agentId, certainEstimate(use[pair]!, cost[pair]!)];
        }),
      ),
    })),
    options: { strategy, load_limit: "none", no_defer: true },
  };
}

function certainEstimate(durationMs: number, cost: number): EstimateDocument {
  return { success_probability: 1, duration_ms: durationMs, retries: 0, confidence_delta: 0, cost };
}
