import { dirname } from "node:path";
import { InputError, systemCode, writing } from "../../domain/index.js";
import type { FileFunctions } from "./file-functions.js";
import { removeOrLeave, temporaryOf } from "./temporaries.js";

/**
 * What survives a power cut. A file's content does once the file was flushed, its name once its folder was; until then the
 * system may keep any part of the changes and lose the others.
 */

/** Moves within one folder; the new name survives a power cut. */
export async function moveDurably(from: string, to: string, files: FileFunctions): Promise<void> {
  await files.move(from, to);
  await files.flush(dirname(to));
}

/**
 * Removes a folder with everything in it. Its name is flushed first: if the move that brought it here could still be
 * lost, what is missing in it would be missing where it stood before.
 */
export async function removeMoved(path: string, files: FileFunctions): Promise<void> {
  await files.flush(dirname(path));
  await files.remove(path);
}

/** Makes a folder and the missing ones above it; their names survive a power cut. */
export async function makeFolders(path: string, files: FileFunctions): Promise<void> {
  if ((await files.kindOf(path)) !== "absent") return;
  await makeFolders(dirname(path), files);
  try {
    await files.makeFolder(path);
  } catch (error) {
    // Another process was faster.
    if (systemCode(error) !== "EEXIST") throw error;
  }
  await files.flush(dirname(path));
}

/**
 * Puts a file into the place of the one before in one step: a reader, also one after a power cut, finds the old content or
 * the new one. Permissions are kept. The file before is not written, so its other names (hard links) keep its content.
 *
 * @throws InputError where something else than a file stands there (a symbolic link would lead the write elsewhere)
 */
export async function replaceFile(file: string, bytes: string | Uint8Array, files: FileFunctions): Promise<void> {
  const isThere = (await requireFile(file, files)) === "file";
  const mode = isThere ? await files.modeOf(file) : undefined;
  const temporary = temporaryOf(file);
  try {
    await files.create(temporary, bytes, mode);
    await files.flush(temporary);
    await files.move(temporary, file);
  } catch (error) {
    await removeOrLeave(temporary, files);
    throw error;
  }
  await files.flush(dirname(file));
}

/** @throws InputError where neither a file nor nothing stands at the path */
export async function requireFile(path: string, files: FileFunctions): Promise<"file" | "absent"> {
  const kind = await writing(path, () => files.kindOf(path));
  if (kind === "file" || kind === "absent") return kind;
  const found = kind === "folder" ? "a folder" : "a symbolic link or a device";
  throw new InputError(path, `is ${found}, through which nothing is written; put a regular file there, or none`);
}
