import { link, readdir, readFile, rename, rm, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { InputError, systemCode, writing } from "../../domain/index.js";
import { check } from "../../domain/schemas/index.js";
import { parseJson } from "../../planner/index.js";
import type { ProcessInfo } from "./process-info.js";

const holderSchema = z.object({
  pid: z.int(),
  start_token: z.string().nullable(),
  host: z.string(),
  since: z.string(),
  /** The process went on, but left something that the next one has to clear away. */
  released: z.boolean(),
});

/** What a lock file says of the process that made it. */
export type LockHolder = z.infer<typeof holderSchema>;

export interface Lock {
  /** The process that was gone before it let go of the lock; null where there was none. */
  readonly tookOver: LockHolder | null;
  /**
   * Lets go; a second call does nothing.
   *
   * @param leavesWork leave the file, marked, so that the next holder knows that something has to be cleared away
   */
  release(leavesWork?: boolean): Promise<void>;
}

/** More rounds than this only where files come and go without end. */
const MAX_ROUNDS = 100;

let numTemporaries = 0;

/**
 * Takes a lock file, or says who holds it. A lock whose process is gone is taken over.
 *
 * The file appears with its content in one step (a link to a finished file). A stale one is replaced in one step too, by
 * whoever holds the lock of the takeover: of two processes that find it stale, only one gets it, and there is a file at
 * every moment until the work is done.
 *
 * @param since ISO-8601, for the message to others
 * @throws InputError where the file cannot be written or is no lock of ours
 */
export async function tryLock(
  file: string,
  who: ProcessInfo,
  since: string,
): Promise<Lock | { readonly heldBy: LockHolder }> {
  const holder: LockHolder = { pid: who.pid, start_token: who.startToken, host: who.host, since, released: false };
  const temporary = `${file}.${who.pid}-${++numTemporaries}.tmp`;
  try {
    await writing(file, () => writeFile(temporary, toText(holder)));
    for (let round = 0; round < MAX_ROUNDS; round++) {
      if (await linkIfFree(temporary, file)) return await heldLock(file, holder, null, who);
      const other = await readHolder(file);
      if (other === null) continue;
      if (isHeld(other, who)) return { heldBy: other };
      const right = await tryLock(`${file}.takeover`, who, since);
      if ("heldBy" in right) return right;
      const stale = await replaceIfStale(temporary, file, who, right);
      if (stale !== null) return await heldLock(file, holder, stale, who);
    }
  } finally {
    await rm(temporary, { force: true });
  }
  throw new InputError(file, "comes and goes without end; see which processes make it");
}

/** "process 17, since 2026-01-01T00:00:00Z", with the machine where it is another one. */
export function describeHolder(holder: LockHolder, who: ProcessInfo): string {
  const machine = holder.host === who.host ? "" : ` on ${holder.host}`;
  return `process ${holder.pid}${machine}, since ${holder.since}`;
}

async function replaceIfStale(
  temporary: string,
  file: string,
  who: ProcessInfo,
  right: Lock,
): Promise<LockHolder | null> {
  try {
    const other = await readHolder(file);
    if (other === null || isHeld(other, who)) return null;
    await writing(file, () => rename(temporary, file));
    return other;
  } finally {
    await right.release();
  }
}

async function heldLock(
  file: string,
  holder: LockHolder,
  tookOver: LockHolder | null,
  who: ProcessInfo,
): Promise<Lock> {
  let isReleased = false;
  await removeLeftovers(file, who);
  return {
    tookOver,
    async release(leavesWork = false) {
      if (isReleased) return;
      isReleased = true;
      const other = await readHolder(file);
      // Removed by hand, and perhaps taken by somebody else since: not ours any more.
      if (other === null || toText(other) !== toText(holder)) return;
      if (!leavesWork) return writing(file, () => unlink(file));
      const temporary = `${file}.${who.pid}-${++numTemporaries}.tmp`;
      await writing(file, () => writeFile(temporary, toText({ ...holder, released: true })));
      await writing(file, () => rename(temporary, file));
    },
  };
}

/** Finished files that a process killed before it could link or remove them has left. */
async function removeLeftovers(file: string, who: ProcessInfo): Promise<void> {
  const prefix = `${basename(file)}.`;
  for (const name of await writing(file, () => readdir(dirname(file)))) {
    const owner = name.startsWith(prefix) ? /^(\d+)-\d+\.tmp$/.exec(name.slice(prefix.length))?.[1] : undefined;
    if (owner !== undefined && !who.isAlive(Number(owner), null)) await rm(join(dirname(file), name), { force: true });
  }
}

function isHeld(holder: LockHolder, who: ProcessInfo): boolean {
  if (holder.released) return false;
  return holder.host !== who.host || who.isAlive(holder.pid, holder.start_token);
}

async function linkIfFree(temporary: string, file: string): Promise<boolean> {
  try {
    await link(temporary, file);
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    return writing(file, () => Promise.reject(error as Error));
  }
}

/** Null where there is no file. @throws InputError where it is no lock of ours */
async function readHolder(file: string): Promise<LockHolder | null> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    return writing(file, () => Promise.reject(error as Error));
  }
  try {
    return check(holderSchema, parseJson(text, file), file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(file, "is not a lock of ours; remove it if no other run is under way", { cause: error });
  }
}

function toText(holder: LockHolder): string {
  return `${JSON.stringify(holder)}\n`;
}
