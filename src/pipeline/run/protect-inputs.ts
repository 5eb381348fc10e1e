import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { InputError, writing } from "../../domain/index.js";
import { resolveLinks } from "../files/output-paths.js";
import type { Places } from "./places.js";

/**
 * The output directory is swapped whole, and with `replace` even where it is not ours: an input in it would be gone.
 *
 * @param more files and folders that are read besides those of the places
 * @throws InputError where the output directory is or holds an input, or lies in the history of Phase 18
 */
export async function protectInputs(places: Places, more: readonly string[] = []): Promise<void> {
  const { outDir, sources } = places;
  const out = await realPath(outDir);
  for (const input of [...inputsOf(places), ...more]) {
    if (!isWithin(await realPath(input), out)) continue;
    throw new InputError("options.outDir", `${outDir} is or holds ${input}, which is read; give a folder of its own`);
  }
  const { phase18Dir } = sources;
  if (phase18Dir === undefined) return;
  const [wave] = relative(await realPath(phase18Dir), out).split(sep);
  if (wave === undefined || !/^wave_\d+$/.test(wave)) return;
  const history = join(phase18Dir, wave);
  throw new InputError("options.outDir", `${outDir} lies in ${history}, which is read; give a folder of its own`);
}

/**
 * @param file what is written besides the output directory, and the option that names it
 * @param more files and folders that are read besides those of the places
 * @throws InputError where the file is or lies in an input, or lies in the output directory, where the swap removes it
 */
export async function protectFromFile(
  file: { readonly option: string; readonly path: string },
  places: Places,
  more: readonly string[] = [],
): Promise<void> {
  const path = await realPath(file.path);
  for (const input of [...inputsOf(places), ...more]) {
    if (!isWithin(path, await realPath(input))) continue;
    throw new InputError(file.option, `${file.path} is or lies in ${input}, which is read; give another path`);
  }
  if (!isWithin(path, await realPath(places.outDir))) return;
  throw new InputError(
    file.option,
    `${file.path} lies in ${places.outDir}, which is replaced whole; give another path`,
  );
}

function inputsOf({ sources }: Places): string[] {
  const { phase16Dir, phase17Dir, phase18Dir, tasksFile, agentsFile } = sources;
  return [phase16Dir, phase17Dir, phase18Dir, tasksFile, agentsFile].filter((path) => path !== undefined);
}

const realPath = (path: string): Promise<string> => writing(path, () => resolveLinks(resolve(path)));

/** Whether the first is the second or below it. */
function isWithin(path: string, folder: string): boolean {
  const inside = relative(folder, path);
  return inside !== ".." && !inside.startsWith(`..${sep}`) && !isAbsolute(inside);
}
