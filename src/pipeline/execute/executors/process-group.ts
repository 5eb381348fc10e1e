import { kill } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { systemCode } from "../../../domain/index.js";
import { startTokenOf } from "../../files/process-info.js";
import type { ProcessGroup } from "../executor.js";

/** How long a group that is told to end may take before it is killed. */
export const KILL_AFTER_MS = 5_000;
const LOOK_EVERY_MS = 50;

/** Sends a signal to every process of a group; false where there is none any more. */
export function signalGroup(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return kill(-id, signal);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return false;
    // Something lives there that is not ours any more, or that changed its user.
    if (systemCode(error) === "EPERM") return signal === 0;
    throw error;
  }
}

/**
 * Ends a group that a process before us started: TERM, then KILL.
 *
 * @returns whether anything of it was still alive
 */
export async function endGroup(group: ProcessGroup, killAfterMs = KILL_AFTER_MS): Promise<boolean> {
  // The number may belong to somebody else by now; only the start time of its leader tells.
  if (group.startToken === null || startTokenOf(group.id) !== group.startToken) return false;
  if (!signalGroup(group.id, "SIGTERM")) return false;
  for (let waitedMs = 0; waitedMs < killAfterMs; waitedMs += LOOK_EVERY_MS) {
    if (!signalGroup(group.id, 0)) return true;
    await sleep(LOOK_EVERY_MS);
  }
  signalGroup(group.id, "SIGKILL");
  return true;
}
