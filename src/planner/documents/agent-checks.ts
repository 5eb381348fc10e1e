import { type Agent, InputError, LARGEST } from "../../domain/index.js";

/**
 * Whether an agent is there at any time.
 *
 * @param locate where a field of the agent stands, for the message
 * @throws InputError where it leaves before it comes, or is away all the time
 */
export function checkPresence(agent: Agent, locate: (field: string) => string): void {
  const { availableFromMs, availableUntilMs } = agent;
  const leavesMs = availableUntilMs ?? LARGEST;
  if (leavesMs < availableFromMs) {
    throw new InputError(
      locate("available_until_ms"),
      `${leavesMs} is before available_from_ms, ${availableFromMs}; let it leave after it comes`,
    );
  }
  if (leavesMs === availableFromMs) return;
  if (agent.unavailable.some(([fromMs, toMs]) => fromMs <= availableFromMs && toMs >= leavesMs)) {
    const end = availableUntilMs === null ? "the end" : `${leavesMs} ms`;
    throw new InputError(
      locate("unavailable"),
      `it is away from ${availableFromMs} ms to ${end}, all of its time; leave the agent out or shorten an absence`,
    );
  }
}
