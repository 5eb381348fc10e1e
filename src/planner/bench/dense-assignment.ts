import type { GeneralizedAssignment } from "../../engine/index.js";

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
