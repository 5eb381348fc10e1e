import { availableParallelism } from "node:os";
import type { FullProblem } from "../../domain/index.js";
import { findEntry, runInSlices, WorkerPool } from "../../engine/index.js";
import { packSteps } from "./pack-text.js";
import { packedSha256, type PackedText } from "./packed-text.js";
import { problemSha256Steps } from "./problem-sha256.js";

/** Pairs of task and agent from which a thread pays, and up to which what it is handed holds the event loop for a few milliseconds only. Measured. */
const PAIRS_FOR_THREAD = { least: 8_000, most: 120_000 } as const;
/** Tasks up to which the same holds. */
const MOST_TASKS = 4_000;

const pool = new WorkerPool<PackedText, string>({
  entry: () => findEntry("hash-worker.js"),
  workerData: null,
  isBroken: () => false,
});

/**
 * Begins to hash a problem (`problemSha256`); the function that it returns waits for the hash. Where that takes a while, a thread of its own writes
 * and hashes the text: on the main thread it would take half of what a solve needs besides its search.
 *
 * @throws Error where the thread failed: a bug of ours
 */
export async function beginSha256(problem: FullProblem): Promise<() => Promise<string>> {
  if (!isForThread(problem)) {
    const sha256 = await runInSlices(problemSha256Steps(problem));
    return () => Promise.resolve(sha256);
  }
  pool.prewarm();
  const packed = await runInSlices(packSteps(problem));
  const ending = pool.run(packed, Infinity);
  return async () => {
    const ended = await ending;
    if (ended.kind === "failed") throw new Error(`the thread that hashes failed: ${ended.message}`);
    // Threads were closed meanwhile.
    return ended.kind === "answer" ? ended.answer : packedSha256(packed);
  };
}

function isForThread({ tasks, agents }: FullProblem): boolean {
  const numPairs = tasks.length * agents.length;
  const isOfSize =
    numPairs >= PAIRS_FOR_THREAD.least && numPairs <= PAIRS_FOR_THREAD.most && tasks.length <= MOST_TASKS;
  return isOfSize && availableParallelism() > 1;
}
