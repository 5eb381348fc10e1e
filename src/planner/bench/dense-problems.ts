import type { GeneralizedAssignment } from "../../engine/index.js";
import type { ArrayProblem } from "./bench-instance.js";

/** Index sets of an instance in which every agent can take every task. O(tasks · agents). */
export function densePairs(
  numTasks: number,
  numAgents: number,
): Pick<GeneralizedAssignment, "numTasks" | "numAgents" | "pairStart" | "pairAgent"> {
  return {
    numTasks,
    numAgents,
    pairStart: Int32Array.from({ length: numTasks + 1 }, (_, task) => task * numAgents),
    pairAgent: Int32Array.from({ length: numTasks * numAgents }, (_, pair) => pair % numAgents),
  };
}

/** R‖Cmax from its busy times: no costs, no capacities. */
export function throughputProblem(
  pairs: Omit<ArrayProblem["assignment"], "cost" | "capacity">,
): ArrayProblem & { readonly strategy: "maximize_throughput" } {
  const cost = new Float64Array(pairs.use.length);
  const capacity = new Float64Array(pairs.numAgents).fill(Infinity);
  return { strategy: "maximize_throughput", assignment: { ...pairs, cost, capacity } };
}

/** Every agent takes as long: P‖Cmax as R‖Cmax. O(tasks · agents). */
export function identicalAgents(times: Float64Array, numAgents: number): ArrayProblem {
  const pairs = densePairs(times.length, numAgents);
  const use = Float64Array.from(pairs.pairAgent, (_, pair) => times[Math.floor(pair / numAgents)]!);
  return throughputProblem({ ...pairs, use });
}
