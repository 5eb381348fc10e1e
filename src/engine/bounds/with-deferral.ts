import type { GeneralizedAssignment } from "./generalized-assignment.js";

/**
 * The problem with one more agent, the last, that takes what is left out: it uses the weight of a task and has room for as much
 * as may be deferred. O(pairs).
 *
 * @param room largest weight that may be deferred, Infinity for any
 * @param isCounted whether the deferred weight is the cost, and nothing else is; otherwise deferring costs nothing
 */
export function withDeferral(
  problem: GeneralizedAssignment,
  weight: Float64Array,
  { room, isCounted }: { readonly room: number; readonly isCounted: boolean },
): GeneralizedAssignment {
  const { numTasks, numAgents, pairStart } = problem;
  const numPairs = pairStart[numTasks]! + numTasks;
  const pairAgent = new Int32Array(numPairs);
  const cost = new Float64Array(numPairs);
  const use = new Float64Array(numPairs);
  for (let task = 0; task < numTasks; task++) {
    const [first, last] = [pairStart[task]!, pairStart[task + 1]!];
    pairAgent.set(problem.pairAgent.subarray(first, last), first + task);
    use.set(problem.use.subarray(first, last), first + task);
    if (!isCounted) cost.set(problem.cost.subarray(first, last), first + task);
    pairAgent[last + task] = numAgents;
    use[last + task] = weight[task]!;
    if (isCounted) cost[last + task] = weight[task]!;
  }
  const capacity = new Float64Array(numAgents + 1);
  capacity.set(problem.capacity);
  capacity[numAgents] = room;
  return {
    numTasks,
    numAgents: numAgents + 1,
    pairStart: pairStart.map((start, task) => start + task),
    pairAgent,
    cost,
    use,
    capacity,
  };
}
