import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";

/**
 * Waits until the pipes of a command that has ended are closed, or for a while: a child of it may hold them for ever. What is in them by
 * then has been read: where this process stood still, the time is over before it has looked at them once.
 */
export async function waitForPipes(closed: Promise<unknown>, graceMs: number): Promise<void> {
  await Promise.race([closed, sleep(graceMs)]);
  await nextTurn();
}
