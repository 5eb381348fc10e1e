import { execFileSync } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";

/** What a measurement depends on besides the code, for the reader of the numbers. */
export interface Conditions {
  /** ISO-8601 day, UTC. */
  readonly date: string;
  readonly commit: string;
  /** Whether source files differ from that commit. */
  readonly is_modified: boolean;
  readonly node: string;
  readonly cpu: string;
  readonly cores: number;
  /** Runnable processes over the last minute when the measurement began: above the cores, wall times are too long. */
  readonly load_average: number;
}

export function readConditions(): Conditions {
  const processors = cpus();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git("rev-parse", "--short", "HEAD"),
    is_modified:
      git("status", "--porcelain", "--", "src", "models", "fixtures", "benchmarks/*.ts", "package-lock.json") !== "",
    node: process.version,
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    load_average: Math.round(loadavg()[0]! * 10) / 10,
  };
}

/** The conditions as one line of text. */
export function describeConditions({ date, commit, is_modified, node, cpu, cores, load_average }: Conditions): string {
  const at = is_modified ? `${commit} and changes` : commit;
  return `${date}, commit ${at}, Node ${node}, ${cores} × ${cpu}, load average ${load_average}`;
}

function git(...words: string[]): string {
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  return execFileSync("git", words, { cwd, encoding: "utf8" }).trim();
}
