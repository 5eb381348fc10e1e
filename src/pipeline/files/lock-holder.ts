import { z } from "zod";
import { InputError } from "../../domain/index.js";
import { check } from "../../domain/schemas/index.js";
import { parseJson } from "../../planner/index.js";
import { mayLive, type ProcessInfo } from "./process-info.js";

const known = z.string().nullable().default(null);

const holderSchema = z.object({
  pid: z.number(),
  start_token: known,
  host: known,
  boot_id: known,
  pid_namespace: known,
  /** Tells two locks of one process apart. */
  id: known,
  since: z.string().default("an unknown time"),
});

/** What a lock file says of the process that made it. */
export type LockHolder = Readonly<z.infer<typeof holderSchema>>;

/**
 * The holder of an empty or torn lock. Ours appear whole in one step, so no process that runs has one: it was left by a
 * power cut, or emptied by a process that let go and left work for the next one.
 */
export const NOBODY: LockHolder = {
  ...{ pid: 0, start_token: null, host: null, boot_id: null, pid_namespace: null, id: null, since: "" },
};

/** How the text of every lock of ours begins. */
const BEGINNING = '{"pid":';

export function newHolder(who: ProcessInfo, id: string, since: string): LockHolder {
  const { pid, startToken, host, bootId, pidNamespace } = who;
  return { pid, start_token: startToken, host, boot_id: bootId, pid_namespace: pidNamespace, id, since };
}

export function holderText(holder: LockHolder): string {
  return `${JSON.stringify(holder)}\n`;
}

/** @throws InputError where the text is somebody else's */
export function parseHolder(text: string, file: string): LockHolder {
  if (isTorn(text)) return NOBODY;
  try {
    const value = parseJson(text, file);
    if (JSON.stringify(value) === "{}") return NOBODY;
    return check(holderSchema, value, file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (text.startsWith(BEGINNING)) return NOBODY;
    throw new InputError(file, "is not a lock of ours; remove it if no other run is under way", { cause: error });
  }
}

/** A power cut may leave nothing of a text, its beginning, or zeros in its place. */
function isTorn(text: string): boolean {
  return /^[\0\s]*$/.test(text) || BEGINNING.startsWith(text);
}

/** Whether the process behind a lock may still run. */
export function isHeld(holder: LockHolder, who: ProcessInfo): boolean {
  const { pid, start_token: startToken, host, boot_id: bootId, pid_namespace: pidNamespace } = holder;
  return mayLive({ pid, startToken, host, bootId, pidNamespace }, who);
}

/** "process 17, since 2026-01-01T00:00:00Z", with the machine or the container where it is another one. */
export function describeHolder(holder: LockHolder, who: ProcessInfo): string {
  const isInside = holder.pid_namespace !== null && holder.pid_namespace !== who.pidNamespace;
  const isThere = holder.host !== null && holder.host !== who.host;
  const machine = isThere ? ` on ${holder.host}` : isInside ? " in another PID namespace" : "";
  return `process ${holder.pid}${machine}, since ${holder.since}`;
}
