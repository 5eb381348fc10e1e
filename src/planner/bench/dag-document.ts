import type { OptionsDocument } from "../../domain/index.js";
import type { EstimateDocument, ProblemDocument } from "../../domain/schemas/index.js";
import type { DrawnDag } from "./generate-dag.js";
import { paddedId } from "./to-document.js";

/** Deadlines of the tasks, milliseconds, Infinity where there is none; options beyond the load limit. */
interface DagRules {
  readonly deadlineMs?: Float64Array;
  readonly options: OptionsDocument;
}

/** A wave with dependencies as a problem document: certain success, no retries, no load limit, no deferral. O(pairs + dependencies) */
export function dagDocument(dag: DrawnDag, { deadlineMs, options }: DagRules): ProblemDocument {
  const { numTasks, numAgents, slots, busyMs, dependsOn } = dag;
  const agentIds = Array.from(slots, (_, agent) => paddedId("agent", agent, numAgents));
  const taskIds = Array.from({ length: numTasks }, (_, task) => paddedId("task", task, numTasks));
  return {
    schema_version: 1,
    agents: agentIds.map((agent_id, agent) => ({ agent_id, slots: slots[agent]! })),
    tasks: taskIds.map((task_id, task) => {
      const own = busyMs.subarray(task * numAgents, (task + 1) * numAgents);
      const eligible = agentIds.filter((_, agent) => !Number.isNaN(own[agent]!));
      const deadline = deadlineMs?.[task] ?? Infinity;
      return {
        ...{ task_id, risk_level: "LOW" as const, confidence: 0.9 },
        ...(dependsOn[task]!.length > 0 && { depends_on: dependsOn[task]!.map((other) => taskIds[other]!) }),
        ...(deadline < Infinity && { deadline_ms: deadline }),
        ...(eligible.length < numAgents && { eligible_agents: eligible }),
        estimates: Object.fromEntries(
          agentIds.flatMap((agentId, agent) => (Number.isNaN(own[agent]!) ? [] : [[agentId, certain(own[agent]!)]])),
        ) as Record<string, EstimateDocument>,
      };
    }),
    options: { load_limit: "none", no_defer: true, ...options },
  };
}

function certain(durationMs: number): EstimateDocument {
  return { success_probability: 1, duration_ms: durationMs, retries: 0, confidence_delta: 0, cost: 0 };
}
