import { cp, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import {
  BACKEND_NAMES,
  BACKENDS,
  findPackageFolder,
  findRuntimeFile,
  makeFolders,
  RUNTIME_FOLDER,
  SolverError,
} from "./domain/index.js";

/** Workers that hold all but the solver packages, and the script and style of the page. */
const FILES = [
  "dist/workers/goal-worker.js",
  "dist/workers/hash-worker.js",
  ...BACKEND_NAMES.map((name) => `dist/workers/${name}-adapter.js`),
  "dist/pages/page.js",
  "dist/pages/page.css",
];

/**
 * Copies what a bundle cannot hold to where it looks for it: the entries of the worker threads, the solver packages with their
 * WebAssembly, and the parts of the HTML page. Call it where the bundle is built; the folder then travels with the bundle.
 *
 * @param folder the folder of the bundle
 * @returns the folder that was written, `phase19-runtime` in it
 */
export async function copyRuntime(folder: string): Promise<string> {
  const target = join(folder, RUNTIME_FOLDER);
  await makeFolders(target);
  await writeFile(join(target, "package.json"), '{ "private": true, "type": "module" }\n');
  for (const file of FILES) await cp(findRuntimeFile(file), join(target, basename(file)));
  for (const { packageName, entry } of Object.values(BACKENDS)) {
    const from = findPackageFolder(import.meta.url, packageName, entry);
    if (from === null) throw new SolverError(`${packageName} is not installed where it should be`);
    await cp(from, join(target, "node_modules", packageName), { recursive: true });
  }
  return target;
}
