import { closeSync, constants, mkdirSync, openSync, writeFileSync } from "node:fs";
import { link, lstat, open, readdir, rename, rm, stat } from "node:fs/promises";
import { readWhole } from "../../planner/index.js";
import { systemCode } from "../../domain/index.js";

/** What stands at a path; a symbolic link is `other`, whatever it leads to. */
type EntryKind = "absent" | "file" | "folder" | "other";

/**
 * What the writing of output directories, feedback files, states and locks asks of the file system; handed in, so that
 * tests can let it fail and can record what would survive a power cut. Nothing here follows a symbolic link at the last
 * part of a path.
 */
export interface FileFunctions {
  kindOf(path: string): Promise<EntryKind>;
  /** Its bytes; not named Buffer, since the types of the package need none of Node's. */
  read(path: string): Promise<Uint8Array>;
  /** Names in a folder, in no order. */
  list(path: string): Promise<string[]>;
  /** Permission bits of a file. */
  modeOf(path: string): Promise<number>;
  /** One folder, which must not be there yet. */
  makeFolder(path: string): Promise<void>;
  /** A file that must not be there yet. */
  create(path: string, bytes: string | Uint8Array, mode?: number): Promise<void>;
  /** A whole file, in the place of its content before. */
  write(path: string, text: string): Promise<void>;
  append(path: string, text: string): Promise<void>;
  /** A second name of a file; the name must not be there yet. */
  link(from: string, to: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
  /** With everything in it; no fault where nothing is there. */
  remove(path: string): Promise<void>;
  /** Returns once the content of a file, or the names in a folder, would survive a power cut. */
  flush(path: string): Promise<void>;
}

const { O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_WRONLY } = constants;
/** Absent on Windows, where a symbolic link takes a privilege to make. */
const O_NOFOLLOW = (constants as Partial<typeof constants>).O_NOFOLLOW ?? 0;
const DEFAULT_MODE = 0o666;

/**
 * Small files are written at once: each takes a fraction of a millisecond, and several times that by way of a thread. Who
 * writes many gives the event loop its turn in between.
 */
export const SYSTEM_FILES: FileFunctions = {
  kindOf,
  read: readWhole,
  list: (path) => readdir(path),
  modeOf: async (path) => (await stat(path)).mode & 0o7777,
  makeFolder: async (path) => void mkdirSync(path),
  create: async (path, bytes, mode = DEFAULT_MODE) => writeOnce(path, O_CREAT | O_EXCL, bytes, mode),
  write: async (path, text) => writeOnce(path, O_CREAT | O_TRUNC, text),
  append: async (path, text) => writeOnce(path, O_CREAT | O_APPEND, text),
  link,
  move: rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
  flush,
};

async function kindOf(path: string): Promise<EntryKind> {
  try {
    const entry = await lstat(path);
    return entry.isFile() ? "file" : entry.isDirectory() ? "folder" : "other";
  } catch (error) {
    if (systemCode(error) === "ENOENT") return "absent";
    throw error;
  }
}

function writeOnce(path: string, flags: number, bytes: string | Uint8Array, mode = DEFAULT_MODE): void {
  const file = openSync(path, O_WRONLY | O_NOFOLLOW | flags, mode);
  try {
    writeFileSync(file, bytes);
  } finally {
    closeSync(file);
  }
}

/** File systems that cannot flush a folder on request say so by one of these. */
const CANNOT_FLUSH_FOLDERS = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP"]);

async function flush(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } catch (error) {
    const isFolder = (await handle.stat()).isDirectory();
    if (!isFolder || !CANNOT_FLUSH_FOLDERS.has(systemCode(error) ?? "")) throw error;
  } finally {
    await handle.close();
  }
}
