import { stat } from "node:fs/promises";
import { describeSystemError, InputError } from "../../domain/index.js";

/** A folder named on the command line is meant: its files may be absent, it may not. @throws InputError */
export async function requireFolder(option: string, path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const isFolder = await stat(path).then(
    (entry) => entry.isDirectory(),
    (error: unknown) => {
      throw new InputError(option, `${path} cannot be read: ${describeSystemError(error)}`);
    },
  );
  if (!isFolder) throw new InputError(option, `${path} is not a folder`);
}
