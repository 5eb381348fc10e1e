import { asWriteError, InputError, writing } from "../../domain/index.js";
import { moveDurably, removeMoved } from "./durable.js";
import type { FileFunctions } from "./file-functions.js";
import { readMark } from "./output-mark.js";
import { findStagings, type OutputPaths } from "./output-paths.js";

/**
 * The swap of a directory, in moves that are each one step of the file system, each flushed before the next:
 *
 * staging → next (from here on it is complete) · place → old · next → place · old → previous, or away.
 *
 * Nothing is removed where it stands: it is moved to `staging` first, so that every other directory is whole at any moment
 * and `recover` can tell from what stands where how far a killed run came.
 */

/** Removes a directory in one step as seen from outside. */
async function removeWhole(directory: string, paths: OutputPaths, files: FileFunctions): Promise<void> {
  await writing(directory, () => files.move(directory, paths.staging));
  await writing(paths.staging, () => removeMoved(paths.staging, files));
}

const isThere = (path: string, files: FileFunctions): Promise<boolean> =>
  writing(path, async () => (await files.kindOf(path)) !== "absent");

type Move = readonly [from: string, to: string];

/**
 * Puts a complete, flushed `staging` into its place.
 *
 * @returns what could not be cleared away afterwards, in words
 * @throws InputError where the system refuses; the old directory then stands where it stood
 */
export async function swapIn(paths: OutputPaths, files: FileFunctions): Promise<string[]> {
  const { staging, next } = paths;
  await moveAll([[staging, next], ...(await movesIntoPlace(paths, files))], paths, files);
  try {
    await settle(paths, files);
    return [];
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return [`the directory before could not be cleared away: ${error.message}; the next run does it`];
  }
}

async function movesIntoPlace({ place, old, next }: OutputPaths, files: FileFunctions): Promise<Move[]> {
  return (await isThere(place, files))
    ? [
        [place, old],
        [next, place],
      ]
    : [[next, place]];
}

/** Makes moves one after another; where one fails, those before it are taken back. @throws InputError */
async function moveAll(moves: readonly Move[], paths: OutputPaths, files: FileFunctions): Promise<void> {
  const begun: Move[] = [];
  try {
    for (const [from, to] of moves) {
      begun.push([from, to]);
      await writing(paths.place, () => moveDurably(from, to, files));
    }
  } catch (error) {
    await takeBack(begun.reverse(), paths, files, error);
    throw error;
  }
}

/** @throws InputError where that fails too, with both causes */
async function takeBack(begun: readonly Move[], paths: OutputPaths, files: FileFunctions, cause: unknown) {
  try {
    for (const [from, to] of begun) {
      // The last one may have failed before or after it moved anything.
      if (!(await isThere(from, files)) && (await isThere(to, files))) await files.move(to, from);
    }
  } catch (error) {
    const both = `${cause instanceof Error ? cause.message : String(cause)}; and nor could that be taken back`;
    throw new InputError(paths.place, `${both}: ${String(asWriteError(error, paths.place))}; the next run repairs it`, {
      cause: error,
    });
  }
}

/** Clears away what the directory now in place has replaced; an interrupted run keeps the tree before. */
async function settle(paths: OutputPaths, files: FileFunctions): Promise<void> {
  const place = await readMark(paths.place, files);
  const old = await readMark(paths.old, files);
  const hasPrevious = await isThere(paths.previous, files);
  if (place.kind === "ours" && place.isPartial) {
    if (old.kind === "absent") return;
    const isWorthKeeping = old.kind !== "empty" && !(old.kind === "ours" && old.isPartial && hasPrevious);
    if (!isWorthKeeping) return removeWhole(paths.old, paths, files);
    if (hasPrevious) await removeWhole(paths.previous, paths, files);
    return writing(paths.previous, () => moveDurably(paths.old, paths.previous, files));
  }
  // First what is kept from before an interruption, then the interrupted tree: killed in between, the next start sees why.
  if (hasPrevious && old.kind === "ours" && old.isPartial) await removeWhole(paths.previous, paths, files);
  if (old.kind !== "absent") await removeWhole(paths.old, paths, files);
}

/** Which of the passing directories stand beside the place. */
export async function findDebris(paths: OutputPaths, files: FileFunctions): Promise<string[]> {
  const found = await writing(paths.place, () => findStagings(paths, files));
  for (const path of [paths.next, paths.old]) if (await isThere(path, files)) found.push(path);
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
  for (const staging of await writing(paths.place, () => findStagings(paths, files))) {
    await writing(staging, () => removeMoved(staging, files));
    repairs.push(`${staging}, which was not finished or not wanted any more, was removed`);
  }
  const isComplete = await isThere(paths.next, files);
  if (isComplete) {
    // All three together: the old one belongs to a swap before this one, whose tree stands in the place.
    if ((await isThere(paths.place, files)) && (await isThere(paths.old, files)))
      await removeWhole(paths.old, paths, files);
    await moveAll(await movesIntoPlace(paths, files), paths, files);
    repairs.push(`${paths.next}, which was complete, was moved to ${paths.place}`);
  }
  const hasOld = await isThere(paths.old, files);
  if (hasOld && !(await isThere(paths.place, files))) {
    await writing(paths.place, () => moveDurably(paths.old, paths.place, files));
    repairs.push(`${paths.old} was moved back to ${paths.place}`);
  } else if (hasOld) {
    await settle(paths, files);
    if (!isComplete) repairs.push(`${paths.old}, which had been replaced, was cleared away`);
  }
  return repairs;
}
