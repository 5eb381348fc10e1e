import type { PageAgent } from "../../domain/schemas/index.js";

/** How near the plan comes to the load limits, as the end of a sentence about the chart; of agents without limits nothing is near. */
export function describeLimits(agents: readonly Pick<PageAgent, "agent_id" | "planned_ms" | "limit_ms">[]): string {
  const limited = agents.filter(({ limit_ms }) => limit_ms !== null);
  if (limited.length === 0) return ". No agent has a load limit.";
  const busy = limited.filter(({ planned_ms }) => planned_ms > 0);
  if (busy.length === 0) return "; the mark is its load limit.";
  const full = busy.filter(({ planned_ms, limit_ms }) => limit_ms !== null && planned_ms >= 0.95 * limit_ms);
  const who = limited.length === agents.length ? "every agent" : "every agent that has a load limit";
  const near =
    full.length === 0
      ? `The plan keeps ${who} at least 5 % below it.`
      : `Planned within 5 % of it: ${full.map(({ agent_id }) => agent_id).join(", ")}.`;
  return `; the mark is its load limit. ${near}`;
}
