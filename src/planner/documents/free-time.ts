import type { Agent } from "../../domain/index.js";

/** When an agent is there. */
export type Presence = Pick<Agent, "availableFromMs" | "availableUntilMs" | "unavailable">;

/**
 * Earliest end of work of that length on an agent that starts no sooner than `readyMs`: after its arrival, before it leaves and
 * outside its absences. Infinity where it fits nowhere. O(absences).
 */
export function earliestEndMs(agent: Presence, readyMs: number, busyMs: number): number {
  const endMs = startOutside(agent.unavailable, Math.max(readyMs, agent.availableFromMs), busyMs) + busyMs;
  return endMs <= (agent.availableUntilMs ?? Infinity) ? endMs : Infinity;
}

/** Earliest start from `readyMs` on of work of that length that reaches into no absence. O(absences). */
export function startOutside(absences: Presence["unavailable"], readyMs: number, busyMs: number): number {
  let startMs = readyMs;
  for (const [fromMs, toMs] of absences) {
    if (startMs + busyMs <= fromMs) break;
    startMs = Math.max(startMs, toMs);
  }
  return startMs;
}
