/** Moves and nodes between two yields, small enough that a caller's event loop turns in time: either takes longer where tasks are many. */
const MOVES = 50_000;
const LEAST_MOVES = 10_000;
const MOST_NODES = 32;
/** Tasks from which on there are fewer, in inverse proportion. Measured: some 20 ms of the processor. */
const TASKS_FOR_MOVES = 500;
const TASKS_FOR_NODES = 250;

/** Moves of a local search between two yields. */
export function movesASlice(numTasks: number): number {
  return Math.max(LEAST_MOVES, Math.min(MOVES, Math.floor((MOVES * TASKS_FOR_MOVES) / numTasks)));
}

/** Nodes of an exhaustive search between two yields. */
export function nodesASlice(numTasks: number): number {
  return Math.max(1, Math.min(MOST_NODES, Math.floor((MOST_NODES * TASKS_FOR_NODES) / numTasks)));
}
