import type { Agent } from "../../domain/index.js";

/** When an agent is there. */
export type Presence = Pick<Agent, "availableFromMs" | "availableUntilMs" | "unavailable">;

/**
 * Earliest end of work of that length on an agent that starts no sooner than `readyMs`: after its arrival, before it leaves and
 * outside its absences. Infinity where it fits nowhere. O(absences).
 */
export function earliestEndMs(agent: Presence, readyMs: number, busyMs: number): number {
  let startMs = Math.max(readyMs, agent.availableFromMs);
  for (const [fromMs, toMs] of agent.unavailable) {
    if (startMs + busyMs <= fromMs) break;
    startMs = Math.max(startMs, toMs);
  }
  const endMs = startMs + busyMs;
  return endMs <= (agent.availableUntilMs ?? Infinity) ? endMs : Infinity;
}
