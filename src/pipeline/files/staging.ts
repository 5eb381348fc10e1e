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
}

/**
 * Nothing is flushed to the disk file by file: a run of 50 waves on 20 agents writes 4,000 files, and all of it can be
 * computed again. Killing the process loses nothing that was written; cutting the power may.
 */
export function openStaging(root: string, files: FileFunctions): Staging {
  const folders = new Map<string, Promise<void>>();
  const prepare = async (relativePath: string): Promise<string> => {
    refuseEscape(relativePath);
    const path = join(root, relativePath);
    const folder = dirname(path);
    const made = folders.get(folder) ?? files.makeFolder(folder);
    folders.set(folder, made);
    await writing(folder, () => made);
    return path;
  };
  const append = async (relativePath: string, text: string): Promise<void> => {
    const path = await prepare(relativePath);
    await writing(path, () => files.append(path, text));
  };
  return {
    async writeText(relativePath, text) {
      const path = await prepare(relativePath);
      await writing(path, () => files.write(path, text));
    },
    appendLines: (relativePath, rows) => append(relativePath, rows.map(toLine).join("")),
    touch: (relativePath) => append(relativePath, ""),
  };
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
