import { type FullProblem, recordOf } from "../../../domain/index.js";
import type { JournalOf } from "../../../domain/schemas/index.js";

/** What a page shows of the problem that was planned: when agents are away, and deadlines. Fields without any are absent. */
export function planFacts({
  agents,
  tasks,
}: Pick<FullProblem, "agents" | "tasks">): Pick<JournalOf<"plan_chosen">, "absences" | "deadlines"> {
  const absences = agents
    .filter((agent) => agent.availableFromMs > 0 || agent.unavailable.length > 0 || agent.availableUntilMs !== null)
    .map(({ agentId, availableFromMs, unavailable, availableUntilMs }) => ({
      ...{ agent_id: agentId, available_from_ms: availableFromMs, available_until_ms: availableUntilMs },
      unavailable: unavailable.map(([from, until]): [number, number] => [from, until]),
    }));
  const timed = tasks.flatMap(({ taskId, deadlineMs }) => (deadlineMs === null ? [] : [[taskId, deadlineMs] as const]));
  return {
    ...(absences.length > 0 && { absences }),
    ...(timed.length > 0 && { deadlines: recordOf(timed) }),
  };
}
