import { asWriteError, InputError, writing } from "../../domain/index.js";
import type { FileFunctions } from "./file-functions.js";
import { readMark } from "./output-mark.js";
import type { OutputPaths } from "./output-paths.js";
import { isPresent } from "../../planner/index.js";

/**
 * The swap of a directory, in moves that are each one step of the file system:
 *
 * staging → next (from here on it is complete) · place → old · next → place · old → previous, or away.
 *
 * Nothing is removed where it stands: it is moved to `staging` first, so that every other directory is whole at any moment
 * and `recover` can tell from what stands where how far a killed run came.
 */

/** Removes a directory in one step as seen from outside. */
async function removeWhole(directory: string, paths: OutputPaths, files: FileFunctions): Promise<void> {
  await writing(directory, () => files.move(directory, paths.staging));
  await writing(paths.staging, () => files.remove(paths.staging));
}

/**
 * Puts a complete `staging` into its place.
 *
 * @returns what could not be cleared away afterwards, in words
 * @throws InputError where the system refuses; the old directory then stands where it stood
 */
export async function swapIn(paths: OutputPaths, files: FileFunctions): Promise<string[]> {
  await writing(paths.place, () => files.move(paths.staging, paths.next));
  try {
    await moveIntoPlace(paths, files);
  } catch (error) {
    await undo(paths, files, error);
    throw error;
  }
  try {
    await settle(paths, files);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [`the directory before could not be cleared away: ${error.message}; the next run does it`];
  }
}

async function moveIntoPlace(paths: OutputPaths, files: FileFunctions): Promise<void> {
  if (await isPresent(paths.place)) await writing(paths.place, () => files.move(paths.place, paths.old));
  await writing(paths.place, () => files.move(paths.next, paths.place));
}

/** Takes back the moves of a swap that failed. @throws InputError where that fails too, with both causes */
async function undo(paths: OutputPaths, files: FileFunctions, cause: unknown): Promise<void> {
  try {
    if (!(await isPresent(paths.place)) && (await isPresent(paths.old))) await files.move(paths.old, paths.place);
    await files.move(paths.next, paths.staging);
  } catch (error) {
    const both = `${cause instanceof Error ? cause.message : String(cause)}; and nor could that be taken back`;
    throw new InputError(paths.place, `${both}: ${String(asWriteError(error, paths.place))}; the next run repairs it`, {
      cause: error,
    });
  }
}

/** Clears away what the directory now in place has replaced; an interrupted run keeps the tree before. */
async function settle(paths: OutputPaths, files: FileFunctions): Promise<void> {
  const place = await readMark(paths.place);
  const old = await readMark(paths.old);
  const hasPrevious = await isPresent(paths.previous);
  if (place.kind === "ours" && place.isPartial) {
    if (old.kind === "absent") return;
    const isWorthKeeping = old.kind !== "empty" && !(old.kind === "ours" && old.isPartial && hasPrevious);
    if (!isWorthKeeping) return removeWhole(paths.old, paths, files);
    if (hasPrevious) await removeWhole(paths.previous, paths, files);
    return writing(paths.previous, () => files.move(paths.old, paths.previous));
  }
  // First what is kept from before an interruption, then the interrupted tree: killed in between, the next start sees why.
  if (hasPrevious && old.kind === "ours" && old.isPartial) await removeWhole(paths.previous, paths, files);
  if (old.kind !== "absent") await removeWhole(paths.old, paths, files);
}

/** Which of the passing directories stand beside the place. */
export async function findDebris(paths: OutputPaths): Promise<string[]> {
  const found: string[] = [];
  for (const path of [paths.staging, paths.next, paths.old]) if (await isPresent(path)) found.push(path);
  return found;
}

/**
 * Repairs what a killed run left: the complete tree goes into its place, the one before goes back where there is no other.
 *
 * @returns what was done, in words; empty where there was nothing to do
 * @throws InputError where the system refuses
 */
export async function recover(paths: OutputPaths, files: FileFunctions): Promise<string[]> {
  const repairs: string[] = [];
  if (await isPresent(paths.staging)) {
    await writing(paths.staging, () => files.remove(paths.staging));
    repairs.push(`${paths.staging}, which was not finished or not wanted any more, was removed`);
  }
  const isComplete = await isPresent(paths.next);
  if (isComplete) {
    // All three together: the old one belongs to a swap before this one, whose tree stands in the place.
    if ((await isPresent(paths.place)) && (await isPresent(paths.old))) await removeWhole(paths.old, paths, files);
    await moveIntoPlace(paths, files);
    repairs.push(`${paths.next}, which was complete, was moved to ${paths.place}`);
  }
  const hasOld = await isPresent(paths.old);
  if (hasOld && !(await isPresent(paths.place))) {
    await writing(paths.place, () => files.move(paths.old, paths.place));
    repairs.push(`${paths.old} was moved back to ${paths.place}`);
  } else if (hasOld) {
    await settle(paths, files);
    if (!isComplete) repairs.push(`${paths.old}, which had been replaced, was cleared away`);
  }
  return repairs;
}
