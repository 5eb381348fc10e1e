import type { AppliedLimits } from "../../engine/index.js";
import { replicationsFor } from "../forecast/simulate-schedule.js";

/** How much slower than an ordinary idle machine this one is believed to be, at most. */
const MOST_SLOWNESS = 4;

/**
 * What the work after the search takes about: a schedule, its simulation and the document. Measured on an ordinary idle
 * machine, with a margin, times how much longer than there the work before the search took: a busy machine is as slow after
 * the search as before it, and so is code that runs for the first time.
 *
 * @param preparingMs what instance, hash and load limits took
 */
export function closingMs({ instance, referenceMakespanMs }: AppliedLimits, preparingMs: number): number {
  const { numTasks, numPairs } = instance;
  const usualMs = 3 + 3e-4 * replicationsFor(numTasks) * numTasks + 3e-4 * numPairs;
  const usualPreparingMs = 3 + 2.2e-3 * numPairs + (referenceMakespanMs === null ? 0 : referenceMs(numPairs));
  return usualMs * Math.min(MOST_SLOWNESS, Math.max(1, preparingMs / usualPreparingMs));
}

/** What the reference plan of the load limits takes about: it has moves by the pair, up to a number. */
function referenceMs(numPairs: number): number {
  return Math.min(0.015 * numPairs, 50) + 8e-4 * numPairs;
}
