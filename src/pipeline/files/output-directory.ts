import { join } from "node:path";
import { InputError, ModelError, writing } from "../../domain/index.js";
import { check, type Phase19Summary, phase19SummarySchema } from "../../domain/schemas/index.js";
import { type FileFunctions, SYSTEM_FILES } from "./file-functions.js";
import { describeHolder, type Lock, tryLock } from "./lock.js";
import { MARK_FILE, type Mark, readMark } from "./output-mark.js";
import { type OutputPaths, resolveOutputPaths } from "./output-paths.js";
import { type ProcessInfo, thisProcess } from "./process-info.js";
import { decodeUtf8, isPresent, readFileBytes } from "../../planner/index.js";
import { openStaging, type Staging } from "./staging.js";
import { findDebris, recover, swapIn } from "./swap.js";

/** What the directory in place says of the run that wrote it. */
interface PreviousRun {
  readonly summary: Phase19Summary;
  /** Text of `state_before.json` and of `learned_state.json`; null where there is none. */
  readonly stateBefore: string | null;
  readonly stateAfter: string | null;
}

export interface OutputDirectoryRequest {
  readonly path: string;
  /** Accept a directory that is not ours, or that is damaged, and whatever stands beside it. */
  readonly replace: boolean;
  /** Default: this process. */
  readonly processInfo?: ProcessInfo;
  /** ISO-8601, for the lock; default the system's clock. */
  readonly now?: () => string;
  /** Default: the file system's. */
  readonly files?: FileFunctions;
}

/**
 * An output directory under its lock. What is written goes into a directory beside it until `commit` swaps that in whole:
 * a reader sees the old tree, for an instant none, or the new one, and never a mixture.
 */
export interface OutputDirectory extends Staging {
  /** Absolute, without symbolic links. */
  readonly path: string;
  /** What had to be repaired after a killed run, in words. */
  readonly repairs: readonly string[];
  /** Null where nothing of ours stands there, or only what an earlier version wrote. */
  readonly previous: PreviousRun | null;
  /**
   * Puts what was written into the place; once.
   *
   * @param partial the run was interrupted: the tree before stays beside as `.previous`; a complete one ends that
   * @returns what could not be cleared away, in words
   * @throws InputError where the system refuses; the old directory then stands where it stood
   */
  commit(options: { readonly partial: boolean }): Promise<string[]>;
  /** Removes what was written and not committed; a second call does nothing. */
  discard(): Promise<void>;
  /** Discards, and lets go of the lock; a second call does nothing. */
  close(): Promise<void>;
}

/**
 * Opens an output directory for one run: takes its lock, repairs what a killed run left, checks that it may be replaced.
 *
 * @throws InputError: it is a file, not ours (no `phase19_summary.json` with phase 19) without `replace`, damaged, held by
 * a running process, or cannot be written
 */
export async function openOutputDirectory(request: OutputDirectoryRequest): Promise<OutputDirectory> {
  const { path, processInfo = thisProcess(), now = () => new Date().toISOString(), files = SYSTEM_FILES } = request;
  const paths = await resolveOutputPaths(path);
  const lock = await tryLock(paths.lock, processInfo, now());
  if ("heldBy" in lock) {
    const holder = describeHolder(lock.heldBy, processInfo);
    throw new InputError(path, `is being written by ${holder}; wait for it, or remove ${paths.lock} if it is gone`);
  }
  try {
    await refuseForeignDebris(paths, lock, request.replace);
    const repairs = await recover(paths, files);
    const previous = await readPrevious(paths, request);
    await writing(path, () => files.makeFolder(paths.staging));
    return new LockedDirectory(paths, lock, files, repairs, previous);
  } catch (error) {
    const isOurs = lock.tookOver !== null || request.replace;
    await lock.release(isOurs && (await findDebris(paths)).length > 0);
    throw error;
  }
}

class LockedDirectory implements OutputDirectory {
  readonly path: string;
  readonly writeText: Staging["writeText"];
  readonly appendLines: Staging["appendLines"];
  readonly touch: Staging["touch"];
  private isOpen = true;

