import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of the package. */
export const ROOT = fileURLToPath(new URL("..", import.meta.url));

export interface SourceFile {
  /** From the package's folder, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every file below a folder of the package whose name ends in one of the endings. */
export function readFilesBelow(folder: string, endings: readonly string[]): SourceFile[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort()
    .map((path) => ({ path, text: readFileSync(join(ROOT, path), "utf8") }));
}
