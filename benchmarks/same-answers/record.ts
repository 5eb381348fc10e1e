import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import type { Call, Subject } from "./subjects.js";

const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/**
 * Runs every call of the subjects, one after the other, and keeps what they print and write below `directory`.
 *
 * @throws Error where the directory is not empty, or where a call ends by a signal
 */
export function recordAnswers(bin: string, directory: string, subjects: readonly Subject[]): void {
  if (!existsSync(bin)) throw new Error(`${bin}: no such command`);
  if (existsSync(directory) && readdirSync(directory).length > 0) throw new Error(`${directory} is not empty`);
  for (const subject of subjects) {
    const start = performance.now();
    const folder = join(directory, subject.name);
    mkdirSync(folder, { recursive: true });
    subject.prepare(folder);
    for (const call of subject.calls) makeCall(bin, folder, call);
    console.log(`${subject.name}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  }
}

/** Beside the output stand standard error as text, and the words and the exit code as JSON. */
function makeCall(bin: string, folder: string, { words, output, before }: Call): void {
  before?.(folder);
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [bin, ...words], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: MAX_OUTPUT_BYTES,
    env: { ...process.env, NO_COLOR: "1" },
  });
  if (error !== undefined) throw error;
  if (status === null) throw new Error(`${words.join(" ")} in ${folder} ended by a signal`);
  const name = basename(output, extname(output));
  // An empty output is kept as text, so that a JSON file of a record always holds JSON.
  writeFileSync(join(folder, stdout === "" ? `${name}.empty.txt` : output), stdout);
  writeFileSync(join(folder, `${name}.stderr.txt`), stderr);
  writeFileSync(join(folder, `${name}.call.json`), `${JSON.stringify({ words, exit_code: status }, null, 1)}\n`);
}
