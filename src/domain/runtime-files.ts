import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { InputError } from "./errors.js";

/** Where this module is; where it was bundled, the bundle. A bundle in CommonJS has `__filename` and no `import.meta.url`. */
const HERE = typeof __filename === "string" ? pathToFileURL(__filename).href : import.meta.url;

/** Folder of the files that cannot be in a bundle, beside the bundle; `copyRuntime` of `phase19-optimizer/runtime` writes it. */
export const RUNTIME_FOLDER = "phase19-runtime";

/** A file that is read or started while the program runs, such as the entry of a worker thread. */
export interface RuntimeFile {
  /** Path below `dist/src`. */
  readonly inPackage: string;
  /** Path from the bundled command. */
  readonly fromCommand: string;
  /** Name in the folder beside a caller's bundle. */
  readonly name: string;
}

/**
 * Where a file of the package is: from sources (tests, tsx) in the build, since Node 20 cannot load a .ts file in a worker; else in the
 * package; for a program that was bundled, in the folder beside it or in the installed package.
 *
 * @throws InputError where a bundle has neither
 */
export function findRuntimeFile({ inPackage, fromCommand, name }: RuntimeFile): URL {
  if (HERE.endsWith("/src/domain/runtime-files.ts")) return new URL(`../../dist/src/${inPackage}`, HERE);
  if (HERE.endsWith("/src/domain/runtime-files.js")) return new URL(`../${inPackage}`, HERE);
  if (HERE.endsWith("/faces/cli/main.js")) return new URL(fromCommand, HERE);
  const places = [
    new URL(`${RUNTIME_FOLDER}/${name}`, HERE),
    ...installedPackages().map((manifest) => new URL(`dist/src/${inPackage}`, manifest)),
  ];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new InputError(
    "phase19-optimizer",
    `its file ${name} is not beside the bundle; where you build it, call copyRuntime of phase19-optimizer/runtime with the bundle's folder`,
  );
}

/** The manifest of the package where it is installed for the bundle, or for the folder the program runs in. */
function installedPackages(): URL[] {
  return [HERE, pathToFileURL(join(process.cwd(), "_")).href].flatMap((from) => {
    const path = resolveFrom(from, "phase19-optimizer/package.json");
    return path === null ? [] : [pathToFileURL(path)];
  });
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
