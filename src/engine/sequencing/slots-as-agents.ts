import { buildSequencingProblem, type SequencingProblem } from "./sequencing-problem.js";

/** The same problem with an agent for each slot, which has one slot, so that choosing an agent chooses the slot. */
export interface SlotProblem {
  readonly problem: SequencingProblem;
  /** The pair of the original problem for each pair. */
  readonly originalPair: Int32Array;
}

/** O(pairs · slots). */
export function withSlotsAsAgents(original: SequencingProblem): SlotProblem {
  const { numTasks, numSlots, slotStart, slotAgent, pairStart, pairAgent, busyMs } = original;
  const [starts, agents, originalPair] = [[0], [] as number[], [] as number[]];
  const dependencies: [number, number][] = [];
  for (let task = 0; task < numTasks; task++) {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const agent = pairAgent[pair]!;
      for (let slot = slotStart[agent]!; slot < slotStart[agent + 1]!; slot++) {
        agents.push(slot);
        originalPair.push(pair);
      }
    }
    starts.push(agents.length);
    for (let k = original.predecessorStart[task]!; k < original.predecessorStart[task + 1]!; k++) {
      dependencies.push([original.predecessors[k]!, task]);
    }
  }
  const problem = buildSequencingProblem({
    ...{ numTasks, numAgents: numSlots, pairStart: starts, pairAgent: agents, dependencies },
    busyMs: originalPair.map((pair) => busyMs[pair]!),
    agentSlots: new Int32Array(numSlots).fill(1),
    availableFromMs: Float64Array.from(slotAgent, (agent) => original.availableFromMs[agent]!),
    ...{ releaseMs: original.releaseMs, deadlineMs: original.deadlineMs },
  });
  return { problem, originalPair: Int32Array.from(originalPair) };
}
