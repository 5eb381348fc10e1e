import { readFileSync } from "node:fs";

/** Of a tick of the processor times that Linux counts. */
const TICK_MS = 10;

/** Adds up what pieces of work took, in wall time and in processor time of some processes: of a busy machine only the latter says much. */
export class Stopwatch {
  wallMs = 0;
  cpuMs = 0;

  constructor(private readonly processes: readonly number[]) {}

  async time<T>(work: () => Promise<T>): Promise<T> {
    const cpuBeforeMs = this.#cpuMs();
    const startMs = performance.now();
    const result = await work();
    this.wallMs += performance.now() - startMs;
    this.cpuMs += this.#cpuMs() - cpuBeforeMs;
    return result;
  }

  #cpuMs(): number {
    return this.processes.reduce((sum, pid) => sum + cpuMsOf(pid), 0);
  }
}

function cpuMsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name, in parentheses, may hold anything.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return TICK_MS * (Number(fields[11]) + Number(fields[12]));
}
