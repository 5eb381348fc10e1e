import { cp, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  BACKEND_NAMES,
  BACKENDS,
  findPackageFolder,
  makeFolders,
  RUNTIME_FOLDER,
  SolverError,
} from "./domain/index.js";

/** Below `dist/src`; workers that hold all but the solver packages, and the script and style of the page. */
const FILES = [
  "faces/cli/goal-worker.js",
  "faces/cli/hash-worker.js",
  ...BACKEND_NAMES.map((name) => `faces/cli/${name}-adapter.js`),
  "pages/page.js",
  "pages/page.css",
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
  const source = dirname(fileURLToPath(import.meta.url));
  await makeFolders(target);
  await writeFile(join(target, "package.json"), '{ "private": true, "type": "module" }\n');
  for (const file of FILES) await cp(join(source, file), join(target, file.slice(file.lastIndexOf("/") + 1)));
  for (const { packageName, entry } of Object.values(BACKENDS)) {
    const from = findPackageFolder(import.meta.url, packageName, entry);
    if (from === null) throw new SolverError(`${packageName} is not installed where it should be`);
    await cp(from, join(target, "node_modules", packageName), { recursive: true });
  }
  return target;
}
