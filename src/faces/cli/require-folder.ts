import { stat } from "node:fs/promises";
import { describeReadError, InputError } from "../../domain/index.js";

const PHASES = { "--phase16": "phase16", "--phase17": "phase17", "--phase18": "phase18" } as const;

/** A folder named on the command line is meant: its files may be absent, it may not. @throws InputError */
export async function requireFolder(
  option: "--phase16" | "--phase17" | "--phase18",
  path: string | undefined,
): Promise<void> {
  if (path === undefined) return;
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    (error: unknown) => {
      throw new InputError(option, `${path} cannot be read: ${describeReadError(error)}`);
    },
  );
  if (!isFolder) throw new InputError(option, `${path} is not a folder`);
  const { refuseFolderAbove } = await import("../../pipeline/index.js");
  await refuseFolderAbove(PHASES[option], path);
}
