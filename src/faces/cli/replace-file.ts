import { randomBytes } from "node:crypto";
import { unlinkSync } from "node:fs";
import { type FileHandle, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { atSuddenEnd, systemCode } from "../../domain/index.js";

/** A file that is being written is changed all the time; one that was not for so long has lost its writer. */
const ORPHANED_AFTER_MS = 60_000;
const TEMPORARY = /^[0-9a-f]{16}\.tmp$/;

/**
 * Puts a file into the place of the one before in one step: a reader finds the old content or the new one, also where the disk is full or
 * the process is killed. Permissions and owner are kept. What killed writers of the same file have left beside it is removed.
 *
 * @param file no symbolic link
 * @throws the system's error; then the file before stands as it stood
 */
export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomBytes(8).toString("hex")}.tmp`;
  const forget = atSuddenEnd(() => ignoreSystem(() => unlinkSync(temporary)));
  try {
    await writeNew(temporary, text, await statIfThere(file));
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true }).catch(refuseOthers);
    throw error;
  } finally {
    forget();
  }
  await removeOrphans(file).catch(refuseOthers);
}

type Stats = Awaited<ReturnType<typeof stat>>;

/** Writes all of the text, however many calls that takes of the system, and flushes it. */
async function writeNew(path: string, text: string, like: Stats | null): Promise<void> {
  // Nobody may read meanwhile what only the owner could read before.
  const handle = await open(path, "wx", like === null ? 0o666 : 0o600);
  try {
    await handle.writeFile(text);
    if (like !== null) await makeAlike(handle, like);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Who may not give files away keeps them: the content counts. */
async function makeAlike(handle: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  const own = await handle.stat();
  if (own.uid !== uid || own.gid !== gid) await handle.chown(Number(uid), Number(gid)).catch(refuseOthers);
  await handle.chmod(Number(mode) & 0o7777);
}

async function statIfThere(path: string): Promise<Stats | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw error;
  }
}

async function removeOrphans(file: string): Promise<void> {
  const prefix = `${basename(file)}.`;
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(prefix) || !TEMPORARY.test(name.slice(prefix.length))) continue;
    const path = join(dirname(file), name);
    const found = await statIfThere(path);
    if (found !== null && Date.now() - Number(found.mtimeMs) > ORPHANED_AFTER_MS) await rm(path, { force: true });
  }
}

/** For what is no reason to fail where the system refuses it. */
function refuseOthers(error: unknown): void {
  if (systemCode(error) === undefined) throw error;
}

function ignoreSystem(action: () => void): void {
  try {
    action();
  } catch (error) {
    refuseOthers(error);
  }
}
