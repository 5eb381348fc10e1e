import { solveWithLpSolver } from "../../src/engine/exact/lp-solver-adapter.js";
import { adaptedRunner, versionOf } from "./adapted.js";
import type { TimedRunner } from "./runner.js";

/** javascript-lp-solver. */
export function load(): Promise<TimedRunner> {
  const version = versionOf("javascript-lp-solver", "javascript-lp-solver");
  return Promise.resolve(adaptedRunner("lp-solver", version, solveWithLpSolver));
}
