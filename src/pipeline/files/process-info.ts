import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { kill, pid } from "node:process";
import { systemCode } from "../../domain/index.js";

/** What names a process so that another one can tell whether it still runs. */
export interface ProcessName {
  readonly pid: number;
  /** Tells two processes apart that had the same number one after the other; null where the system does not say. */
  readonly startToken: string | null;
  /** Name of the machine or container; null is read as ours. */
  readonly host: string | null;
  /** The running kernel since its start; containers of one machine share it. Null where the system does not say. */
  readonly bootId: string | null;
  /** Process numbers are unique within one of these; null where the system does not say. */
  readonly pidNamespace: string | null;
}

/** Who we are to other processes, and what we can tell of them. */
export interface ProcessInfo extends ProcessName {
  /** Whether that process of our own PID namespace still runs. */
  isAlive(pid: number, startToken: string | null): boolean;
  /** Whether that process of another PID namespace of this machine may still run: true unless we see that it does not. */
  mayLiveIn(pidNamespace: string, pid: number): boolean;
}

/** This process, as the operating system sees it. */
export function thisProcess(): ProcessInfo {
  return {
    pid,
    startToken: readStat(pid)?.startToken ?? null,
    host: hostname(),
    bootId: readIfThere("/proc/sys/kernel/random/boot_id")?.trim() ?? null,
    pidNamespace: namespaceOf("self"),
    isAlive,
    mayLiveIn,
  };
}

/**
 * Whether a process may still run, as far as `who` can know. Another machine's process may always; one of an earlier start
 * of this machine never.
 */
export function mayLive(name: ProcessName, who: ProcessInfo): boolean {
  if (!isProcessNumber(name.pid)) return false;
  const isElsewhere = name.host !== null && name.host !== who.host;
  if (name.bootId !== null && who.bootId !== null) {
    if (name.bootId !== who.bootId) return isElsewhere;
  } else if (isElsewhere) return true;
  const { pidNamespace } = name;
  const isOurNamespace = pidNamespace === null || who.pidNamespace === null || pidNamespace === who.pidNamespace;
  return isOurNamespace ? who.isAlive(name.pid, name.startToken) : who.mayLiveIn(pidNamespace, name.pid);
}

/** 0 and negative numbers mean groups of processes to the system. */
function isProcessNumber(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value < 2 ** 31;
}

function isAlive(other: number, startToken: string | null): boolean {
  const stat = readStat(other);
  if (stat === null) return answersSignals(other);
  return !stat.isDead && (startToken === null || stat.startToken === startToken);
}

/** Tells a process from a later one of the same number; null where the system does not say. */
export function startTokenOf(other: number): string | null {
  return readStat(other)?.startToken ?? null;
}

/** The namespace in which the kernel starts: from it, every process of the machine is seen. */
const FIRST_NAMESPACE = "pid:[4026531836]";

function mayLiveIn(pidNamespace: string, other: number): boolean {
  // Process 1 is not ours: where even it is seen, nobody is hidden from us.
  if (namespaceOf("self") !== FIRST_NAMESPACE || readIfThere("/proc/1/status") === null) return true;
  return readdirSync("/proc").some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const status = readIfThere(`/proc/${name}/status`) ?? "";
    // Its numbers in this namespace and in each one below, the innermost last.
    const [isDead, inner] = [/^State:\t[ZX]/m.test(status), /^NSpid:\t(?:\d+\t)+(\d+)$/m.exec(status)?.[1]];
    return !isDead && inner === String(other) && (namespaceOf(name) ?? pidNamespace) === pidNamespace;
  });
}

function namespaceOf(process: string): string | null {
  return unlessRefused(() => readlinkSync(`/proc/${process}/ns/pid`));
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

/** State and start time (fields 3 and 22) of `/proc/<pid>/stat`; null where that does not say. */
function readStat(other: number): { readonly isDead: boolean; readonly startToken: string } | null {
  // In a new PID namespace without a /proc of its own, the numbers there are those of another namespace.
  if (unlessRefused(() => readlinkSync("/proc/self")) !== String(pid)) return null;
  const text = readIfThere(`/proc/${other}/stat`);
  if (text === null) return null;
  // The second field, the command, may hold spaces and brackets; nothing behind its last bracket does.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  // A zombie is dead; its parent has not asked yet.
  return { isDead: fields[0] === "Z" || fields[0] === "X", startToken: fields[19] ?? "" };
}

function readIfThere(file: string): string | null {
  return unlessRefused(() => readFileSync(file, "utf8"));
}

function unlessRefused<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
}
