import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { rename, rm } from "node:fs/promises";

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

/**
 * Small files are written at once: each takes a fraction of a millisecond, and several times that by way of a thread. Who
 * writes many gives the event loop its turn in between.
 */
export const SYSTEM_FILES: FileFunctions = {
  makeFolder: async (path) => void mkdirSync(path, { recursive: true }),
  write: async (path, text) => writeFileSync(path, text),
  append: async (path, text) => appendFileSync(path, text),
  move: rename,
  remove: (path) => rm(path, { recursive: true, force: true }),
};
