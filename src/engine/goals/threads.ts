import { prewarmEngine } from "../prove/goal-pool.js";
import * as solvers from "../exact/registry.js";
import { closeAllPools } from "../threads/worker-pool.js";

/** Ends the worker threads of the engine, of all solvers and of what else runs beside. */
export async function closeSolvers(): Promise<void> {
  await closeAllPools();
}

/** Starts the threads that a solve will need, so that they load while the input is read. */
export function prewarm(numThreads = 1): void {
  prewarmEngine(numThreads);
  solvers.prewarm();
}
