import { type Ending, findEntry, WorkerPool } from "../threads/worker-pool.js";
import { GRACES } from "../budget/budget.js";
import { isLarge } from "./large.js";
import type { GoalAnswer, GoalNews, GoalTask } from "./goal-task.js";

/** Moves after which a thread is replaced. */
const MANY_MOVES = 4e6;

const pool = new WorkerPool<GoalTask, GoalAnswer, GoalNews>({
  entry: () => findEntry("goal-worker.js"),
  workerData: null,
  // What it held is given back.
  isBroken: ({ moves }) => moves >= MANY_MOVES,
});

/** Settles a goal in a worker thread; what it finds on the way is told, and stays good if the thread is killed. */
export function proveInThread(
  task: GoalTask,
  remainingMs: number,
  signal: AbortSignal | undefined,
  onNews: (news: GoalNews) => void,
): Promise<Ending<GoalAnswer>> {
  return pool.run(
    task,
    remainingMs + (isLarge(task.instance) ? GRACES.largeThreadMs : GRACES.engineThreadMs),
    signal,
    onNews,
  );
}

/** Starts threads while the caller does something else. */
export function prewarmEngine(numThreads: number): void {
  pool.prewarm(numThreads);
}
