import { randomBytes } from "node:crypto";
import { basename, dirname, join } from "node:path";
import { systemCode } from "../../domain/index.js";
import { type FileFunctions, SYSTEM_FILES } from "./file-functions.js";

/** A suffix that nobody can foresee, so that nobody can put a link there first: 16 hexadecimal digits. */
export function uniqueSuffix(): string {
  return randomBytes(8).toString("hex");
}

/** A name beside a file for its next content; `removeOrphans` knows it again. */
export function temporaryOf(file: string): string {
  return `${file}.${uniqueSuffix()}.tmp`;
}

/**
 * Removes what writers of a file that were killed have left beside it. Only for who holds the lock of the file: then no
 * other writer is at work.
 */
export async function removeOrphans(file: string, files: FileFunctions = SYSTEM_FILES): Promise<void> {
  const prefix = `${basename(file)}.`;
  for (const name of await files.list(dirname(file))) {
    if (!name.startsWith(prefix) || !/^[0-9a-f]{16}\.tmp$/.test(name.slice(prefix.length))) continue;
    await files.remove(join(dirname(file), name));
  }
}

/** Removes a temporary file. One that the system keeps is an orphan, which a later writer removes: no reason to fail. */
export async function removeOrLeave(path: string, files: FileFunctions): Promise<void> {
  try {
    await files.remove(path);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
  }
}
