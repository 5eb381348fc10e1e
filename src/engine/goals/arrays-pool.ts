import { type Ending, findEntry, WorkerPool } from "../threads/worker-pool.js";
import type { ArraysAnswer, ArraysNews, ArraysTask } from "./arrays-task.js";

/** How long past its deadline a thread may take to hand over what it has. */
const GRACE_MS = 250;
/** Work after which a thread is replaced, so that what it held is given back. */
const MUCH_WORK = 1e9;

const pool = new WorkerPool<ArraysTask, ArraysAnswer, ArraysNews>({
  entry: findEntry(import.meta.url, "engine/goals/arrays-worker.js", "arrays-worker.js"),
  workerData: null,
  isBroken: ({ work }) => work >= MUCH_WORK,
});

/** Settles a goal on arrays in a worker thread; what it finds on the way is told, and stays good if the thread is killed. */
export function settleArraysInThread(
  task: ArraysTask,
  remainingMs: number,
  signal: AbortSignal | undefined,
  onNews: (news: ArraysNews) => void,
): Promise<Ending<ArraysAnswer>> {
  return pool.run(task, remainingMs + GRACE_MS, signal, onNews);
}

export async function closeArraysEngine(): Promise<void> {
  await pool.close();
}
