import { DEFERRED, findPair, type Instance } from "../../../models/index.js";

/** The pair of each task, DEFERRED where it is deferred. O(tasks · pairs of a task). */
export function findPairs(instance: Instance, agentOf: Int32Array): Int32Array {
  return agentOf.map((agent, task) => (agent === DEFERRED ? DEFERRED : findPair(instance, task, agent)!));
}
