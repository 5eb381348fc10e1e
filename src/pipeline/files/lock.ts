import { readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { atSuddenEnd, InputError, systemCode, writing } from "../../domain/index.js";
import { type FileFunctions, SYSTEM_FILES } from "./file-functions.js";
import { holderText, isHeld, type LockHolder, newHolder, parseHolder } from "./lock-holder.js";
import type { ProcessInfo } from "./process-info.js";
import { removeOrLeave, uniqueSuffix } from "./temporaries.js";

export interface Lock {
  /** The process that was gone before it let go of the lock, or that left work; null where there was none. */
  readonly tookOver: LockHolder | null;
  /** @throws InputError where the file was removed, or another process has it: what it guards may have changed */
  confirm(): Promise<void>;
  /**
   * Lets go; a second call does nothing.
   *
   * @param leavesWork leave the file, empty, so that the next holder knows that something has to be cleared away
   */
  release(leavesWork?: boolean): Promise<void>;
}

/** More rounds than this only where files come and go without end. */
const MAX_ROUNDS = 100;

/**
 * Takes a lock file, or says who holds it. A lock whose process is gone for certain is taken over.
 *
 * The file appears with its content in one step (a link to a finished file). A stale one is replaced in one step too, by
 * whoever holds the lock of the takeover: of two processes that find it stale, only one gets it, and there is a file at
 * every moment until the work is done. Nothing is flushed: after a power cut no process lives that could hold it.
 *
 * @param since ISO-8601, for the message to others
 * @throws InputError where the file cannot be written or is no lock of ours
 */
export async function tryLock(
  file: string,
  who: ProcessInfo,
  since: string,
  files: FileFunctions = SYSTEM_FILES,
): Promise<Lock | { readonly heldBy: LockHolder }> {
  const id = uniqueSuffix();
  const candidate: Candidate = {
    ...{ file, who, since, files, holder: newHolder(who, id, since) },
    temporary: `${file}.${who.pid}-${id}.tmp`,
  };
  try {
    return await contend(candidate);
  } finally {
    await removeOrLeave(candidate.temporary, files);
  }
}

/** A process that wants a lock. */
interface Candidate {
  readonly file: string;
  readonly who: ProcessInfo;
  readonly since: string;
  readonly files: FileFunctions;
  readonly holder: LockHolder;
  /** The finished file that becomes the lock. */
  readonly temporary: string;
}

async function contend(candidate: Candidate): Promise<Lock | { readonly heldBy: LockHolder }> {
  const { file, who, since, files } = candidate;
  for (let round = 0; round < MAX_ROUNDS; round++) {
    if (await linkIfFree(candidate)) return heldLock(candidate, null);
    const other = await readHolder(file, files);
    if (other === null) continue;
    if (isHeld(other, who)) return { heldBy: other };
    const right = await tryLock(`${file}.takeover`, who, since, files);
    if ("heldBy" in right) return right;
    const stale = await replaceIfStale(candidate, right);
    if (stale !== null) return heldLock(candidate, stale);
  }
  throw new InputError(file, "comes and goes without end; see which processes make it");
}

async function replaceIfStale(candidate: Candidate, right: Lock): Promise<LockHolder | null> {
  const { file, who, files } = candidate;
  try {
    const other = await readHolder(file, files);
    if (other === null || isHeld(other, who)) return null;
    await makeTemporary(candidate);
    await writing(file, () => files.move(candidate.temporary, file));
    return other;
  } finally {
    await right.release();
  }
}

async function linkIfFree(candidate: Candidate): Promise<boolean> {
  const { file, files, temporary } = candidate;
  await makeTemporary(candidate);
  try {
    await files.link(temporary, file);
    return true;
  } catch (error) {
    // ENOENT: somebody took the temporary file for an orphan; the next round makes it again.
    if (systemCode(error) === "EEXIST" || systemCode(error) === "ENOENT") return false;
    return writing(file, () => Promise.reject(error as Error));
  }
}

async function makeTemporary({ file, files, temporary, holder }: Candidate): Promise<void> {
  await writing(file, async () => {
    if ((await files.kindOf(temporary)) === "absent") await files.create(temporary, holderText(holder));
  });
}

async function heldLock(candidate: Candidate, tookOver: LockHolder | null): Promise<Lock> {
  const { file, holder, files } = candidate;
  let isReleased = false;
  const isOurs = async (): Promise<boolean> => (await readHolder(file, files))?.id === holder.id;
  const forget = atSuddenEnd(() => emptyIfOurs(file, holder));
  await removeLeftovers(candidate);
  return {
    tookOver,
    async confirm() {
      if (await isOurs()) return;
      throw new InputError(file, "was removed or taken by another process while this one worked; nothing was replaced");
    },
    async release(leavesWork = false) {
      if (isReleased) return;
      isReleased = true;
      forget();
      await twice(async () => {
        // Removed by hand, and perhaps taken by somebody else since: not ours any more.
        if (!(await isOurs())) return;
        await writing(file, () => (leavesWork ? files.write(file, "") : files.remove(file)));
      });
    },
  };
}

/** Lets go and leaves the file empty, as where work is left: other machines cannot see that this process has ended. */
function emptyIfOurs(file: string, { id }: LockHolder): void {
  try {
    if (id !== null && readFileSync(file, "utf8").includes(id)) writeFileSync(file, "");
  } catch (error) {
    // The process ends now; whoever comes next judges the lock by what it can see.
    if (systemCode(error) === undefined) throw error;
  }
}

/** A lock that stays blocks others as long as this process lives, so what the system refuses once is tried again. */
async function twice(action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    await action();
  }
}

/**
 * Removes what a process killed before it could link or remove it has left. A torn one may be just being written: then its
 * writer makes it again.
 */
async function removeLeftovers({ file, who, files, temporary }: Candidate): Promise<void> {
  const prefix = `${basename(file)}.`;
  const names = await unlessRefused(files.list(dirname(file)), []);
  for (const name of names) {
    if (!name.startsWith(prefix) || !/^\d+-[0-9a-f]+\.tmp$/.test(name.slice(prefix.length))) continue;
    const path = join(dirname(file), name);
    const holder = path === temporary ? null : await unlessRefused(readHolder(path, files), null);
    if (holder !== null && !isHeld(holder, who)) await removeOrLeave(path, files);
  }
}

/** Leftovers disturb nobody, and the next holder of the lock looks again: what the system refuses here is no failure. */
async function unlessRefused<T>(looking: Promise<T>, otherwise: T): Promise<T> {
  try {
    return await looking;
  } catch (error) {
    if (error instanceof InputError || systemCode(error) !== undefined) return otherwise;
    throw error;
  }
}

/** Null where there is no file. @throws InputError where it is no lock of ours */
async function readHolder(file: string, files: FileFunctions): Promise<LockHolder | null> {
  const kind = await writing(file, () => files.kindOf(file));
  if (kind === "absent") return null;
  if (kind !== "file") throw new InputError(file, "is not a file and no lock of ours; remove it");
  let bytes: Uint8Array;
  try {
    bytes = await files.read(file);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    return writing(file, () => Promise.reject(error as Error));
  }
  return parseHolder(Buffer.from(bytes).toString("utf8"), file);
}
