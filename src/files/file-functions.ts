import { appendFile, mkdir, rename, rm, writeFile } from "node:fs/promises";

/** What the writing of an output directory asks of the file system; handed in, so that tests can let it fail. */
export interface FileFunctions {
  /** With its parents; no fault where it is there. */
  makeFolder(path: string): Promise<void>;
  write(path: string, text: string): Promise<void>;
  append(path: string, text: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
  /** With everything in it; no fault where nothing is there. */
  remove(path: string): Promise<void>;
}

export const SYSTEM_FILES: FileFunctions = {
  makeFolder: async (path) => void (await mkdir(path, { recursive: true })),
  write: (path, text) => writeFile(path, text),
  append: (path, text) => appendFile(path, text),
  move: rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
};
