import type { AppliedLimits } from "../../engine/index.js";
import { LEAST_DRAWS } from "../forecast/draws-in-time.js";
import { replicationsFor } from "../forecast/simulate-schedule.js";

/** How much slower than an ordinary idle machine this one is believed to be, at most. */
const MOST_SLOWNESS = 4;

/** Share of the time limit that a simulation may ask for; where that is too little for the usual draws, it makes fewer. */
const SIMULATED_SHARE = 0.1;

/** Playing one task once. Measured on an ordinary idle machine, with a margin. */
const PLAY_MS = 3e-4;

/**
 * What the work after the search takes about: a schedule, its simulation and the document, more of each where tasks wait for others. Measured on an ordinary idle
 * machine, with a margin, times how much longer than there the work before the search took: a busy machine is as slow after
 * the search as before it, and so is code that runs for the first time.
 *
 * @param preparingMs what instance and load limits took
 */
export function closingMs(
  { instance, referenceMakespanMs }: AppliedLimits,
  preparingMs: number,
  timeLimitMs: number,
): number {
  const { numTasks, numPairs, dependsOn } = instance;
  const usualPreparingMs = 3 + 6e-4 * numPairs + (referenceMakespanMs === null ? 0 : referenceMs(numPairs));
  const slowness = Math.min(MOST_SLOWNESS, Math.max(1, preparingMs / usualPreparingMs));
  const playsMs = (draws: number): number => slowness * PLAY_MS * draws * numTasks;
  const simulationMs = Math.min(
    playsMs(replicationsFor(numTasks)),
    Math.max(playsMs(LEAST_DRAWS), SIMULATED_SHARE * timeLimitMs),
  );
  const orderMs = dependsOn.length === 0 ? 0 : 0.03 * numTasks + 6e-4 * dependsOn.length;
  return slowness * (documentMs(numTasks) + orderMs + 3e-4 * numPairs) + simulationMs;
}

/** What the document takes about, once the plan was played. Measured, with a margin. */
export function documentMs(numTasks: number): number {
  return 3 + 8e-3 * numTasks;
}

/** What the reference plan of the load limits takes about: it has moves by the pair, up to a number. */
function referenceMs(numPairs: number): number {
  return Math.min(0.015 * numPairs, 50) + 8e-4 * numPairs;
}
