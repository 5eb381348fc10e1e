import { type Absences, buildSequencingProblem, type SequencingProblem } from "./sequencing-problem.js";

/** The same problem with an agent for each slot, which has one slot, so that choosing an agent chooses the slot. Limits on assignments are left out. */
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
    ...(original.absences === null ? {} : { absences: absencesOfSlots(original.absences, slotAgent) }),
    ...(original.pools === null ? {} : { pools: original.pools }),
  });
  return { problem, originalPair: Int32Array.from(originalPair) };
}

/** The agent's absences for each of its slots. */
function absencesOfSlots({ availableUntilMs, intervalStart, fromMs, toMs }: Absences, slotAgent: Int32Array): Absences {
  const [starts, from, to] = [[0], [] as number[], [] as number[]];
  for (const agent of slotAgent) {
    from.push(...fromMs.subarray(intervalStart[agent]!, intervalStart[agent + 1]!));
    to.push(...toMs.subarray(intervalStart[agent]!, intervalStart[agent + 1]!));
    starts.push(from.length);
  }
  return {
    availableUntilMs: Float64Array.from(slotAgent, (agent) => availableUntilMs[agent]!),
    intervalStart: Int32Array.from(starts),
    fromMs: Float64Array.from(from),
    toMs: Float64Array.from(to),
  };
}
