import { lstat, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { InputError, systemCode, writing } from "../../domain/index.js";
import { makeFolders } from "./durable.js";
import type { FileFunctions } from "./file-functions.js";
import { uniqueSuffix } from "./temporaries.js";

/** An output directory and what stands beside it while it is written. All but `place` and `previous` are gone once a run has finished. */
export interface OutputPaths {
  readonly place: string;
  readonly lock: string;
  /** What a live run has done so far. */
  readonly journal: string;
  /** Unfinished, or on its way out: whatever it holds may be removed at any time. Nobody can foresee its name. */
  readonly staging: string;
  /** Complete, not yet in its place. */
  readonly next: string;
  /** What stood in the place before. */
  readonly old: string;
  /** The tree before an interrupted run. */
  readonly previous: string;
}

/**
 * The paths of an output directory, symbolic links resolved, its parents made where they are missing.
 *
 * @throws InputError: a file, a folder that cannot be moved (the current one or above it, a mount point), no way to get there
 */
export async function resolveOutputPaths(path: string, files: FileFunctions): Promise<OutputPaths> {
  if (path === "") throw new InputError("output directory", "is an empty path; give a folder");
  const place = await writing(path, () => resolveLinks(resolve(path)));
  if (`${resolve(".")}/`.startsWith(place === "/" ? "/" : `${place}/`)) {
    throw new InputError(path, "holds the current folder and cannot be moved; give a folder of its own");
  }
  await writing(path, () => makeFolders(dirname(place), files));
  await refuseUnmovable(path, place);
  return {
    place,
    lock: `${place}.lock`,
    journal: `${place}.journal.jsonl`,
    staging: `${place}${STAGING}${uniqueSuffix()}`,
    next: `${place}.new`,
    old: `${place}.old`,
    previous: `${place}.previous`,
  };
}

const STAGING = ".staging-";

/** Folders of runs that have ended and left them: their names say that they are ours, and may be removed. */
export async function findStagings({ place }: OutputPaths, files: FileFunctions): Promise<string[]> {
  const prefix = `${basename(place)}${STAGING}`;
  const names = await files.list(dirname(place));
  return names
    .filter((name) => name.startsWith(prefix) && /^[0-9a-f]{16}$/.test(name.slice(prefix.length)))
    .map((name) => join(dirname(place), name));
}

async function refuseUnmovable(path: string, place: string): Promise<void> {
  const there = await statOrNull(place);
  if (there === null) return;
  if (!there.isDirectory()) throw new InputError(path, "is a file; give a folder");
  const parent = await statOrNull(dirname(place));
  if (parent !== null && parent.dev !== there.dev) {
    throw new InputError(path, "is a mount point and cannot be moved; give a folder inside it");
  }
}

async function statOrNull(path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    return writing(path, () => Promise.reject(error as Error));
  }
}

/** As `realpath`, also where the last part is not there: between two moves of a swap a link leads nowhere. */
export async function resolveLinks(path: string, numLinks = 0): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (systemCode(error) !== "ENOENT" || dirname(path) === path) throw error;
  }
  const isLink = await lstat(path).then(
    (entry) => entry.isSymbolicLink(),
    (error: unknown) => {
      if (systemCode(error) === "ENOENT") return false;
      throw error;
    },
  );
  if (!isLink) return join(await resolveLinks(dirname(path), numLinks), basename(path));
  if (numLinks === 40) throw new InputError(path, "is a symbolic link that leads in a circle; check the path");
  return resolveLinks(resolve(dirname(path), await readlink(path)), numLinks + 1);
}
