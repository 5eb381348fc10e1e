import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { InputError } from "../../../src/domain/errors.js";

const directories: string[] = [];
// A busy disk takes its time over thousands of small files.
const CLEANING_LIMIT_MS = 60_000;
afterAll(
  () => directories.splice(0).forEach((directory) => rmSync(directory, { recursive: true, force: true })),
  CLEANING_LIMIT_MS,
);

/** A new directory with these files, removed after the test file has run. */
export function writeScratch(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = mkdtempSync(join(tmpdir(), "phase19-"));
  directories.push(root);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

/** The message of the InputError that the action throws or rejects with. */
export async function messageOf(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error("nothing was thrown");
}

export const jsonLines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
