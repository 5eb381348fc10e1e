import { setMaxListeners } from "node:events";
import type { PlannedTaskRecord, WaveAgent } from "../../domain/index.js";
import { Dispatcher } from "./dispatcher.js";
import type { ExecutionSettings, WaveExecution } from "./settings.js";
import { VirtualTime, WallTime } from "./timekeeper.js";
import { planSlots } from "./wave-plan.js";

/**
 * Runs one planned wave. Each slot follows its planned sequence: it waits for the predecessors of its next task; a task
 * whose predecessor failed or was not started is skipped as soon as that is known, and takes no time. A failed attempt
 * goes to the policy, and what it decides starts at once. In virtual time nobody waits; in wall time (an executor's
 * default) slots run side by side. An executor that throws, hangs or answers rubbish has failed that attempt, and the
 * wave goes on; in virtual time such an attempt takes the expected duration. O(attempts · slots).
 *
 * @throws ModelError where the plan is contradictory or the policy breaks its own bounds
 */
export async function executeWave(
  planned: readonly PlannedTaskRecord[],
  agents: readonly WaveAgent[],
  settings: ExecutionSettings,
): Promise<WaveExecution> {
  const slots = planSlots(planned, agents);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort(settings.signal?.reason);
  // One listener an attempt under way is meant, not a leak.
  setMaxListeners(0, interruption.signal);
  settings.signal?.addEventListener("abort", interrupt, { once: true });
  if (settings.signal?.aborted) interrupt();
  const isVirtual = settings.executor.time === "virtual";
  const beginsAtMs = settings.journal?.adopted?.elapsedMs ?? 0;
  const time = isVirtual ? new VirtualTime(beginsAtMs) : new WallTime(settings.clock, interruption.signal, beginsAtMs);
  try {
    return await new Dispatcher({ planned, agents, slots }, settings, time, interruption.signal).run();
  } finally {
    settings.signal?.removeEventListener("abort", interrupt);
    // Where an error of ours ended the wave, nothing of it stays behind.
    interruption.abort();
  }
}
