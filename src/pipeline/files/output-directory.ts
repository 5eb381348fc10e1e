import { dirname } from "node:path";
import { InputError, ModelError, writing } from "../../domain/index.js";
import { type FileFunctions, SYSTEM_FILES } from "./file-functions.js";
import { type Lock, tryLock } from "./lock.js";
import { describeHolder } from "./lock-holder.js";
import { MARK_FILE, readMark } from "./output-mark.js";
import { type OutputPaths, resolveOutputPaths } from "./output-paths.js";
import { type ProcessInfo, thisProcess } from "./process-info.js";
import { removeMoved } from "./durable.js";
import { type PreviousRun, readPrevious } from "./previous-run.js";
import { openStaging, type Staging } from "./staging.js";
import { findDebris, recover, swapIn } from "./swap.js";

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
  /** Where the journal of a live run is while it goes. */
  readonly journalFile: string;
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
  const paths = await resolveOutputPaths(path, files);
  const lock = await tryLock(paths.lock, processInfo, now(), files);
  if ("heldBy" in lock) {
    const holder = describeHolder(lock.heldBy, processInfo);
    throw new InputError(path, `is being written by ${holder}; wait for it, or remove ${paths.lock} if it is gone`);
  }
  try {
    await refuseForeignDebris(paths, lock, request.replace, files);
    const repairs = await recover(paths, files);
    const previous = await readPrevious(paths, request, files);
    if (previous !== null && previous.summary === null) repairs.push(previous.damage);
    await writing(path, () => files.makeFolder(paths.staging));
    return new LockedDirectory(paths, lock, files, repairs, previous);
  } catch (error) {
    const isOurs = lock.tookOver !== null || request.replace;
    await lock.release(isOurs && (await leavesDebris(paths, files)));
    throw error;
  }
}

class LockedDirectory implements OutputDirectory {
  readonly path: string;
  readonly writeText: Staging["writeText"];
  readonly appendLines: Staging["appendLines"];
  readonly touch: Staging["touch"];
  readonly readText: Staging["readText"];
  readonly takeIn: Staging["takeIn"];
  readonly journalFile: string;
  readonly wholly: Staging["wholly"];
  readonly #flush: () => Promise<void>;
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
    this.journalFile = paths.journal;
    this.takeIn = async (relativePath, file) => this.whileOpen(() => staging.takeIn(relativePath, file));
    this.touch = async (relativePath) => this.whileOpen(() => staging.touch(relativePath));
    this.readText = async (relativePath) => this.whileOpen(() => staging.readText(relativePath));
    this.wholly = (work) => staging.wholly(work);
    this.#flush = staging.flush;
  }

  async commit({ partial }: { readonly partial: boolean }): Promise<string[]> {
    return this.whileOpen(async () => {
      const mark = await readMark(this.paths.staging, this.files);
      // The next start reads the mark to know what to keep, so it must be there and say the same.
      if (mark.kind !== "ours" || mark.isPartial !== partial) {
        throw new ModelError(`${MARK_FILE} must be written before a commit, with phase 19 and partial ${partial}`);
      }
      await this.#flush();
      await this.lock.confirm();
      // Without the lock, the next start would take a complete tree beside the place for a copy somebody keeps.
      await writing(this.path, () => this.files.flush(dirname(this.path)));
      const warnings = await swapIn(this.paths, this.files);
      this.isOpen = false;
      return warnings;
    });
  }

  async discard(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await writing(this.paths.staging, () => removeMoved(this.paths.staging, this.files));
  }

  async close(): Promise<void> {
    try {
      await this.discard();
    } finally {
      await this.lock.release(await leavesDebris(this.paths, this.files));
    }
  }

  private whileOpen<T>(action: () => Promise<T>): Promise<T> {
    if (!this.isOpen) throw new ModelError(`${this.path} was committed or discarded and takes no more files`);
    return action();
  }
}

/** Whether the next start has something to clear away; where that cannot be told, it looks. */
async function leavesDebris(paths: OutputPaths, files: FileFunctions): Promise<boolean> {
  try {
    return (await findDebris(paths, files)).length > 0;
  } catch (error) {
    if (error instanceof InputError) return true;
    throw error;
  }
}

/**
 * Without a lock that somebody left, what stands beside was not left by a killed run, and may be a copy somebody keeps; an
 * unfinished tree is known by its name.
 */
async function refuseForeignDebris(
  paths: OutputPaths,
  lock: Lock,
  replace: boolean,
  files: FileFunctions,
): Promise<void> {
  if (lock.tookOver !== null || replace) return;
  const found = (await findDebris(paths, files)).find((path) => path === paths.next || path === paths.old);
  if (found === undefined) return;
  throw new InputError(found, "is in the way and no killed run left it; move it, or give --replace to let it go");
}
