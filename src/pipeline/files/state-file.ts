import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import {
  describeReadError,
  describeSystemError,
  describeWriteError,
  InputError,
  systemCode,
} from "../../domain/index.js";
import { replaceFile, requireFile } from "./durable.js";
import { SYSTEM_FILES } from "./file-functions.js";
import { type Lock, tryLock } from "./lock.js";
import { describeHolder } from "./lock-holder.js";
import { thisProcess } from "./process-info.js";
import { removeOrphans } from "./temporaries.js";

/** What is put behind the name of a state file for the state before it was reset or migrated. */
const PREVIOUS = ".previous";

/**
 * Does work that reads and then writes a state file, while no other command does: of two that learned at once, one would
 * undo what the other had learned.
 *
 * @param since ISO-8601, for the message to others
 * @throws InputError where the folder is not there or not writable, or another process holds the file
 */
export async function withStateLock<T>(file: string, since: string, work: () => Promise<T>): Promise<T> {
  await checkStateWritable(file);
  const lock = await lockState(file, since);
  try {
    await removeOrphans(file);
    return await work();
  } finally {
    await lock.release();
  }
}

/** The text of a state file; null where there is none. @throws InputError where it cannot be read */
export async function readStateText(file: string): Promise<string | null> {
  try {
    return Buffer.from(await SYSTEM_FILES.read(file)).toString("utf8");
  } catch (error) {
    if (systemCode(error) === "ENOENT") return null;
    throw new InputError("options.stateFile", `${file} cannot be read: ${describeReadError(error)}`, { cause: error });
  }
}

/** Writes a state file whole or not at all; it survives a power cut. @throws InputError where the system refuses */
export async function writeStateText(file: string, text: string): Promise<void> {
  try {
    await replaceFile(file, text, SYSTEM_FILES);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError("options.stateFile", `${file} cannot be written: ${describeWriteError(error)}`, {
      cause: error,
    });
  }
}

/** Keeps a text as `FILE.previous`, in the place of an earlier one. @returns the name of that file, without its folder */
export async function keepPreviousState(file: string, text: string): Promise<string> {
  await writeStateText(`${file}${PREVIOUS}`, text);
  return basename(`${file}${PREVIOUS}`);
}

async function lockState(file: string, since: string): Promise<Lock> {
  const who = thisProcess();
  const lock = await tryLock(`${file}.lock`, who, since);
  if (!("heldBy" in lock)) return lock;
  throw new InputError(
    "options.stateFile",
    `${file} is in use by ${describeHolder(lock.heldBy, who)}; wait until it has ended, or remove ${file}.lock if it has`,
  );
}

/** A command should not find out at its end that what it learned has no place. */
async function checkStateWritable(file: string): Promise<void> {
  await requireFile(file, SYSTEM_FILES);
  try {
    await access(dirname(resolve(file)), constants.W_OK | constants.X_OK);
  } catch (error) {
    const reason = describeSystemError(error);
    throw new InputError(
      "options.stateFile",
      `${file} cannot be written: ${reason}; give a file in a folder that is there`,
      {
        cause: error,
      },
    );
  }
}
