import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { kill, pid } from "node:process";
import { systemCode } from "../../domain/index.js";

/** Who we are to other processes, and what we can tell of them. */
export interface ProcessInfo {
  readonly pid: number;
  /** Tells two processes apart that had the same number one after the other; null where the system does not say. */
  readonly startToken: string | null;
  /** Name of the machine: the process numbers of another one say nothing here. */
  readonly host: string;
  /** Whether that process of this machine still runs. */
  isAlive(pid: number, startToken: string | null): boolean;
}

/** This process, as the operating system sees it. */
export function thisProcess(): ProcessInfo {
  return { pid, startToken: readStat(pid)?.startToken ?? null, host: hostname(), isAlive };
}

function isAlive(other: number, startToken: string | null): boolean {
  const stat = readStat(other);
  if (stat === null) return answersSignals(other);
  return !stat.isDead && (startToken === null || stat.startToken === startToken);
}

/** Signal 0 reaches a process without doing anything to it. */
function answersSignals(other: number): boolean {
  try {
    return kill(other, 0);
  } catch (error) {
    if (systemCode(error) === "ESRCH") return false;
    if (systemCode(error) === "EPERM") return true;
    throw error;
  }
}

/** State and start time (fields 3 and 22) of `/proc/<pid>/stat`; null where there is no such file. */
function readStat(other: number): { readonly isDead: boolean; readonly startToken: string } | null {
  let text: string;
  try {
    text = readFileSync(`/proc/${other}/stat`, "utf8");
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
  // The second field, the command, may hold spaces and brackets; nothing behind its last bracket does.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // A zombie is dead; its parent has not asked yet.
  return { isDead: fields[0] === "Z" || fields[0] === "X", startToken: fields[19] ?? "" };
}
