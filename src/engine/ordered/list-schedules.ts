import { type Assignment, type Instance } from "../../../models/index.js";
import { PlanState } from "../search/plan-state.js";
import { EarliestHeap } from "../sequencing/earliest-heap.js";
import { isReady, WaveTimeline } from "./wave-timeline.js";

/**
 * HEFT (Topcuoglu, Hariri, Wu, IEEE Trans. Parallel Distrib. Syst. 13, 2002) without communication: tasks by their upward rank, the mean
 * busy time of the longest path from them to an end, each on the slot that ends it first, in a gap where one is long enough. What no agent
 * can end in time is deferred, with what waits for it. Yields after every task. O(pairs · slots · tasks of a slot).
 */
export function* planByHeft(instance: Instance): Generator<void, Assignment> {
  const { state, timeline } = emptyPlan(instance);
  const rank = longestPaths(instance, (own) => own.reduce((sum, busy) => sum + busy, 0) / own.length);
  // A rank exceeds those of all that wait, so the order keeps dependencies.
  const order = Array.from(rank.keys()).sort((a, b) => rank[b]! - rank[a]! || a - b);
  for (const task of order) {
    placeEarliest(state, timeline, task);
    yield;
  }
  return { ...state.snapshot(), startMs: timeline.startMs };
}

/**
 * List scheduling by tails (Graham, SIAM J. Appl. Math. 17, 1969; critical path first): of the tasks that can start earliest the one with
 * the longest path of least busy times behind it, on the slot that ends it first. A start can only move later while other tasks are placed, so a task
 * whose start has moved goes back to the heap. Yields after every try. O(pairs · slots · tasks of a slot) per
 * round; where many tasks wait for few slots there are as many rounds as tasks.
 */
export function* planByTails(instance: Instance): Generator<void, Assignment> {
  const { state, timeline } = emptyPlan(instance);
  const tail = longestPaths(instance, (own) => own.reduce((least, busy) => Math.min(least, busy), Infinity));
  const numOpen = Int32Array.from({ length: instance.numTasks }, (_, task) => {
    return instance.dependsStart[task + 1]! - instance.dependsStart[task]!;
  });
  const dependents = dependentsOf(instance);
  const heap = new EarliestHeap(instance.numTasks);
  const push = (task: number, startMs: number): void => heap.push(task, startMs, -tail[task]!);
  for (let task = 0; task < instance.numTasks; task++) if (numOpen[task] === 0) push(task, 0);
  while (heap.size > 0) {
    yield;
    const key = heap.leastKey;
    const task = heap.pop();
    const place = isReady(state, task) ? timeline.earliestOfAll(state, task) : null;
    if (place !== null && place.startMs > key) {
      push(task, place.startMs);
      continue;
    }
    if (place !== null) {
      state.place(place.pair, place.slot);
      timeline.book(place);
    }
    for (const dependent of dependents[task]!) if (--numOpen[dependent]! === 0) push(dependent, 0);
  }
  return { ...state.snapshot(), startMs: timeline.startMs };
}

function emptyPlan(instance: Instance): { readonly state: PlanState; readonly timeline: WaveTimeline } {
  return { state: new PlanState(instance, []), timeline: new WaveTimeline(instance) };
}

function placeEarliest(state: PlanState, timeline: WaveTimeline, task: number): void {
  const place = isReady(state, task) ? timeline.earliestOfAll(state, task) : null;
  if (place === null) return;
  state.place(place.pair, place.slot);
  timeline.book(place);
}

/** Longest path from every task to an end, its own time included; `timeOf` its busy times. Tasks without a pair take no time. */
function longestPaths(instance: Instance, timeOf: (own: Float64Array) => number): Float64Array {
  const { numTasks, pairStart, busyMs } = instance;
  const dependents = dependentsOf(instance);
  const numOpen = Int32Array.from(dependents, (list) => list.length);
  const path = new Float64Array(numTasks);
  const ready = Array.from(numOpen.keys()).filter((task) => numOpen[task] === 0);
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    const own = busyMs.subarray(pairStart[task]!, pairStart[task + 1]!);
    path[task]! += own.length === 0 ? 0 : timeOf(own);
    for (let d = instance.dependsStart[task]!; d < instance.dependsStart[task + 1]!; d++) {
      const before = instance.dependsOn[d]!;
      path[before] = Math.max(path[before]!, path[task]!);
      if (--numOpen[before]! === 0) ready.push(before);
    }
  }
  return path;
}

function dependentsOf({ numTasks, dependsStart, dependsOn }: Instance): number[][] {
  const dependents = Array.from({ length: numTasks }, (): number[] => []);
  for (let task = 0; task < numTasks; task++) {
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) dependents[dependsOn[d]!]!.push(task);
  }
  return dependents;
}
