import { constants } from "node:fs";
import { access, readlink, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { describeSystemError, InputError, systemCode } from "../../domain/index.js";
import { EXIT, type ExitCode } from "./environment.js";
import type { Notes } from "./notes.js";
import { type OutputKind, requireKind } from "./output-kinds.js";
import { replaceFile } from "./replace-file.js";

/** A file a command is to write, and the option that names it. */
export interface OutputFile {
  readonly option: string;
  readonly path: string;
  /** What it will hold. */
  readonly kind: OutputKind;
}

/**
 * Checks before any work that every output file can be written, that none is another one or an input, and that what it overwrites is of
 * its kind.
 *
 * @param inputs files the command reads
 * @throws InputError naming the option
 */
export async function checkOutputFiles(outputs: readonly OutputFile[], inputs: readonly string[]): Promise<void> {
  const taken = new Map<string, string>();
  for (const input of inputs) taken.set(await canonicalPath(input), "is read by this command");
  for (const { option, path, kind } of outputs) {
    const isThere = await checkWritable({ option, path, kind });
    const canonical = await canonicalPath(path);
    const clash = taken.get(canonical);
    if (clash !== undefined) throw new InputError(option, `${path} ${clash}; give another path`);
    if (isThere) await requireKind(option, path, kind);
    taken.set(canonical, `is the file of ${option} too`);
  }
}

/**
 * Writes a file so that a reader sees the old one or the new one, never half of one.
 *
 * @throws InputError where the system refuses
 */
export async function writeOutputFile(
  { option, path }: Pick<OutputFile, "option" | "path">,
  text: string,
): Promise<void> {
  try {
    await replaceFile(await behindLinks(path), text);
  } catch (error) {
    const reason = describeSystemError(error);
    throw new InputError(option, `${path} cannot be written: ${reason}; give another path`, { cause: error });
  }
}

/**
 * Writes a file beside standard output. What took long to find is still printed where the file cannot be written.
 *
 * @param exitCode of the command without the file
 * @returns the exit code with it
 */
export async function keepBesideOutput(
  file: OutputFile | undefined,
  text: string,
  exitCode: ExitCode,
  notes: Notes,
): Promise<ExitCode> {
  if (file === undefined) return exitCode;
  try {
    await writeOutputFile(file, text);
    return exitCode;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    notes.error(error.message);
    return EXIT.input;
  }
}

/** The path that a link leads to, also where nothing is there yet: a link is kept, and its target written. */
async function behindLinks(path: string): Promise<string> {
  let target = resolve(path);
  // The system follows no more links than these either.
  for (let k = 0; k < 40; k++) {
    const next = await linkTarget(target);
    if (next === null) return target;
    target = next;
  }
  return path;
}

async function linkTarget(path: string): Promise<string | null> {
  try {
    return resolve(dirname(path), await readlink(path));
  } catch (error) {
    // Not there, or no link.
    if (systemCode(error) === "ENOENT" || systemCode(error) === "EINVAL") return null;
    throw error;
  }
}

/** What standard output has in the place of a file: the JSON of a result, never a problem or a page. */
function onStandardOutput(kind: OutputKind): string {
  return kind === "problem" || kind === "page" ? "carries what came of the call" : "carries the result anyway";
}

/** @returns whether a file is there already */
async function checkWritable({ option, path, kind }: OutputFile): Promise<boolean> {
  if (path === "-") throw new InputError(option, `needs a file; standard output ${onStandardOutput(kind)}`);
  const existing = await statIfThere(option, path);
  if (existing !== null && !existing.isFile())
    throw new InputError(option, `${path} is not a regular file; give the path of a file`);
  const folder = dirname(resolve(path));
  if (existing === null && (await statIfThere(option, folder)) === null) {
    throw new InputError(option, `${path} cannot be written: there is no folder ${dirname(path)}; make it first`);
  }
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    if (existing !== null) await access(path, constants.W_OK);
  } catch (error) {
    throw new InputError(option, `${path} cannot be written: ${describeSystemError(error)}; give another path`, {
      cause: error,
    });
  }
  return existing !== null;
}

async function statIfThere(option: string, path: string): Promise<Awaited<ReturnType<typeof stat>> | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new InputError(option, `${path} cannot be written: ${describeSystemError(error)}; give another path`, {
      cause: error,
    });
  }
}

/** The path without links, so that two names of one file are seen as one; a file that is not there yet is named by its folder. */
async function canonicalPath(path: string): Promise<string> {
  for (const [known, rest] of [
    [resolve(path), ""],
    [dirname(resolve(path)), basename(path)],
  ] as const) {
    try {
      return join(await realpath(known), rest);
    } catch (error) {
      if (systemCode(error) === undefined) throw error;
    }
  }
  return resolve(path);
}