  constructor(
    private readonly paths: OutputPaths,
    private readonly lock: Lock,
    private readonly files: FileFunctions,
    readonly repairs: readonly string[],
    readonly previous: PreviousRun | null,
  ) {
    this.path = paths.place;
    const staging = openStaging(paths.staging, files);
    this.writeText = async (relativePath, text) => this.whileOpen(() => staging.writeText(relativePath, text));
    this.appendLines = async (relativePath, rows) => this.whileOpen(() => staging.appendLines(relativePath, rows));
    this.touch = async (relativePath) => this.whileOpen(() => staging.touch(relativePath));
  }

  async commit({ partial }: { readonly partial: boolean }): Promise<string[]> {
    return this.whileOpen(async () => {
      const mark = await readMark(this.paths.staging);
      // The next start reads the mark to know what to keep, so it must be there and say the same.
      if (mark.kind !== "ours" || mark.isPartial !== partial) {
        throw new ModelError(`${MARK_FILE} must be written before a commit, with phase 19 and partial ${partial}`);
      }
      const warnings = await swapIn(this.paths, this.files);
      this.isOpen = false;
      return warnings;
    });
  }

  async discard(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await writing(this.paths.staging, () => this.files.remove(this.paths.staging));
  }

  async close(): Promise<void> {
    try {
      await this.discard();
    } finally {
      await this.lock.release((await findDebris(this.paths)).length > 0);
    }
  }

  private whileOpen<T>(action: () => Promise<T>): Promise<T> {
    if (!this.isOpen) throw new ModelError(`${this.path} was committed or discarded and takes no more files`);
    return action();
  }
}

/** Without a lock that somebody left, what stands beside was not left by a killed run, and may be a copy somebody keeps. */
async function refuseForeignDebris(paths: OutputPaths, lock: Lock, replace: boolean): Promise<void> {
  if (lock.tookOver !== null || replace) return;
  const [found] = await findDebris(paths);
  if (found === undefined) return;
  throw new InputError(found, "is in the way and no killed run left it; move it, or give --replace to let it go");
}

async function readPrevious(
  paths: OutputPaths,
  { path, replace }: OutputDirectoryRequest,
): Promise<PreviousRun | null> {
  const mark = await readMark(paths.place);
  if (!replace) await refuseForeign(mark, paths, path);
  // An earlier version's summary has no run to speak of.
  if (mark.kind !== "ours" || mark.document["run_id"] === undefined) return null;
  const summary = readSummary(mark.document, join(paths.place, MARK_FILE), replace);
  if (summary === null) return null;
  return {
    summary,
    stateBefore: await readIfThere(join(paths.place, "state_before.json")),
    stateAfter: await readIfThere(join(paths.place, "learned_state.json")),
  };
}

async function refuseForeign(mark: Mark, paths: OutputPaths, path: string): Promise<void> {
  if (mark.kind === "foreign") {
    throw new InputError(path, `holds files and no ${MARK_FILE} of phase 19; give another folder, or --replace`);
  }
  if (mark.kind === "damaged") throw damaged(mark.error);
  if (mark.kind === "ours" && mark.isPartial) return;
  const previous = await readMark(paths.previous);
  if (previous.kind === "foreign" || previous.kind === "damaged") {
    throw new InputError(
      paths.previous,
      "is in the way of an interrupted run; move it, or give --replace to let it go",
    );
  }
}

function readSummary(document: unknown, file: string, replace: boolean): Phase19Summary | null {
  try {
    return check<Phase19Summary>(phase19SummarySchema, document, file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    if (replace) return null;
    throw damaged(error);
  }
}

function damaged({ place, rule }: InputError): InputError {
  return new InputError(place, `${rule}: the summary of the run before is damaged; give --replace to start without it`);
}

async function readIfThere(file: string): Promise<string | null> {
  return (await isPresent(file)) ? decodeUtf8(await readFileBytes(file), file) : null;
}
