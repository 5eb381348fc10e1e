import { describeSystemError, InputError, systemCode } from "../../domain/index.js";
import { readList } from "./option-values.js";

/**
 * Task ids of `--approve`: between commas, or a file with ids between commas or line breaks. A file that exists is a file.
 *
 * @throws InputError where the file cannot be read, or the text is no list
 */
export async function readApprovals(value: string): Promise<readonly string[]> {
  const { readWhole } = await import("../../planner/index.js");
  const bytes = await readWhole(value).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENAMETOOLONG") return null;
    throw new InputError("--approve", `${value} cannot be read: ${describeSystemError(error)}`, { cause: error });
  });
  if (bytes === null) return readList(value, "--approve");
  const ids = bytes
    .toString("utf8")
    .split(/[\n,]/)
    .map((id) => id.trim())
    .filter((id) => id !== "");
  return [...new Set(ids)];
}
