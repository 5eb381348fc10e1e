import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { systemCode } from "./system-errors.js";

/**
 * Makes a folder and those above it that are missing. Not `mkdir` with `recursive`, which never ends where a file system such as
 * /proc refuses new folders.
 */
export async function makeFolders(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (await isFolder(path)) return;
    const above = dirname(path);
    if (systemCode(error) !== "ENOENT" || above === path || (await isFolder(above))) throw error;
    await makeFolders(above);
    await mkdir(path);
  }
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
