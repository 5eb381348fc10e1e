import type { Random } from "../../domain/random.js";
import { EarliestHeap } from "./earliest-heap.js";
import { pathTimes } from "./path-times.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Weights of time lost on a slower agent, tried in turn. */
const LOSS_WEIGHTS = [0.5, 0, 1, 0.25, 2];
/** Largest share by which a noisy restart lengthens the tail of a task. */
const TAIL_NOISE = 0.3;

interface DispatchRule {
  /** Of tasks that can start at the same time the one with the longest tail goes first. */
  readonly tail: Float64Array;
  /** The agent minimises end + lossWeight · (busy time − least busy time). */
  readonly lossWeight: number;
}

/**
 * Orders from dispatching in order of time, the first without noise, the others with noisy tails; `delivery` lengthens the tails.
 * Each takes O(pairs · log tasks).
 */
export function* dispatchOrders(
  problem: SequencingProblem,
  delivery: Float64Array,
  random: Random,
): Generator<TaskOrder, never, void> {
  const { tail } = pathTimes(problem, { busy: meanBusy(problem), delivery });
  for (let k = 0; ; k++) {
    const lossWeight = LOSS_WEIGHTS[k % LOSS_WEIGHTS.length]!;
    const noisy = k === 0 ? tail : tail.map((length) => length * (1 + TAIL_NOISE * (random.unit() - 0.5)));
    yield dispatch(problem, { tail: noisy, lossWeight });
  }
}

function meanBusy({ numTasks, pairStart, busyMs }: SequencingProblem): Float64Array {
  return Float64Array.from({ length: numTasks }, (_, task) => {
    const busy = busyMs.subarray(pairStart[task]!, pairStart[task + 1]!);
    return busy.reduce((sum, one) => sum + one, 0) / busy.length;
  });
}

/** Places tasks in order of their earliest starts, each on the agent that the rule prefers. */
function dispatch(problem: SequencingProblem, { tail, lossWeight }: DispatchRule): TaskOrder {
  const { numTasks, numSlots, slotAgent, availableFromMs, pairStart, busyMs, leastBusyMs, releaseMs } = problem;
  const { predecessorStart, successorStart, successors } = problem;
  const slotFree = Float64Array.from({ length: numSlots }, (_, slot) => availableFromMs[slotAgent[slot]!]!);
  const ready = releaseMs.slice();
  const numWaiting = Int32Array.from({ length: numTasks }, (_, i) => predecessorStart[i + 1]! - predecessorStart[i]!);
  const [order, pairOf, slotOf] = [new Int32Array(numTasks), new Int32Array(numTasks), new Int32Array(numTasks)];
  const heap = new EarliestHeap(numTasks);
  for (let task = 0; task < numTasks; task++) if (numWaiting[task] === 0) heap.push(task, ready[task]!, -tail[task]!);
  for (let size = 0; size < numTasks;) {
    const key = heap.leastKey;
    const task = heap.pop();
    let [bestPair, bestSlot, bestScore, bestEnd, earliest] = [-1, -1, Infinity, Infinity, Infinity];
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) {
      const slot = earliestSlot(problem, pair, slotFree);
      const start = Math.max(ready[task]!, slotFree[slot]!);
      const busy = busyMs[pair]!;
      const score = start + busy + lossWeight * (busy - leastBusyMs[task]!);
      earliest = Math.min(earliest, start);
      if (score < bestScore) [bestPair, bestSlot, bestScore, bestEnd] = [pair, slot, score, start + busy];
    }
    // Slots only fill up, so that keys only rise: the task waits its turn again.
    if (earliest > key) {
      heap.push(task, earliest, -tail[task]!);
      continue;
    }
    slotFree[bestSlot] = bestEnd;
    [pairOf[task], slotOf[task]] = [bestPair, bestSlot];
    order[size++] = task;
    for (let k = successorStart[task]!; k < successorStart[task + 1]!; k++) {
      const next = successors[k]!;
      ready[next] = Math.max(ready[next]!, bestEnd);
      if (--numWaiting[next]! === 0) heap.push(next, ready[next]!, -tail[next]!);
    }
  }
  return { order, pairOf, slotOf };
}

/** The slot of the pair's agent that is free first; of empty ones the first. */
export function earliestSlot(problem: SequencingProblem, pair: number, slotFree: Float64Array): number {
  const { slotStart, pairAgent, availableFromMs } = problem;
  const agent = pairAgent[pair]!;
  let best = slotStart[agent]!;
  for (let slot = best; slot < slotStart[agent + 1]!; slot++) {
    if (slotFree[slot]! < slotFree[best]!) best = slot;
    if (slotFree[best] === availableFromMs[agent]) break;
  }
  return best;
}
