import { dirname, join, posix } from "node:path";
import { ModelError, writing } from "../../domain/index.js";
import type { FileFunctions } from "./file-functions.js";

/** Files below one directory, named by their path in it with forward slashes. Folders are made as they are needed. */
export interface Staging {
  /** Writes a whole file. */
  writeText(relativePath: string, text: string): Promise<void>;
  /** Adds rows to a JSONL file, each with a newline; without rows the file is made all the same. */
  appendLines(relativePath: string, rows: readonly unknown[]): Promise<void>;
  /** Makes a file of 0 bytes where there is none. */
  touch(relativePath: string): Promise<void>;
  /** Takes in a file of the same file system, which keeps its name there too. */
  takeIn(relativePath: string, file: string): Promise<void>;
  /** The text of a file that was written; null where there is none. */
  readText(relativePath: string): Promise<string | null>;
  /** Does this work, or nothing of it: where it fails, what it wrote is taken back, new files and added rows alike. */
  wholly<T>(work: () => Promise<T>): Promise<T>;
}

/** What was written, so that it can be flushed before it counts. */
export interface FlushableStaging extends Staging {
  /** Returns once everything written so far would survive a power cut. */
  flush(): Promise<void>;
}

/** Flushes at once: the system then writes them together. More gain little, and the runtime has few threads for files. */
const FLUSHES_AT_ONCE = 16;

/** @param root a folder that is there */
export function openStaging(root: string, files: FileFunctions): FlushableStaging {
  const folders = new Map<string, Promise<void>>([[root, Promise.resolve()]]);
  /** Files with content. Of an empty one there is only the name to lose, and that is its folder's. */
  const written = new Set<string>();
  const makeFolder = (folder: string): Promise<void> => {
    const made = folders.get(folder) ?? makeFolder(dirname(folder)).then(() => files.makeFolder(folder));
    folders.set(folder, made);
    return made;
  };
  const prepare = async (relativePath: string): Promise<string> => {
    refuseEscape(relativePath);
    const path = join(root, relativePath);
    await writing(dirname(path), () => makeFolder(dirname(path)));
    return path;
  };
  /** Bytes that each file had before the work that may be taken back, null of one that is new; none outside of such work. */
  let before: Map<string, number | null> | null = null;
  const numBytes = new Map<string, number>();
  const remember = (path: string): void => {
    if (before !== null && !before.has(path)) before.set(path, numBytes.get(path) ?? null);
  };
  const append = async (relativePath: string, text: string): Promise<void> => {
    const path = await prepare(relativePath);
    remember(path);
    if (text !== "") written.add(path);
    await writing(path, () => files.append(path, text));
    numBytes.set(path, (numBytes.get(path) ?? 0) + Buffer.byteLength(text));
  };
  const takeBack = async (foldersBefore: ReadonlySet<string>): Promise<void> => {
    for (const [path, size] of before ?? []) {
      await writing(path, () => (size === null ? files.remove(path) : cutFile(path, size, files)));
      if (size !== null) numBytes.set(path, size);
      else {
        numBytes.delete(path);
        written.delete(path);
      }
    }
    for (const folder of [...folders.keys()].filter((name) => !foldersBefore.has(name))) {
      await writing(folder, () => files.remove(folder));
      folders.delete(folder);
    }
  };
  return {
    async writeText(relativePath, text) {
      const path = await prepare(relativePath);
      remember(path);
      written.add(path);
      await writing(path, () => files.write(path, text));
      numBytes.set(path, Buffer.byteLength(text));
    },
    appendLines: (relativePath, rows) => append(relativePath, rows.map(toLine).join("")),
    touch: (relativePath) => append(relativePath, ""),
    async takeIn(relativePath, file) {
      const path = await prepare(relativePath);
      written.add(path);
      await writing(path, () => files.link(file, path));
    },
    async readText(relativePath) {
      refuseEscape(relativePath);
      const path = join(root, relativePath);
      if (!numBytes.has(path)) return null;
      return Buffer.from(await writing(path, () => files.read(path))).toString("utf8");
    },
    async wholly(work) {
      before = new Map();
      const foldersBefore = new Set(folders.keys());
      try {
        return await work();
      } catch (error) {
        await takeBack(foldersBefore);
        throw error;
      } finally {
        before = null;
      }
    },
    flush: () => flushAll([...written, ...folders.keys()], files),
  };
}

async function cutFile(path: string, numBytes: number, files: FileFunctions): Promise<void> {
  const content = await files.read(path);
  return files.write(path, Buffer.from(content.subarray(0, numBytes)).toString("utf8"));
}

async function flushAll(paths: string[], files: FileFunctions): Promise<void> {
  const queue = paths.values();
  const worker = async (): Promise<void> => {
    for (const path of queue) await writing(path, () => files.flush(path));
  };
  await Promise.all(Array.from({ length: FLUSHES_AT_ONCE }, worker));
}

/** One row of a JSONL file with its newline. @throws ModelError where JSON would write something else than the row says */
export function toLine(row: unknown): string {
  const text: string | undefined = JSON.stringify(row, refuseNonFinite);
  if (text === undefined) throw new ModelError(`a row of type ${typeof row} is not JSON`);
  return `${text}\n`;
}

/** JSON writes null for these without a word. */
function refuseNonFinite(key: string, value: unknown): unknown {
  if (typeof value === "number" && !Number.isFinite(value))
    throw new ModelError(`${key} is ${value}, which JSON lacks`);
  return value;
}

/** Ids were checked at the border; this is for faults of ours. */
function refuseEscape(relativePath: string): void {
  const isPlain = relativePath !== "" && !relativePath.includes("\0") && posix.normalize(relativePath) === relativePath;
  if (isPlain && !/^\/|^\.\.?(\/|$)|\/$|\\/.test(relativePath)) return;
  throw new ModelError(`${JSON.stringify(relativePath)} is not a path below the output directory`);
}
