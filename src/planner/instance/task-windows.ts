import { isWithin } from "../../../models/index.js";
import type { FullProblem } from "../../domain/index.js";
import { earliestEndMs } from "../documents/free-time.js";
import { type Dependencies, topologicalOrder } from "./topological-order.js";

/** Stands for a task where only the task itself decides. */
export const NO_TASK = -1;

/** Between what times each task can run, whatever else is planned. */
export interface TaskWindows {
  /** Head: earliest start by the release of the task and by its predecessors with their least busy times, milliseconds. */
  readonly headMs: Float64Array;
  /** The predecessor that decides the head; NO_TASK where it is the release. */
  readonly headFrom: Int32Array;
  /** Earliest end on the best of its agents, whatever its latest; Infinity where it fits on none. */
  readonly endMs: Float64Array;
  /** Latest end: the deadline and, where every task must be placed, the time that its followers leave. */
  readonly latestMs: Float64Array;
  /** The follower that decides the latest end; NO_TASK where it is the deadline. */
  readonly latestFrom: Int32Array;
  /** 1 where no plan can place the task: it is held back, waits for such a task, or no agent can take it in time. */
  readonly cannotRun: Uint8Array;
  /** By pair: 1 where it can end in time. */
  readonly fits: Uint8Array;
}

/** Pairs before anything of order is known, and what the tasks wait for. */
export interface OrderedPairs extends Dependencies {
  readonly numPairs: number;
  readonly pairStart: Int32Array;
  readonly pairAgent: Int32Array;
  readonly busyMs: Float64Array;
  /** 1 where the task is held back or waits for an unfinished one of an earlier wave. */
  readonly isBlocked: Uint8Array;
}

/**
 * Heads by a pass along the dependencies, latest ends by a pass against them. A deadline reaches back only over followers that must
 * be placed: else a task would lose its place for one that can be deferred. O(pairs · absences + dependencies), in slices.
 */
export function* windowSteps(
  problem: FullProblem,
  pairs: OrderedPairs,
  mustPlaceAll: boolean,
): Generator<void, TaskWindows> {
  const numTasks = problem.tasks.length;
  const windows: TaskWindows = {
    headMs: Float64Array.from(problem.tasks, ({ releaseMs }) => releaseMs),
    headFrom: new Int32Array(numTasks).fill(NO_TASK),
    endMs: new Float64Array(numTasks).fill(Infinity),
    latestMs: Float64Array.from(problem.tasks, ({ deadlineMs }) => deadlineMs ?? Infinity),
    latestFrom: new Int32Array(numTasks).fill(NO_TASK),
    // Tasks of a cycle stay so; the documents' checks refuse them.
    cannotRun: new Uint8Array(numTasks).fill(1),
    fits: new Uint8Array(pairs.numPairs),
  };
  yield;
  const order = topologicalOrder(pairs);
  yield;
  if (mustPlaceAll) reachBack(order, pairs, windows);
  yield;
  for (const task of order) {
    takeHead(task, pairs, windows);
    tryAgents(task, problem, pairs, windows);
    yield;
  }
  return windows;
}

function reachBack(
  order: Int32Array,
  { pairStart, busyMs, dependsStart, dependsOn }: OrderedPairs,
  windows: TaskWindows,
) {
  const { latestMs, latestFrom } = windows;
  for (const task of order.slice().reverse()) {
    let leastMs = Infinity;
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) leastMs = Math.min(leastMs, busyMs[pair]!);
    if (latestMs[task] === Infinity || leastMs === Infinity) continue;
    const startBy = latestMs[task]! - leastMs;
    for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
      const before = dependsOn[d]!;
      if (latestMs[before]! <= startBy) continue;
      [latestMs[before], latestFrom[before]] = [startBy, task];
    }
  }
}

function takeHead(task: number, { dependsStart, dependsOn, isBlocked }: OrderedPairs, windows: TaskWindows): void {
  const { headMs, headFrom, endMs, cannotRun } = windows;
  cannotRun[task] = isBlocked[task]!;
  for (let d = dependsStart[task]!; d < dependsStart[task + 1]!; d++) {
    const before = dependsOn[d]!;
    if (cannotRun[before]) cannotRun[task] = 1;
    if (endMs[before]! <= headMs[task]!) continue;
    [headMs[task], headFrom[task]] = [endMs[before]!, before];
  }
}

function tryAgents(task: number, { agents }: FullProblem, pairs: OrderedPairs, windows: TaskWindows): void {
  const { headMs, endMs, latestMs, cannotRun, fits } = windows;
  if (cannotRun[task]) return;
  let isHomeless = true;
  for (let pair = pairs.pairStart[task]!; pair < pairs.pairStart[task + 1]!; pair++) {
    const end = earliestEndMs(agents[pairs.pairAgent[pair]!]!, headMs[task]!, pairs.busyMs[pair]!);
    endMs[task] = Math.min(endMs[task]!, end);
    if (end === Infinity || !isWithin(end, latestMs[task]!)) continue;
    fits[pair] = 1;
    isHomeless = false;
  }
  if (isHomeless) cannotRun[task] = 1;
}
