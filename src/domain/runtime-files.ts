import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, isAbsolute, join } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "./errors.js";

/**
 * Where this module is; where it was bundled, the bundle. A bundle in CommonJS has `__filename` and no `import.meta.url`. With `node -e` every
 * module sees a `__filename` that is no path (`[eval]`).
 */
const HERE =
  typeof __filename === "string" && isAbsolute(__filename) ? pathToFileURL(__filename).href : import.meta.url;

/** Folder of the files that cannot be in a bundle, beside the bundle; `copyRuntime` of `phase19-optimizer/runtime` writes it. */
export const RUNTIME_FOLDER = "phase19-runtime";

/**
 * Where a file is that is read or started while the program runs, such as the entry of a worker thread: for a program that was bundled,
 * in the folder beside it; else in the package, from sources too, since Node 20 cannot load a .ts file in a worker.
 *
 * @param inPackage path from the package's folder
 * @throws InputError where a bundle has neither
 */
export function findRuntimeFile(inPackage: string): URL {
  const name = basename(inPackage);
  const beside = new URL(`${RUNTIME_FOLDER}/${name}`, HERE);
  if (existsSync(beside)) return beside;
  const [manifest] = installedPackages();
  if (manifest !== undefined) return new URL(inPackage, manifest);
  throw new InputError(
    "phase19-optimizer",
    `its file ${name} is not beside the bundle; where you build it, call copyRuntime of phase19-optimizer/runtime with the bundle's folder`,
  );
}

/** The manifest of the package that this module is in, or that is installed for its bundle, or for the folder the program runs in. */
function installedPackages(): URL[] {
  const folder = workingFolder();
  return [HERE, ...(folder === null ? [] : [pathToFileURL(join(folder, "_")).href])].flatMap((from) => {
    const path = resolveFrom(from, "phase19-optimizer/package.json");
    return path === null ? [] : [pathToFileURL(path)];
  });
}

/** Null where it is gone, as under a service whose release was exchanged for the next one. */
function workingFolder(): string | null {
  try {
    return process.cwd();
  } catch (error) {
    if ((error as { readonly code?: string }).code === "ENOENT") return null;
    throw error;
  }
}

/** What a file would import under this name; null where it is not installed for it. */
function resolveFrom(from: string | URL, specifier: string): string | null {
  try {
    return createRequire(from).resolve(specifier);
  } catch (error) {
    if ((error as { readonly code?: string }).code === "MODULE_NOT_FOUND") return null;
    throw error;
  }
}

/** Folder of a package without loading it, as a file would import it; null where it is not installed for it. */
export function findPackageFolder(from: string | URL, packageName: string, entry: string): string | null {
  const path = resolveFrom(from, entry);
  if (path === null) return null;
  let folder = dirname(path);
  while (!folder.endsWith(join("node_modules", packageName))) {
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
  return folder;
}
