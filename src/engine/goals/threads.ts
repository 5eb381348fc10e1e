import { closeEngine, prewarmEngine } from "../prove/goal-pool.js";
import * as solvers from "../exact/registry.js";

/** Ends the worker threads of the engine and of all solvers. */
export async function closeSolvers(): Promise<void> {
  await Promise.all([closeEngine(), solvers.closeSolvers()]);
}

/** Starts the threads that a solve will need, so that they load while the input is read. */
export function prewarm(numThreads = 1): void {
  prewarmEngine(numThreads);
  solvers.prewarm();
}
