import { completeCuts } from "./complete-cuts.js";
import { buildSequencingProblem, type Pools, type SequencingProblem } from "./sequencing-problem.js";

/** Tasks of a segment, at least, and segments of a problem, at most: each costs more than its tasks. */
const LEAST_TASKS = 8;
const MAX_SEGMENTS = 200;

/** Tasks of one segment, every one behind those that it waits for. */
export type Segment = Int32Array;

/**
 * Cuts a problem where all tasks behind come after all ahead (`completeCuts`). All tasks of a segment end before one of the next can start, and a
 * segment that begins earlier can do all that it can do later, so that the earliest end of each segment in turn is a part of a best schedule. Null
 * where there is no such place or limits join the segments. O(tasks + dependencies).
 */
export function findSegments(problem: SequencingProblem): readonly Segment[] | null {
  const { numTasks, topologicalOrder, limits } = problem;
  if (limits !== null) return null;
  const isCut = completeCuts(problem);
  const leastTasks = Math.max(LEAST_TASKS, Math.ceil(numTasks / MAX_SEGMENTS));
  const segments: Segment[] = [];
  let first = 0;
  for (let place = 0; place < numTasks; place++) {
    const isLong = place + 1 - first >= leastTasks;
    if (!(isLong && isCut[place + 1] === 1) && place + 1 < numTasks) continue;
    segments.push(topologicalOrder.slice(first, place + 1));
    first = place + 1;
  }
  return segments.length > 1 ? segments : null;
}

/** A segment as a problem of its own that starts no earlier than a time; its tasks and their pairs are in the segment's order. */
export function segmentProblem(problem: SequencingProblem, segment: Segment, fromMs: number): SequencingProblem {
  const { numAgents, slotStart, pairStart, pools, absences } = problem;
  const indexOf = new Map(Array.from(segment, (task, index) => [task, index]));
  const starts = [0];
  const pairs: number[] = [];
  const dependencies: [number, number][] = [];
  segment.forEach((task, index) => {
    for (let pair = pairStart[task]!; pair < pairStart[task + 1]!; pair++) pairs.push(pair);
    starts.push(pairs.length);
    for (let p = problem.predecessorStart[task]!; p < problem.predecessorStart[task + 1]!; p++) {
      const before = indexOf.get(problem.predecessors[p]!);
      if (before !== undefined) dependencies.push([before, index]);
    }
  });
  return buildSequencingProblem({
    numTasks: segment.length,
    numAgents,
    agentSlots: Array.from({ length: numAgents }, (_, agent) => slotStart[agent + 1]! - slotStart[agent]!),
    availableFromMs: problem.availableFromMs,
    pairStart: starts,
    pairAgent: pairs.map((pair) => problem.pairAgent[pair]!),
    busyMs: pairs.map((pair) => problem.busyMs[pair]!),
    dependencies,
    releaseMs: Array.from(segment, (task) => Math.max(fromMs, problem.releaseMs[task]!)),
    deadlineMs: Array.from(segment, (task) => problem.deadlineMs[task]!),
    ...(absences === null ? {} : { absences }),
    ...(pools === null ? {} : { pools: poolsOf(pools, segment) }),
  });
}

function poolsOf(pools: Pools, segment: Segment): Pools {
  const useStart = new Int32Array(segment.length + 1);
  const uses: number[] = [];
  segment.forEach((task, index) => {
    for (let k = pools.useStart[task]!; k < pools.useStart[task + 1]!; k++) uses.push(k);
    useStart[index + 1] = uses.length;
  });
  return {
    limit: pools.limit,
    useStart,
    usePool: Int32Array.from(uses, (k) => pools.usePool[k]!),
    useAmount: Float64Array.from(uses, (k) => pools.useAmount[k]!),
  };
}
