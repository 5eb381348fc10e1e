import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { type FileFunctions, SYSTEM_FILES } from "../../../src/pipeline/files/file-functions.js";
import { openOutputDirectory, type OutputDirectory } from "../../../src/pipeline/files/output-directory.js";
import type { ProcessInfo } from "../../../src/pipeline/files/process-info.js";
import { CHANGES, interceptFiles } from "../../support/intercepted-files.js";
import { runSummary } from "../../support/run-summary.js";

export const NOW = "2026-01-01T00:00:00Z";

/** Process k of a machine on which only `alive` run. */
export function processOf(pid: number, alive: ReadonlySet<number> = new Set([pid])): ProcessInfo {
  return {
    ...{ pid, startToken: `start of ${pid}`, host: "here", bootId: "boot 1", pidNamespace: "pid:[1]" },
    isAlive: (other) => alive.has(other),
    mayLiveIn: () => true,
  };
}

export interface OpenChanges {
  readonly replace?: boolean;
  readonly files?: FileFunctions;
  readonly processInfo?: ProcessInfo;
}

export const open = (path: string, changes: OpenChanges = {}): Promise<OutputDirectory> =>
  openOutputDirectory({ path, replace: false, processInfo: processOf(1), now: () => NOW, ...changes });

export const summaryText = (generation: string, partial = false): string =>
  `${JSON.stringify(runSummary({ run_id: generation, partial }))}\n`;

/** The files of a tree by that name, as `writeScratch` takes them. */
export const tree = (folder: string, generation: string, partial = false): Record<string, string> => ({
  [`${folder}/phase19_summary.json`]: summaryText(generation, partial),
  [`${folder}/wave_1/${generation}.txt`]: generation,
});

/** Writes a tree of that name and commits it. */
export async function writeTree(directory: OutputDirectory, generation: string, partial = false): Promise<string[]> {
  await directory.writeText("phase19_summary.json", summaryText(generation, partial));
  await directory.writeText(`wave_1/${generation}.txt`, generation);
  return directory.commit({ partial });
}

/** Name of the tree at a place; null where nothing stands there. @throws Error where it is not whole */
export function generationOf(directory: string): string | null {
  if (!existsSync(directory)) return null;
  const { run_id } = JSON.parse(readFileSync(join(directory, "phase19_summary.json"), "utf8")) as { run_id: string };
  const files = readdirSync(join(directory, "wave_1"));
  if (files.join() !== `${run_id}.txt`) throw new Error(`${directory} is a mixture: ${run_id} and ${files.join()}`);
  return run_id;
}

/** What stands beside the place under its name, without the name: `.lock`, `.old` and so on. */
export function besides(place: string): string[] {
  const name = basename(place);
  return readdirSync(dirname(place))
    .filter((other) => other.startsWith(`${name}.`))
    .map((other) => other.slice(name.length))
    .sort();
}

/** The file system until its n-th change (from 1), in the middle of which the process dies; nothing works from there on. */
export function dyingFiles(numChanges: number): FileFunctions {
  let count = 0;
  return interceptFiles(async (operation, args, run) => {
    if (CHANGES.has(operation)) count++;
    if (count < numChanges) return run();
    if (count === numChanges) await doHalf(operation, args as readonly string[]);
    throw new Error("killed");
  });
}

async function doHalf(operation: string, [path, text]: readonly string[]): Promise<void> {
  const mark = join(path!, "phase19_summary.json");
  if (operation === "remove" && existsSync(mark)) await SYSTEM_FILES.remove(mark);
  if (operation === "create") await SYSTEM_FILES.create(path!, text!.slice(0, text!.length / 2));
  if (operation === "append") await SYSTEM_FILES.append(path!, text!.slice(0, text!.length / 2));
}
