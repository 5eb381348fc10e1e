import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../dist/src/faces/cli/main.js", import.meta.url));
const BYTES = 2 ** 30;

/** What a command costs as a process of its own, from its start to its end. */
export interface CommandCost {
  readonly seconds: number;
  /** Of the processor: what a machine that does nothing else would take about. */
  readonly cpuSeconds: number;
  /** Resident memory at its peak. */
  readonly mebibytes: number;
  readonly stdout: string;
}

/** Runs the built `phase19` with these words and measures it. @throws Error with what it said where it does not end with 0 */
export function measureCommand(...words: string[]): CommandCost {
  // The peak is told by the process itself at its end.
  const tellPeak =
    "process.on('exit', () => process.stderr.write(`PEAK ${process.resourceUsage().maxRSS} ${process.cpuUsage().user + process.cpuUsage().system}`))";
  const preload = `data:text/javascript,${encodeURIComponent(tellPeak)}`;
  const since = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", preload, COMMAND, ...words], {
    encoding: "utf8",
    maxBuffer: BYTES,
  });
  const seconds = (performance.now() - since) / 1000;
  const peak = /PEAK (\d+) (\d+)/.exec(stderr);
  if (status !== 0 || peak === null) throw new Error(`phase19 ${words.join(" ")} failed: ${stderr}`);
  return { seconds, cpuSeconds: Number(peak[2]) / 1e6, mebibytes: Number(peak[1]) / 1024, stdout };
}

export function tellCost({ seconds, cpuSeconds, mebibytes }: CommandCost): string {
  return `${seconds.toFixed(1)} s (processor ${cpuSeconds.toFixed(1)} s), ${mebibytes.toFixed(0)} MiB`;
}
