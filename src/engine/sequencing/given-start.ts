import type { Random } from "../../domain/index.js";
import { dispatchOrders } from "./dispatch.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** An assignment from elsewhere, from which a search begins. */
export interface GivenStart {
  /** The pair of each task. */
  readonly pairOf: Int32Array;
  /** The slot of each task, on the agent of its pair; where this is missing, tasks take the slot that is free first. */
  readonly slotOf?: Int32Array;
}

/** Orders that keep a given assignment, from dispatching in order of time: the first without noise, the others with noisy tails. */
export function* dispatchStart(
  problem: SequencingProblem,
  { pairOf, slotOf }: GivenStart,
  delivery: Float64Array,
  random: Random,
): Generator<TaskOrder, never, void> {
  const fixed = withFixedPairs(problem, pairOf, slotOf);
  const prices = new Float64Array(fixed.numAgents).fill(1);
  const orders = dispatchOrders(fixed, delivery, prices, random);
  for (;;) {
    const { order, slotOf: slots } = orders.next().value;
    yield { order, pairOf: pairOf.slice(), slotOf: slots };
  }
}

/** The same problem where each task has its given pair alone; with given slots every slot is an agent of its own. */
function withFixedPairs(problem: SequencingProblem, pairOf: Int32Array, slotOf?: Int32Array): SequencingProblem {
  const { numTasks, numSlots, slotAgent, availableFromMs, pairAgent, busyMs } = problem;
  const busy = Float64Array.from(pairOf, (pair) => busyMs[pair]!);
  const slots = Int32Array.from({ length: numSlots + 1 }, (_, slot) => slot);
  const slotsAreAgents = {
    ...{ numAgents: numSlots, slotStart: slots, slotAgent: slots.subarray(0, numSlots) },
    availableFromMs: Float64Array.from(slotAgent, (agent) => availableFromMs[agent]!),
  };
  return {
    ...problem,
    ...(slotOf === undefined ? {} : slotsAreAgents),
    pairStart: Int32Array.from({ length: numTasks + 1 }, (_, task) => task),
    pairAgent: slotOf ?? pairOf.map((pair) => pairAgent[pair]!),
    ...{ busyMs: busy, leastBusyMs: busy, absences: null, pools: null, limits: null },
  };
}
