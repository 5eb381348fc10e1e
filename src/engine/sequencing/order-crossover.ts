import type { Random } from "../../domain/index.js";
import { earliestSlot } from "./dispatch.js";
import type { TaskOrder } from "./sequence-state.js";
import type { SequencingProblem } from "./sequencing-problem.js";

/** Share of tasks that get a random eligible agent. */
const MUTATION = 0.03;

/** A schedule with the rank of each task in order of starts. */
export interface RankedOrder extends TaskOrder {
  readonly startRank: Int32Array;
}

/** Ranks tasks by start, ties by the given order, so that predecessors always rank first. */
export function rankByStart(order: TaskOrder, startMs: Float64Array): RankedOrder {
  const place = new Int32Array(order.order.length);
  order.order.forEach((task, k) => (place[task] = k));
  const byStart = order.order.slice().sort((a, b) => startMs[a]! - startMs[b]! || place[a]! - place[b]!);
  const startRank = new Int32Array(byStart.length);
  byStart.forEach((task, k) => (startRank[task] = k));
  return { ...order, startRank };
}

/**
 * A child of two schedules: tasks in order of a weighted mean of their ranks, which respects every dependency that both do; each
 * task's agent from either parent, or a random one; slots by appending to the one that is free first. O(tasks · log tasks).
 */
export function crossOrders(
  problem: SequencingProblem,
  mother: RankedOrder,
  father: RankedOrder,
  random: Random,
): TaskOrder {
  const { numTasks, pairStart, pairAgent, busyMs, slotAgent, availableFromMs, releaseMs } = problem;
  const { predecessorStart, predecessors } = problem;
  const share = random.unit();
  const key = mother.startRank.reduce(
    (keys, rank, task) => keys.fill(share * rank + (1 - share) * father.startRank[task]!, task, task + 1),
    new Float64Array(numTasks),
  );
  // Where both keys are equal, the mother's rank decides: it is a topological order too.
  const order = mother.order.slice().sort((a, b) => key[a]! - key[b]! || mother.startRank[a]! - mother.startRank[b]!);
  const [pairOf, slotOf] = [new Int32Array(numTasks), new Int32Array(numTasks)];
  const slotFree = Float64Array.from(slotAgent, (agent) => availableFromMs[agent]!);
  const end = new Float64Array(numTasks);
  for (const task of order) {
    const [from, to] = [pairStart[task]!, pairStart[task + 1]!];
    const inherited = random.below(2) === 0 ? mother.pairOf[task]! : father.pairOf[task]!;
    const pair = random.unit() < MUTATION ? from + random.below(to - from) : inherited;
    const slot = earliestSlot(problem, pair, slotFree);
    let start = Math.max(releaseMs[task]!, slotFree[slot]!, availableFromMs[pairAgent[pair]!]!);
    for (let k = predecessorStart[task]!; k < predecessorStart[task + 1]!; k++) {
      start = Math.max(start, end[predecessors[k]!]!);
    }
    end[task] = start + busyMs[pair]!;
    slotFree[slot] = end[task]!;
    [pairOf[task], slotOf[task]] = [pair, slot];
  }
  return { order, pairOf, slotOf };
}

/** How much two schedules differ: tasks on other agents, and the mean shift in rank. */
export function orderDistance(one: RankedOrder, other: RankedOrder): number {
  const numTasks = one.startRank.length;
  let [numMoved, shift] = [0, 0];
  for (let task = 0; task < numTasks; task++) {
    if (one.pairOf[task] !== other.pairOf[task]) numMoved++;
    shift += Math.abs(one.startRank[task]! - other.startRank[task]!);
  }
  return numMoved + shift / numTasks;
}
