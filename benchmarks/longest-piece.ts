import { readFileSync } from "node:fs";

/** The longest piece of work that kept the event loop, and what of it was work: the rest is other processes' turn on the machine. */
export interface LongestPiece {
  readonly wallMs: number;
  /** Processor time of the main thread in the piece that had most of it; NaN where the system does not tell it. */
  readonly processorMs: number;
}

/** Looks at the clock at every turn of the event loop while the work goes on. */
export async function longestPiece(work: () => Promise<unknown>): Promise<LongestPiece> {
  let [isDone, wallMs, processorMs] = [false, 0, 0];
  let [lastWall, lastProcessor] = [performance.now(), mainThreadMs()];
  const look = (): void => {
    const [wall, processor] = [performance.now(), mainThreadMs()];
    wallMs = Math.max(wallMs, wall - lastWall);
    processorMs = Math.max(processorMs, processor - lastProcessor);
    [lastWall, lastProcessor] = [wall, processor];
    if (!isDone) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isDone = true;
  look();
  return { wallMs, processorMs };
}

/** Processor time of the main thread so far, milliseconds, on Linux; NaN elsewhere. */
export function mainThreadMs(): number {
  if (process.platform !== "linux") return NaN;
  return Number(readFileSync("/proc/self/schedstat", "utf8").split(" ")[0]) / 1e6;
}
