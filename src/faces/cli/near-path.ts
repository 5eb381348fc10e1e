import { isAbsolute, relative, resolve, sep } from "node:path";

/** A path as it is typed from here: relative where it is below the working directory, else as a whole. */
export function nearPath(path: string, workingDirectory = process.cwd()): string {
  const near = relative(workingDirectory, resolve(workingDirectory, path));
  if (near === "") return ".";
  return near === ".." || near.startsWith(`..${sep}`) || isAbsolute(near) ? path : near;
}
