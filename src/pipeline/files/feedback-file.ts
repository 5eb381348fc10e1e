import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { InputError, writing } from "../../domain/index.js";
import type { Phase16Feedback, Phase18Feedback, Phase19Summary } from "../../domain/schemas/index.js";
import { makeFolders, replaceFile, requireFile } from "./durable.js";
import { type FileFunctions, SYSTEM_FILES } from "./file-functions.js";
import { type Lock, tryLock } from "./lock.js";
import { describeHolder } from "./lock-holder.js";
import { resolveLinks } from "./output-paths.js";
import { type ProcessInfo, thisProcess } from "./process-info.js";
import { asInputError } from "../../planner/index.js";
import { toLine } from "./staging.js";
import { removeOrphans } from "./temporaries.js";

/** Name of the file in the directories of Phases 16 and 18. */
export const FEEDBACK_FILE = "phase19_feedback.jsonl";

export type FeedbackRow = Phase16Feedback | Phase18Feedback;
export type FeedbackChange = "added" | "replaced" | "unchanged";

export interface FeedbackOptions {
  readonly processInfo?: ProcessInfo;
  /** ISO-8601, for the lock. */
  readonly now?: () => string;
  readonly files?: FileFunctions;
}

/** Where a run's rows go; null where there is no such directory. */
export interface FeedbackDirectories {
  readonly phase16: string | null;
  readonly phase18: string | null;
}

/**
 * Writes a run's row into a feedback file: at the end, or in the place of the row the same run and wave has there already.
 * Every other line stays byte for byte, malformed ones too; a missing final newline is put there. The file and its
 * directory are made where they are missing. A reader sees the file before or after, and two runs at once take turns.
 *
 * @throws InputError where the system refuses, or another process keeps the file locked for 10 s
 */
export function upsertFeedbackRow(
  file: string,
  row: FeedbackRow,
  options: FeedbackOptions = {},
): Promise<FeedbackChange> {
  return changeFeedback(file, row, true, options);
}

/**
 * Writes the rows that the run before owes to Phases 16 and 18 and that are missing there. Rows that are there stay.
 *
 * @param directories those of this run: a summary may come from elsewhere, and the ones it names are not ours to write
 * @returns the files that got a row
 */
export async function repairFeedback(
  { feedback }: Phase19Summary,
  directories: FeedbackDirectories,
  options: FeedbackOptions = {},
): Promise<string[]> {
  const repaired: string[] = [];
  for (const phase of ["phase16", "phase18"] as const) {
    const [owed, directory] = [feedback[phase], directories[phase]];
    if (owed === null || directory === null) continue;
    const file = join(directory, FEEDBACK_FILE);
    if ((await changeFeedback(file, owed.row, false, options)) === "added") repaired.push(file);
  }
  return repaired;
}

/** A directory as the summary names it: relative to the output directory, with forward slashes. */
export async function relativeDirectory(outPath: string, directory: string): Promise<string> {
  const [from, to] = [await resolveLinks(resolve(outPath)), await resolveLinks(resolve(directory))];
  return relative(from, to).split(sep).join("/") || ".";
}

async function changeFeedback(
  path: string,
  row: FeedbackRow,
  replaces: boolean,
  options: FeedbackOptions,
): Promise<FeedbackChange> {
  const { processInfo = thisProcess(), now = () => new Date().toISOString(), files = SYSTEM_FILES } = options;
  const directory = await writing(path, () => resolveLinks(resolve(dirname(path))));
  const file = join(directory, basename(path));
  await writing(file, () => makeFolders(directory, files));
  const lock = await waitForLock(`${file}.lock`, processInfo, now, files);
  try {
    await writing(file, () => removeOrphans(file, files));
    const isThere = (await requireFile(file, files)) === "file";
    const before = isThere ? Buffer.from(await reading(file, files)) : Buffer.alloc(0);
    const { after, change } = mergeRow(before, row, replaces);
    await lock.confirm();
    if (!after.equals(before)) await writing(file, () => replaceFile(file, after, files));
    return change;
  } finally {
    await lock.release();
  }
}

async function reading(file: string, files: FileFunctions): Promise<Uint8Array> {
  try {
    return await files.read(file);
  } catch (error) {
    throw asInputError(error, file);
  }
}

/** The lines of a file with a run's row among them. O(bytes). */
export function mergeRow(
  before: Buffer,
  row: FeedbackRow,
  replaces: boolean,
): { readonly after: Buffer; readonly change: FeedbackChange } {
  const line = Buffer.from(toLine(row));
  const lines = splitKeepingNewlines(before);
  const own = lines.flatMap((bytes, k) => (isRowOf(bytes, row) ? [k] : []));
  const last = lines.at(-1);
  if (last !== undefined && last.at(-1) !== NEWLINE) lines[lines.length - 1] = Buffer.concat([last, NEWLINE_BYTES]);
  const [first, ...more] = own;
  if (first === undefined) return { after: Buffer.concat([...lines, line]), change: "added" };
  const isSame = more.length === 0 && lines[first]!.equals(line);
  if (isSame || !replaces) return { after: replaces ? Buffer.concat(lines) : before, change: "unchanged" };
  const kept = lines.map((bytes, k) => (k === first ? line : bytes)).filter((_, k) => !more.includes(k));
  return { after: Buffer.concat(kept), change: "replaced" };
}

const NEWLINE = 0x0a;
const NEWLINE_BYTES = Buffer.from("\n");

function splitKeepingNewlines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

/** Both phases may share a directory, so a row is a run's by its type too; an evaluation has a row a wave. */
function isRowOf(bytes: Buffer, { type, run_id, wave }: FeedbackRow): boolean {
  const text = bytes.toString("utf8");
  if (!text.includes("run_id")) return false;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ""));
    if (typeof value !== "object" || value === null) return false;
    const other = value as Record<string, unknown>;
    return other["run_id"] === run_id && other["type"] === type && other["wave"] === wave;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

const LOCK_PATIENCE_MS = 10_000;
const LOCK_PAUSE_MS = 20;

async function waitForLock(file: string, who: ProcessInfo, now: () => string, files: FileFunctions): Promise<Lock> {
  for (let waitedMs = 0; ; waitedMs += LOCK_PAUSE_MS) {
    const lock = await tryLock(file, who, now(), files);
    if (!("heldBy" in lock)) return lock;
    if (waitedMs >= LOCK_PATIENCE_MS) {
      throw new InputError(file, `is held by ${describeHolder(lock.heldBy, who)}; remove it if that process is gone`);
    }
    await sleep(LOCK_PAUSE_MS);
  }
}
