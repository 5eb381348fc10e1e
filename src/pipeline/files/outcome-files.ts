import { readdir, stat } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { buffer } from "node:stream/consumers";
import { compareIds, InputError } from "../../domain/index.js";
import { asInputError, readWhole } from "../../planner/index.js";

/** Phase 18's: one row per task. */
export const TASK_OUTCOMES = "task_outcomes";
/** Phase 17's and our own: one row per attempt. */
export const ATTEMPT_OUTCOMES = "execution_outcomes";

const ENDINGS = [".jsonl", ".json", ".jsonl.gz", ".json.gz"];
const WAVE_FOLDER = /^wave_\d+$/;
/** Folders of waves above folders of agents. */
const MAX_DEPTH = 2;

/** A file of outcomes, and what its place says of its rows. */
export interface OutcomeFile {
  readonly path: string;
  readonly role: string;
  /** Of the folder `agent_K`, stands in where a row is silent. */
  readonly agentId: string | null;
  readonly wave: number | null;
}

/** What `-` stands for. */
export const STANDARD_INPUT: OutcomeFile = {
  ...{ path: "standard input", role: "outcomes.jsonl" },
  ...{ agentId: null, wave: null },
};

/** Whether outcomes come from standard input. */
export function isStandardInput(path: string): boolean {
  return path === "-";
}

/**
 * The files of outcomes at a path: the file itself, or those of these names in a folder and in the folders of waves and
 * agents below it; any of the two levels may be missing. `-` is standard input.
 *
 * @param names without their ending: `.jsonl`, `.json`, either of them with `.gz`
 * @throws InputError where the path cannot be read or there are none
 */
export async function findOutcomeFiles(root: string, names: readonly string[]): Promise<OutcomeFile[]> {
  if (isStandardInput(root)) return [STANDARD_INPUT];
  const entry = await stat(root).catch((error: unknown) => {
    throw asInputError(error, root);
  });
  if (!entry.isDirectory()) return [{ path: root, role: "outcomes.jsonl", agentId: null, wave: null }];
  const wanted = names.flatMap((name) => ENDINGS.map((ending) => name + ending));
  const found: OutcomeFile[] = [];
  const search = async (folder: string, depth: number): Promise<void> => {
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      throw asInputError(error, folder);
    });
    const present = new Set(entries.filter((child) => !child.isDirectory()).map((child) => child.name));
    found.push(...wanted.filter((name) => present.has(name)).map((name) => describeFile(root, folder, name)));
    if (depth === 0) return;
    const folders = entries.filter((child) => child.isDirectory()).map((child) => child.name);
    for (const name of folders.sort(compareIds)) await search(join(folder, name), depth - 1);
  };
  await search(root, MAX_DEPTH);
  if (found.length > 0) return found;
  throw new InputError(
    root,
    `has no ${names.map((name) => `${name}.jsonl`).join(" or ")}, neither itself nor in folders of waves and agents; check the path`,
  );
}

/**
 * All bytes of a pipe or of standard input, which give them only once; undefined where the path is a file or a folder.
 *
 * @throws InputError where it cannot be read
 */
export async function readPipe(
  path: string,
  standardInput: AsyncIterable<Uint8Array> = process.stdin,
): Promise<Uint8Array | undefined> {
  if (isStandardInput(path)) return buffer(standardInput);
  try {
    const entry = await stat(path);
    return entry.isFile() || entry.isDirectory() ? undefined : await readWhole(path);
  } catch (error) {
    throw asInputError(error, path);
  }
}

/** Folders name the wave and the agent, where rows are silent; the folder that was asked for may itself be a wave's. */
function describeFile(root: string, folder: string, name: string): OutcomeFile {
  const path = join(folder, name);
  const names = resolve(folder).split(sep).slice(-2);
  const waveName = names.find((one) => WAVE_FOLDER.test(one));
  const last = names[names.length - 1]!;
  return {
    path,
    role: `outcomes/${relative(root, path).split(sep).join("/")}`,
    agentId: folder === root || WAVE_FOLDER.test(last) ? null : last,
    wave: waveName === undefined ? null : Number(waveName.slice("wave_".length)),
  };
}
