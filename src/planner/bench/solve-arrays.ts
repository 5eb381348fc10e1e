import type { InstanceArrays } from "../../../models/index.js";
import { solve } from "../solve/solve.js";
import type { ArrayProblem } from "./bench-instance.js";

interface SolveArraysSettings {
  readonly timeLimitMs: number;
  readonly workLimit?: number;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

/** What a solver says of an instance in arrays; its value is not asked for, it is counted from the assignment. */
interface ArrayAnswer {
  /** Agent of each task; null where none was found. */
  readonly agentOf: Int32Array | null;
  /** Proven bound on the goal, null where there is none. */
  readonly bound: number | null;
}

/** The solver of instances in arrays, handed in by whoever measures. */
export type SolveArrays = (problem: ArrayProblem, settings: SolveArraysSettings) => Promise<ArrayAnswer>;

/** An instance in arrays as a caller of the library would write it. */
export function asInstanceArrays({ strategy, assignment }: ArrayProblem): InstanceArrays {
  const { numTasks, numAgents, pairStart, pairAgent, use, cost, capacity } = assignment;
  const limits = strategy === "minimize_cost" ? { cost, capacityMs: capacity } : {};
  return { numTasks, numAgents, pairStart, pairAgent, busyMs: use, ...limits, noDefer: true };
}

/** Ours, asked as any caller of the library would. */
export const solveBenchArrays: SolveArrays = async (problem, settings) => {
  const options = { strategy: problem.strategy, ...settings };
  const { agentOf, objective } = await solve(asInstanceArrays(problem), options);
  return { agentOf, bound: objective.bound };
};
